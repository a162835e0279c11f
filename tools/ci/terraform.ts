import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { temporaryFolder } from "../../lib/core/temporary-folder";
import { ACTING_AS } from "../../lib/environments/registry";
import { CliError, EXIT } from "../command-line/errors";
import { cleanText } from "../command-line/foreign-text";
import type { TerraformState } from "../state/terraform-state";
import { limitInstallation, terraformEnvironment } from "../terraform/environment";
import { refuseForeignProviders, stagedProviders } from "../terraform/providers";
import { type PlannedAction, parsePlan } from "./planned-actions";
import { Redactor } from "./redact";

/** Exit status and output of a Terraform command. */
interface Run {
  readonly status: number;
  /** What it printed, without secrets, and without what a terminal or a runner would obey. */
  readonly output: string;
}

/** Result of `terraform plan`. */
export type Planned =
  | { readonly outcome: "unchanged" }
  | { readonly outcome: "changed"; readonly actions: readonly PlannedAction[]; readonly text: string }
  | { readonly outcome: "failed"; readonly text: string };

export interface PlanOptions {
  /** Seconds to wait for the state's lock; without it none is taken, as who may only read must plan. */
  readonly lockSeconds?: number;
  /** Service account that an engineer's stack acts as, backend and providers. @default as it says itself, its deployer */
  readonly actingAs?: string | undefined;
  /** Values of the stack's variables: a text as it is, all else in JSON. */
  readonly variables?: Readonly<Record<string, unknown>>;
}

/**
 * Terraform in the folder of a synthesized stack. It runs the providers that the stack declares, in the packages of the lock
 * file, and no others, with nothing in its environment that they do not need.
 *
 * A plan is kept in a file that only this process's user may read, as it holds values of the state, and goes with it; what
 * is applied is that file and nothing else.
 */
export class StackTerraform {
  private readonly folder: string;
  private readonly temporary: string;
  private readonly planFile: string;
  private readonly environment: Readonly<Record<string, string>>;
  private wasInterrupted = false;

  /**
   * @param state of the stack, as it is stored; undefined where there is none
   * @param say takes each line that Terraform prints, without secrets
   * @throws {CliError} when the stack is not synthesized, nobody vouches for its providers, or its state names another one
   */
  constructor(
    readonly stack: string,
    state: TerraformState | undefined,
    private readonly say: (line: string) => void,
  ) {
    this.folder = join("cdktf.out", "stacks", stack);
    if (!existsSync(join(this.folder, "cdk.tf.json")))
      throw new CliError(
        `${this.folder} holds no cdk.tf.json: run npm run synth first, or correct the stack's name`,
      );
    const providers = stagedProviders(stack);
    refuseForeignProviders(stack, state, providers);
    this.temporary = temporaryFolder("plan");
    this.planFile = join(this.temporary, "plan");
    this.environment = {
      ...terraformEnvironment(process.env, providers),
      TF_CLI_CONFIG_FILE: limitInstallation(providers, this.temporary),
      // Its own notes on backend and workspace are nobody else's, nor of another day.
      TF_DATA_DIR: join(this.temporary, "data"),
      TF_IN_AUTOMATION: "1",
    };
  }

  /** Whether the stack has a variable. */
  hasVariable(name: string): boolean {
    const { variable = {} } = JSON.parse(readFileSync(join(this.folder, "cdk.tf.json"), "utf8"));
    return name in variable;
  }

  /** Downloads providers and plans. An error of either is a result, not thrown. */
  async plan({ lockSeconds, variables = {}, actingAs }: PlanOptions): Promise<Planned> {
    const backend = actingAs ? [`-backend-config=impersonate_service_account=${actingAs}`] : [];
    const prepared = await this.run("init", ["-input=false", "-lockfile=readonly", ...backend]);
    if (prepared.status !== 0) return { outcome: "failed", text: prepared.output };
    const lock = lockSeconds === undefined ? ["-lock=false"] : [`-lock-timeout=${lockSeconds}s`];
    const given = Object.entries(variables).map(
      ([name, value]) => `-var=${name}=${typeof value === "string" ? value : JSON.stringify(value)}`,
    );
    if (actingAs) given.push(`-var=${ACTING_AS}=${actingAs}`);
    const planned = await this.run("plan", [
      "-input=false",
      "-detailed-exitcode",
      `-out=${this.planFile}`,
      ...lock,
      ...given,
    ]);
    if (planned.status === 0) return { outcome: "unchanged" };
    if (planned.status !== 2) return { outcome: "failed", text: planned.output };
    const { output } = await this.run("show", [this.planFile], { quiet: true });
    return { outcome: "changed", actions: parsePlan(await this.showJson()), text: output };
  }

  /** Applies what was planned last. @returns whether all of it was done */
  async apply(lockSeconds: number): Promise<boolean> {
    return (
      (await this.run("apply", ["-input=false", `-lock-timeout=${lockSeconds}s`, this.planFile])).status === 0
    );
  }

  /** What a command ends with that Terraform failed: somebody may have interrupted it. */
  get exitCode(): number {
    return this.wasInterrupted ? EXIT.interrupted : EXIT.failed;
  }

  /** Removes the plan. */
  dispose(): void {
    rmSync(this.temporary, { recursive: true, force: true });
  }

  /** The plan with the values that Terraform hides elsewhere: only for taking addresses and actions out of it. */
  private async showJson(): Promise<string> {
    const lines: string[] = [];
    const status = await this.start("show", ["-json", this.planFile], (line) => lines.push(line));
    if (status !== 0) throw new CliError("terraform show could not read the plan that was made just now");
    return lines.join("\n");
  }

  private async run(command: string, args: readonly string[], { quiet = false } = {}): Promise<Run> {
    const redactor = new Redactor();
    const lines: string[] = [];
    const status = await this.start(command, ["-no-color", ...args], (line) => {
      const safe = redactor.line(cleanText(line));
      lines.push(safe);
      if (!quiet) this.say(safe);
    });
    return { status, output: lines.join("\n").trim() };
  }

  private async start(
    command: string,
    args: readonly string[],
    take: (line: string) => void,
  ): Promise<number> {
    const binary = process.env["TERRAFORM_BINARY_NAME"] ?? "terraform";
    // A process group of its own: who interrupts this process in a terminal would interrupt Terraform twice, and the
    // second time it stops at once and keeps the lock.
    const child = spawn(binary, [command, ...args], {
      cwd: this.folder,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: this.environment,
    });
    const ended = new Promise<number>((resolve, reject) => {
      child.on("error", ({ message }) => reject(new CliError(`${binary} cannot be started: ${message}`)));
      child.on("close", (status) => resolve(status ?? 1));
    });
    const interrupt = () => {
      process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
      this.wasInterrupted = true;
      this.say(
        `Interrupted: terraform ${command} ends what it is at, writes the state and gives the lock back.`,
      );
      child.kill("SIGINT");
    };
    process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
    try {
      const read = [child.stdout, child.stderr].map(async (stream) => {
        for await (const line of createInterface({ input: stream })) take(line);
      });
      const [status] = await Promise.all([ended, ...read]);
      return status;
    } finally {
      process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
    }
  }
}
