import colors from "picocolors";
import type { Range } from "../../lib/core/resource-types/billing";
import { cleanLine } from "../command-line/foreign-text";
import { budgetAmount, percentRange } from "../cost/budget";
import { usd, usdRange } from "../cost/describe";
import type { StackChange } from "./compare-outputs";
import type { ArgumentChange } from "./diff-stacks";
import type {
  BlockReview,
  Change,
  EnvironmentReview,
  PolicyReview,
  Review,
  Room,
  StackReview,
} from "./review";

const WIDTH = 80;
/** Characters of a value. */
const LONGEST_VALUE = 160;
/** Blocks of a stack that are added or removed with nothing to say of them, beyond which they are counted. */
const MOST_BLOCKS = 30;
const MOST_FINDINGS = 20;

const MARKS: Record<StackChange["change"], string> = {
  changed: colors.yellow("changed"),
  new: colors.green("new    "),
  removed: colors.red("removed"),
};

/** A line for each stack. */
export function changesText(changes: readonly StackChange[], base: string): string {
  if (changes.length === 0) return `No stack's Terraform differs from ${base}.`;
  return changes.map(({ stack, change }) => `${MARKS[change]}  ${stack}`).join("\n");
}

/** All that a change does: each stack block by block, then what it costs, who fits, and what policy says. */
export function reviewText(changes: readonly StackChange[], review: Review): string {
  if (changes.length === 0) return [changesText(changes, review.base), "", ...restText(review)].join("\n");
  const stacks = changes.map(({ stack, change }) => {
    const its = review.stacks.find((each) => each.stack === stack);
    const lines = its ? stackLines(its) : ["  what is in it is the same: its files differ"];
    return [`${MARKS[change]}  ${colors.bold(stack)}`, ...lines].join("\n");
  });
  return [...stacks, restText(review).join("\n")].join("\n\n");
}

function stackLines({ change, blocks, cost }: StackReview): string[] {
  const lines = change === "removed" ? removedLines(blocks) : blockLines(blocks, change === "new");
  return [...lines, ...costLine("  USD a month: ", cost)];
}

function removedLines(blocks: readonly BlockReview[]): string[] {
  return fold(
    `${count(blocks.length, "block")}. Nothing plans it any more: it must have been destroyed before.`,
    "  ",
  );
}

/** Blocks that are no resources go with the stack that is new. */
const isResource = ({ address }: BlockReview) =>
  !/^(data|ephemeral|local|module|output|provider|terraform|var)\./.test(address);

function blockLines(all: readonly BlockReview[], isNew: boolean): string[] {
  const blocks = isNew ? all.filter(isResource) : all;
  const plain = (block: BlockReview) => block.arguments.length === 0 && !block.replaced && !block.holds;
  const shown = [...blocks.filter((block) => !plain(block)), ...blocks.filter(plain).slice(0, MOST_BLOCKS)];
  const left = blocks.length - shown.length;
  return [
    ...shown.flatMap(blockText),
    ...(left > 0 ? [`  and ${left} more that are added or removed and hold no data`] : []),
  ];
}

const SIGNS: Record<BlockReview["change"], (text: string) => string> = {
  added: (text) => colors.green(`+ ${text}`),
  changed: (text) => colors.yellow(`~ ${text}`),
  removed: (text) => colors.red(`- ${text}`),
  forgotten: (text) => colors.yellow(`. ${text}`),
  follows: (text) => colors.yellow(`> ${text}`),
};

function blockText(block: BlockReview): string[] {
  const effect = describeEffect(block);
  return [
    `  ${SIGNS[block.change](cleanLine(block.address))}`,
    ...(effect
      ? fold(cleanLine(effect, 2000), "      ").map((line) => (isEnd(block) ? colors.red(line) : line))
      : []),
    ...block.arguments.flatMap(argumentLines),
  ];
}

function isEnd({ change, replaced }: BlockReview): boolean {
  return change === "removed" || replaced?.certain === true;
}

/** What becomes of a block beside its arguments, in words; undefined for nothing. */
export function describeEffect({ change, replaced, refused, holds, of }: BlockReview): string | undefined {
  const by = replaced?.by.length ? ` by ${replaced.by.join(", ")}` : "";
  if (change === "forgotten") return "taken out of the state, and left as it is";
  if (change === "removed") return holds && `destroyed, and with it ${holds}`;
  if (change === "added") return holds && `will hold ${holds}`;
  if (!replaced) return holds && `changed in place; holds ${holds}`;
  const why = of ? `, with ${of}` : by ? "" : ": what replaces it is not known of its type";
  const refusal = refused ? ", which prevent_destroy refuses" : "";
  const done = `${replaced.certain ? `REPLACED${by}` : `may be replaced${by}${why}`}${refusal}`;
  return holds ? `${done}; with it ${replaced.certain ? "ends" : "may end"} ${holds}` : done;
}

function argumentLines({ path, before, after }: ArgumentChange): string[] {
  const [was, is] = shownValues(before, after);
  const line = `      ${cleanLine(path)}  ${was} → ${is}`;
  if (line.length <= WIDTH) return [line];
  return [`      ${cleanLine(path)}`, ...fold(was, "        "), ...fold(`→ ${is}`, "        ")];
}

