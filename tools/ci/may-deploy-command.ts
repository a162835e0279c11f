import type { Command } from "commander";
import { examples } from "../command-line/output";
import { namesOf, readRegistry } from "../engineers/registry";
import { mayDeploy } from "./may-deploy";
import { step } from "./step";

/** Registers `plue ci may-deploy`. */
export function registerMayDeploy(ci: Command): void {
  const command = ci
    .command("may-deploy")
    .description("the stack that a push to a branch staging/<name> deploys, or why it does not")
    .requiredOption("--ref <ref>", "refs/heads/staging/alice")
    .requiredOption("--actor <login>", "GitHub login of who pushed");
  examples(command, {
    'npx plue ci may-deploy --ref "$GITHUB_REF" --actor "$GITHUB_ACTOR" >> "$GITHUB_OUTPUT"': "",
  });
  step(command, ({ ref, actor }: { ref: string; actor: string }) => {
    const { name } = mayDeploy(ref, actor, readRegistry().registry);
    process.stdout.write(`stack=${namesOf(name).stack}\n`);
  });
}
