import { type Command, InvalidArgumentError, Option } from "commander";
import { CliError } from "../command-line/errors";
import { code } from "../command-line/foreign-text";
import { examples, tell } from "../command-line/output";
import { GitHub } from "./github";
import { countActions, type PlanReport, readReports } from "./planned-actions";
import { runUrl, summarize } from "./step";

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
  command.action(async (options: CommentOptions) => {
    const reports = readReports(options.plans, options.matrix);
    const title = "What this changes";
    summarize(options.summary, renderPlans(reports, { title, limit: 1_000_000 }));
    const body = renderPlans(reports, { marker: MARKER, title, whole: runUrl() });
    const github = await GitHub.connect();
    tell(`Comment ${await github.upsertComment(options.pullRequest, MARKER, body)}.`);
    const failed = reports.filter(({ outcome }) => outcome === "failed").map(({ stack }) => stack);
    if (failed.length > 0)
      throw new CliError(`${failed.join(", ")} could not be planned: the comment says why`);
  });
}

function positive(given: string): number {
  if (!/^[1-9]\d{0,9}$/.test(given)) throw new InvalidArgumentError("give the number of a pull request");
  return Number(given);
}

/** Longest comment or issue body that GitHub takes, in characters. */
export const COMMENT_LIMIT = 65_536;

/** More rows say less. */
const MOST_ROWS = 100;
/** More lines of addresses that lose data say no more than that there are many. */
const MOST_LOSSES = 20;

export interface RenderOptions {
  /** First line: by which the comment is found again. */
  readonly marker?: string;
  readonly title: string;
  /** Longest text. @default COMMENT_LIMIT */
  readonly limit?: number;
  /** Where the whole text of all plans is, when not all of it fits. */
  readonly whole?: string;
}

/** Plans as Markdown: a table of all, what would lose data, and as much of each difference as fits. */
export function renderPlans(reports: readonly PlanReport[], options: RenderOptions): string {
  const { limit = COMMENT_LIMIT, whole } = options;
  const head = renderHead(reports, options);
  const shown = reports.filter(({ text }) => text !== "");
  const note = `\n\nNot all of it fits here: ${whole ? `[the run](${whole}) has the whole, as artifacts` : "the run has the whole"}.`;
  const shares = shareOut(
    shown.map((report) => renderDetails(report, Number.POSITIVE_INFINITY).text.length + 2),
    limit - head.length - note.length,
  );
  const details = shown.map((report, index) => renderDetails(report, shares[index] ?? 0));
  const texts = details.map(({ text }) => text).filter((text) => text !== "");
  return [head, ...texts].join("\n\n") + (details.every(({ complete }) => complete) ? "" : note);
}

const WORDS: Readonly<Record<PlanReport["outcome"], (report: PlanReport) => string>> = {
  unchanged: () => "no change",
  changed: ({ actions }) => countActions(actions),
  new: () => "not deployed yet: its first deployment makes everything",
  failed: () => "**could not be planned**",
};

function renderHead(reports: readonly PlanReport[], { marker, title }: RenderOptions): string {
  const rows = reports
    .slice(0, MOST_ROWS)
    .map((report) => `| ${code(report.stack)} | ${WORDS[report.outcome](report)} |`);
  const losses = reports.flatMap(({ stack, actions }) =>
    actions.flatMap(({ address, action, loses }) =>
      loses === undefined ? [] : [`- ${code(stack)}: ${action} ${code(address)}: ${loses}`],
    ),
  );
  return [
    ...(marker ? [marker] : []),
    `### ${title}`,
    "",
    ...(reports.length === 0
      ? ["No stack's Terraform changes."]
      : ["| stack | plan |", "|---|---|", ...rows]),
    ...(reports.length > MOST_ROWS ? [`| and ${reports.length - MOST_ROWS} more | |`] : []),
    ...(losses.length > 0
      ? [
          "",
          "> [!CAUTION]",
          "> This ends what holds data. A deployment refuses it unless each address is allowed by name.",
          "",
          ...losses.slice(0, MOST_LOSSES),
          ...(losses.length > MOST_LOSSES ? [`- and ${losses.length - MOST_LOSSES} more`] : []),
        ]
      : []),
  ].join("\n");
}

/** Stands where a difference was cut off. */
const CUT = "… cut off here";

interface Details {
  readonly text: string;
  readonly complete: boolean;
}

/** A difference to open, at most so long; empty where not even its frame fits. */
function renderDetails({ stack, outcome, text }: PlanReport, most: number): Details {
  // A fence longer than any in the text: what is in it stays text, whatever it says.
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  const open = outcome === "failed" ? "error of" : "difference of";
  const frame = (content: string) =>
    `<details><summary>${open} ${stack}</summary>\n\n${fence}diff\n${content}\n${fence}\n\n</details>`;
  const content = markChanges(text);
  if (frame(content).length + 2 <= most) return { text: frame(content), complete: true };
  const room = most - frame("").length - CUT.length - 3;
  if (room < 200) return { text: "", complete: false };
  const cut = content.slice(0, room);
  const lines = cut.slice(0, cut.lastIndexOf("\n") + 1) || `${cut}\n`;
  return { text: frame(`${lines}${CUT}`), complete: false };
}

/** Terraform's marks at the beginning of the line, where a diff has them and GitHub colours it. */
function markChanges(text: string): string {
  return text.replace(
    /^( +)([-+~])(\/[-+])? /gm,
    (_, space, mark, replaced = "") => `${mark === "~" ? "!" : mark}${replaced}${space} `,
  );
}

/** Divides room among texts: who needs less than an equal share leaves the rest to the others. */
function shareOut(needs: readonly number[], room: number): number[] {
  const shares = needs.map(() => 0);
  let left = Math.max(0, room);
  const order = needs.map((_, index) => index).sort((a, b) => (needs[a] ?? 0) - (needs[b] ?? 0));
  for (const [done, index] of order.entries()) {
    const share = Math.min(needs[index] ?? 0, Math.floor(left / (order.length - done)));
    shares[index] = share;
    left -= share;
  }
  return shares;
}