/** Characters that stay of what two long values have in common before they differ. */
const COMMON = 20;

/**
 * Two values as text that does nothing to a terminal: JSON, where it is long only from shortly before they differ, and cut
 * off.
 */
export function shownValues(before: unknown, after: unknown): [before: string, after: string] {
  const texts = [before, after].map((value) => (value === undefined ? "none" : JSON.stringify(value)));
  const [one = "", other = ""] = texts;
  let same = 0;
  while (same < one.length && one[same] === other[same]) same += 1;
  const from = Math.max(one.length, other.length) > LONGEST_VALUE ? Math.max(0, same - COMMON) : 0;
  const shown = (text: string) => cleanLine(`${from > 0 ? "…" : ""}${text.slice(from)}`, LONGEST_VALUE);
  return [shown(one), shown(other)];
}

function restText(review: Review): string[] {
  return [
    ...review.environments.flatMap(environmentLines),
    ...review.gaps.flatMap((gap) => fold(`TOO LOW: ${cleanLine(gap)}`, "", "  ")),
    ...(review.room ? fold(describeRoom(review.room), "", "  ") : []),
    ...policyLines(review.policy),
    ...review.warnings.flatMap((warning) => fold(`WARNING: ${cleanLine(warning)}`, "", "  ")),
  ];
}

function environmentLines({ name, cost, budget }: EnvironmentReview): string[] {
  const of = budget?.share
    ? `, ${percentRange(budget.share)} of its budget of ${budgetAmount(budget)}`
    : budget
      ? `; its budget of ${budgetAmount(budget)} is not compared`
      : "";
  return fold(`${cleanLine(name)} costs ${describeCost(cost)} USD a month${of}.`, "", "  ");
}

function costLine(label: string, cost: Change<Range>): string[] {
  if (!differs(cost)) return [];
  return [`${label}${describeCost(cost)}`];
}

function differs({ before = { low: 0, high: 0 }, after }: Change<Range>): boolean {
  return before.low !== after.low || before.high !== after.high;
}

/** `245.85 to 772.47`, or `245.85 to 772.47 → 250.00 to 800.00 (+4.15 to +27.53)` */
export function describeCost({ before, after }: Change<Range>): string {
  if (!before || !differs({ before, after })) return usdRange(after);
  const signed = (amount: number) => `${amount < 0 ? "-" : "+"}${usd(Math.abs(amount))}`;
  const [low, high] = [after.low - before.low, after.high - before.high];
  const change = usd(low) === usd(high) ? signed(low) : `${signed(low)} to ${signed(high)}`;
  return `${usdRange(before)} → ${usdRange(after)} (${change})`;
}

/** Who is there and who fits, before and now, in a sentence. */
export function describeRoom({ before, after }: Change<Room>): string {
  const [first] = after.limits;
  const now = `Room for ${count(first?.engineers ?? 0, "engineer")}, of whom there are ${after.engineers}; first to run out: ${cleanLine(first?.scarce ?? "nothing")}`;
  const was = before?.limits[0]?.engineers;
  if (!before || was === undefined) return `${now}. What it was before is not known.`;
  if (was === first?.engineers && before.engineers === after.engineers) return `${now}, as before.`;
  return `${now}. Before: room for ${was}, and ${before.engineers} of them.`;
}

/** What policy says, before and now, in a sentence. */
export function describePolicy({ green, findings, appeared, resolved }: PolicyReview): string {
  const now = green.after ? "Policy's own rules hold" : `Policy's own rules find ${count(findings, "thing")}`;
  if (green.before === undefined) return `${now}; before is not known.`;
  if (appeared.length + resolved.length > 0)
    return `${now}: ${appeared.length} new, ${resolved.length} mended.`;
  return green.before === green.after
    ? `${now}, as before.`
    : `${now}; before, they did ${green.after ? "not" : "hold"}.`;
}

function policyLines(policy: PolicyReview): string[] {
  return [
    ...fold(`${describePolicy(policy)} Scanners and charts: npm run policy.`, "", "  "),
    ...policy.appeared
      .slice(0, MOST_FINDINGS)
      .flatMap(({ check, resource, title }) =>
        fold(colors.red(`+ ${check} ${cleanLine(resource)}: ${cleanLine(title)}`), "  ", "    "),
      ),
    ...policy.resolved
      .slice(0, MOST_FINDINGS)
      .flatMap(({ check, resource }) => fold(`- ${check} ${cleanLine(resource)}`, "  ", "    ")),
  ];
}

/** Breaks a text at spaces, so that it is no wider than a usual terminal. */
function fold(text: string, indent: string, hanging = indent): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const before = lines.length === 0 ? indent : hanging;
    if (line && before.length + line.length + 1 + word.length > WIDTH) {
      lines.push(before + line);
      line = word;
    } else line = line ? `${line} ${word}` : word;
  }
  // GitHub's runner takes a line that begins so for a command.
  return [...lines, (lines.length === 0 ? indent : hanging) + line].map((each) =>
    each.replace(/^( *)::/, "$1: :"),
  );
}

function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? "" : "s"}`;
}
