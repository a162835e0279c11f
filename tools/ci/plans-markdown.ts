import { code } from "../command-line/foreign-text";
import { countActions, type PlanReport } from "./planned-actions";

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
  /** What the change does beside the plans, as Markdown. @default nothing of it */
  readonly review?: string;
}

/**
 * Plans as Markdown: a table of all, what would lose data, and as much of each difference as fits.
 *
 * @param plans undefined where none were made: of a fork
 */
export function renderPlans(plans: readonly PlanReport[] | undefined, options: RenderOptions): string {
  const { limit = COMMENT_LIMIT, whole } = options;
  const reports = plans ?? [];
  const head = renderHead(plans, options);
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

function renderHead(
  plans: readonly PlanReport[] | undefined,
  { marker, title, review }: RenderOptions,
): string {
  const reports = plans ?? [];
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
    ...(plans === undefined
      ? ["No plan: a fork's code gets no identity. To have one, read it, and push it to a branch here."]
      : reports.length === 0
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
    ...(review === undefined ? [] : ["", review]),
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
