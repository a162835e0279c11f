import type { Command } from "commander";
import { CliError, EXIT } from "../command-line/errors";
import { examples, tell } from "../command-line/output";
import { GitHub } from "./github";

/** Files that no deployment reads: `deploy.yml` leaves out the same paths. */
const DOCUMENTS = /^docs\/|\.md$/;

/** Registers `plue ci newest`. */
export function registerNewest(ci: Command): void {
  const command = ci
    .command("newest")
    .description(
      "refuses to go on with a commit that main has left behind, for a run that waited or is started again",
    )
    .requiredOption("--commit <hash>", "what is about to be deployed");
  examples(command, { 'npx plue ci newest --commit "$GITHUB_SHA"': "" });
  command.action(async ({ commit }: { commit: string }) => {
    const files = await (await GitHub.connect()).changedSince(commit, "main");
    const deployed = files?.filter((file) => !DOCUMENTS.test(file));
    if (deployed?.length === 0) return tell("This is what main deploys.");
    throw new CliError(
      `main has changed since ${commit.slice(0, 12)} (${deployed?.slice(0, 3).join(", ") ?? "in very many files"}${(deployed?.length ?? 0) > 3 ? ", …" : ""}): ` +
        "this run would take that back. Nothing was changed; wait for the newer run, or approve it",
      EXIT.refused,
    );
  });
}
