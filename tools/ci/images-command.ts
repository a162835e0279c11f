import type { Command } from "commander";
import { examples } from "../command-line/output";
import { runningImages } from "./images";
import { findStack, readStored, step } from "./step";

/** Registers `plue ci images`. */
export function registerImages(ci: Command): void {
  const command = ci
    .command("images")
    .description(
      "the digests that a stack's release runs, by its state, as plue ci apply --images takes them",
    )
    .argument("<stack>");
  examples(command, { "npx plue ci images production-app > previous.json": "before a deployment" });
  step(command, async (name: string) => {
    const { state } = await readStored(findStack(name));
    process.stdout.write(`${JSON.stringify(runningImages(state))}\n`);
  });
}
