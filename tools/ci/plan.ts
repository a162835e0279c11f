import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { CliError } from "../command-line/errors";
import { cleanText } from "../command-line/foreign-text";
import { examples, remark, tell } from "../command-line/output";
import { typedPath } from "../command-line/project";
import { countActions, type PlanReport } from "./planned-actions";
import { renderPlans } from "./plans-markdown";
import { Redactor } from "./redact";
import { actingAs, findStack, type NamedStack, type Purpose, readStored, summarize } from "./step";
import { StackTerraform } from "./terraform";

interface PlanCommandOptions {
  readonly out?: string;
  readonly asDeployer?: boolean;
  readonly summary?: string;
}

/** Registers `plue ci plan`. */
export function registerPlan(ci: Command): void {
  const command = ci
    .command("plan")
    .description("plan a synthesized stack, as who may only read: takes no lock, changes nothing")
    .argument("<stack>")
    .option(
      "--out <folder>",
      "write <stack>.json there, for plue ci comment, plue ci drift and plue ci drift-log",
    )
    .option(
      "--as-deployer",
      "plan an engineer's stack as its deployer, as she may, and not as who only reads",
    )
    .option("--summary <file>", "add the difference to this file, as Markdown");
  examples(command, {
    "npx plue ci plan production --out plans": "prints outcome=unchanged, changed, new or failed",
  });
  remark(command, "A stack that has no state is new: its first deployment makes everything.");
  command.action(async (name: string, options: PlanCommandOptions) => {
    const report = await plan(findStack(name), options.asDeployer ? "apply" : "plan");
    if (options.out !== undefined) write(typedPath(options.out), report);
    summarize(options.summary, renderPlans([report], { title: `Plan of ${name}`, limit: 1_000_000 }));
    if (report.outcome === "failed") {
      tell(`${name} could not be planned.`);
    } else if (report.outcome === "changed") tell(`${name}: ${countActions(report.actions)}`);
    process.stdout.write(`outcome=${report.outcome}\n`);
  });
}

async function plan(stack: NamedStack, purpose: Purpose): Promise<PlanReport> {
  const report = (outcome: PlanReport["outcome"], text = "", actions: PlanReport["actions"] = []) => ({
    stack: stack.stack,
    outcome,
    actions,
    text: new Redactor().text(cleanText(text)),
  });
  try {
    // Who reads a state that is not there makes Terraform write an empty one, which a plan's identity may not.
    const { state } = await readStored(stack, purpose);
    if (!state) return report("new");
    const terraform = new StackTerraform(stack.stack, state, tell);
    try {
      const planned = await terraform.plan({ actingAs: actingAs(stack, purpose) });
      if (planned.outcome === "unchanged") return report("unchanged");
      if (planned.outcome === "failed") process.exitCode = terraform.exitCode;
      return report(planned.outcome, planned.text, planned.outcome === "changed" ? planned.actions : []);
    } finally {
      terraform.dispose();
    }
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    tell(error.message);
    process.exitCode = error.exitCode;
    return report("failed", error.message);
  }
}

function write(folder: string, report: PlanReport): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${report.stack}.json`), JSON.stringify(report, null, 2));
}
