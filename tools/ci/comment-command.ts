import { type Command, InvalidArgumentError, Option } from "commander";
import { examples, tell } from "../command-line/output";
import { renderPlans } from "./comment";
import { CiError } from "./error";
import { GitHub } from "./github";
import { readReports } from "./reports";
import { runUrl, step, summarize } from "./step";

const MARKER = "<!-- plue: plans -->";

interface CommentOptions {
  readonly plans: string;
  readonly matrix: string;
  readonly pullRequest: number;
  readonly summary?: string;
}

/** Registers `plue ci comment`. */
export function registerComment(ci: Command): void {
  const command = ci
    .command("comment")
    .description("write a pull request's plans into its one comment; fails if one could not be planned")
    .requiredOption("--plans <folder>", "what plue ci plan --out wrote")
    .requiredOption(
      "--matrix <json>",
      "the stacks that were to be planned, as plue changed --matrix prints them",
    )
    .addOption(new Option("--pull-request <number>", "its number").argParser(positive).makeOptionMandatory())
    .option("--summary <file>", "add the same to this file, with room for more");
  examples(command, { 'npx plue ci comment --plans plans --matrix "$MATRIX" --pull-request 12': "" });
  step(command, async (options: CommentOptions) => {
    const reports = readReports(options.plans, options.matrix);
    const title = "What this changes";
    summarize(options.summary, renderPlans(reports, { title, limit: 1_000_000 }));
    const body = renderPlans(reports, { marker: MARKER, title, whole: runUrl() });
    const github = await GitHub.connect();
    tell(`Comment ${await github.upsertComment(options.pullRequest, MARKER, body)}.`);
    const failed = reports.filter(({ outcome }) => outcome === "failed").map(({ stack }) => stack);
    if (failed.length > 0)
      throw new CiError(`${failed.join(", ")} could not be planned: the comment says why`);
  });
}

function positive(given: string): number {
  if (!/^[1-9]\d{0,9}$/.test(given)) throw new InvalidArgumentError("give the number of a pull request");
  return Number(given);
}
