import { type Command, InvalidArgumentError, Option } from "commander";
import { CliError, EXIT } from "../command-line/errors";
import { examples, tell } from "../command-line/output";
import { GitHub } from "./github";
import { readReports } from "./planned-actions";
import { renderPlans } from "./plans-markdown";
import { readReview, renderReview } from "./review-markdown";
import { runUrl, summarize } from "./step";

const MARKER = "<!-- plue: plans -->";

interface CommentOptions {
  readonly plans?: string;
  readonly matrix?: string;
  readonly review?: string;
  readonly pullRequest?: number;
  readonly head?: string;
  readonly commit?: string;
  readonly summary?: string;
}

/** Registers `plue ci comment`. */
export function registerComment(ci: Command): void {
  const command = ci
    .command("comment")
    .description(
      "write what a pull request changes, and its plans, into its one comment; fails if one could not be planned",
    )
    .option("--plans <folder>", "what plue ci plan --out wrote")
    .option("--matrix <json>", "the stacks that were to be planned, as plue changed --matrix prints them")
    .option("--review <file>", "what plue changed --review wrote")
    .addOption(new Option("--pull-request <number>", "its number").argParser(positive))
    .option(
      "--head <owner:branch>",
      "instead of its number, its branch: of a fork, whose run does not say it",
    )
    .option("--commit <sha>", "with --head, its newest commit; no comment where that is another by now")
    .option("--summary <file>", "add the same to this file, with room for more");
  examples(command, {
    'npx plue ci comment --plans plans --matrix "$MATRIX" --review review.json --pull-request 12': "",
    'npx plue ci comment --review review.json --head alice:topic --commit "$SHA"': "",
  });
  command.action(comment);
}

async function comment(options: CommentOptions): Promise<void> {
  refuseIncomplete(options);
  const { plans, matrix, review: file, summary } = options;
  const reports = plans !== undefined && matrix !== undefined ? readReports(plans, matrix) : undefined;
  const review = file === undefined ? {} : { review: renderReview(readReview(file)) };
  const markdown = { title: "What this changes", ...review };
  summarize(summary, renderPlans(reports, { ...markdown, limit: 1_000_000 }));
  const body = renderPlans(reports, { ...markdown, marker: MARKER, whole: runUrl() });
  const github = await GitHub.connect();
  const number =
    options.pullRequest ?? (await github.openPullRequest(options.head ?? "", options.commit ?? ""));
  if (number === undefined) tell("No open pull request has this commit as its newest: nothing is written.");
  else tell(`Comment ${await github.upsertComment(number, MARKER, body)}.`);
  const failed = (reports ?? []).filter(({ outcome }) => outcome === "failed").map(({ stack }) => stack);
  if (failed.length > 0)
    throw new CliError(`${failed.join(", ")} could not be planned: the comment says why`);
}

function refuseIncomplete({ plans, matrix, review, pullRequest, head, commit }: CommentOptions): void {
  const problems = [
    ...((plans === undefined) !== (matrix === undefined) ? ["--plans and --matrix belong together"] : []),
    ...(plans === undefined && review === undefined ? ["give --plans with --matrix, --review, or all"] : []),
    ...((head === undefined) !== (commit === undefined) ? ["--head and --commit belong together"] : []),
    ...((pullRequest === undefined) === (head === undefined)
      ? ["give --pull-request, or --head with --commit"]
      : []),
  ];
  if (problems.length > 0) throw new CliError(problems.join("\n"), EXIT.usage);
}

function positive(given: string): number {
  if (!/^[1-9]\d{0,9}$/.test(given)) throw new InvalidArgumentError("give the number of a pull request");
  return Number(given);
}
