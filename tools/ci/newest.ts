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
      "refuses to go on with a commit that its branch has left behind, for a run that waited or is started again",
    )
    .requiredOption("--commit <hash>", "what is about to be deployed")
    .option("--branch <name>", "what it is deployed from", "main");
  examples(command, { 'npx plue ci newest --commit "$GITHUB_SHA"': "" });
  command.action(async ({ commit, branch }: { commit: string; branch: string }) => {
    const files = await (await GitHub.connect()).changedSince(commit, branch);
    const deployed = files?.filter((file) => !DOCUMENTS.test(file));
    if (deployed?.length === 0) return tell(`This is what ${branch} deploys.`);
    throw new CliError(
      `${branch} has changed since ${commit.slice(0, 12)} (${deployed?.slice(0, 3).join(", ") ?? "in very many files"}${(deployed?.length ?? 0) > 3 ? ", …" : ""}): ` +
        "this run would take that back. Nothing was changed; wait for the newer run, or approve it",
      EXIT.refused,
    );
  });
}
