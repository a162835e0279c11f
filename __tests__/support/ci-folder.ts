import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { STACK_LOCK_FILE } from "../../lib/core/provider-lock";
import type { FakeGcs } from "./fake-gcs";
import { LAUNCHER, PlueFolder } from "./plue";
import type { RegistryEntry } from "./program";

export const BUCKET = "plue-terraform-state";

/** A Terraform module in JSON; `terraform_data` is the resource that needs no provider from a registry. */
// biome-ignore lint/suspicious/noExplicitAny: Terraform JSON has no one shape
export type Module = Record<string, any>;

/** A checkout's folder with synthesized stacks whose state is in a bucket, for the steps of the workflows. */
export class CiFolder extends PlueFolder {
  constructor(
    private readonly gcs: FakeGcs | undefined,
    engineers?: readonly RegistryEntry[],
  ) {
    super(engineers);
  }

  /** Writes what synthesis would: a stack of this content. */
  synthesized(stack: string, module: Module): void {
    const folder = join(this.folder, "cdktf.out", "stacks", stack);
    mkdirSync(folder, { recursive: true });
    const terraform = { backend: { gcs: { bucket: BUCKET, prefix: stack } } };
    writeFileSync(join(folder, "cdk.tf.json"), JSON.stringify({ terraform, ...module }));
    writeFileSync(join(folder, STACK_LOCK_FILE), "");
  }

  write(file: string, text: string): string {
    mkdirSync(join(this.folder, file, ".."), { recursive: true });
    writeFileSync(join(this.folder, file), text);
    return file;
  }

  /** Runs `plue ci`, against the bucket. */
  ci(args: readonly string[], environment: Record<string, string> = {}) {
    return this.plue(["ci", ...args], { ...this.environment, ...environment });
  }

  /** Starts `plue ci`, for what happens while it runs. */
  start(args: readonly string[]): ChildProcess {
    return spawn(process.execPath, [LAUNCHER, "ci", ...args], {
      cwd: this.folder,
      env: { ...process.env, NO_COLOR: "1", ...this.environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  /** State of a stack, as Terraform wrote it; undefined where there is none. */
  async state(stack: string): Promise<Module | undefined> {
    const text = (await this.gcs?.get(BUCKET, `${stack}/default.tfstate`)) ?? "";
    return text.startsWith("{") ? JSON.parse(text) : undefined;
  }

  async locked(stack: string): Promise<boolean> {
    return ((await this.gcs?.get(BUCKET, `${stack}/default.tflock`)) ?? "").startsWith("{");
  }

  private get environment(): Record<string, string> {
    return {
      TF_CLI_CONFIG_FILE: "/dev/null",
      CHECKPOINT_DISABLE: "1",
      GOOGLE_OAUTH_ACCESS_TOKEN: "emulated",
      ...(this.gcs ? { STORAGE_EMULATOR_HOST: this.gcs.url } : {}),
    };
  }
}

/** Waits until a process has printed a text. @throws where it ends without */
export async function printed(child: ChildProcess, text: string): Promise<void> {
  let all = "";
  await new Promise<void>((resolve, reject) => {
    const read = (chunk: unknown) => {
      all += chunk;
      if (all.includes(text)) resolve();
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    child.on("close", () => reject(new Error(`it never printed ${text}:\n${all}`)));
  });
}

/** A module of resources that each depend on the one before, by name and what they hold; `fail` ends the apply there. */
export function chain(resources: Readonly<Record<string, string>>): Module {
  const names = Object.keys(resources);
  return {
    resource: {
      terraform_data: Object.fromEntries(
        names.map((name, index) => [
          name,
          {
            input: resources[name],
            ...(index > 0 ? { depends_on: [`terraform_data.${names[index - 1]}`] } : {}),
            ...(resources[name] === "fail" ? { provisioner: [{ "local-exec": { command: "false" } }] } : {}),
          },
        ]),
      ),
    },
  };
}
