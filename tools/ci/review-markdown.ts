import { existsSync, readFileSync } from "node:fs";
import { z } from "zod";
import type { BlockReview, Review, StackReview } from "../changed/review";
import { endsOf } from "../changed/review";
import { describeCost, describeEffect, describePolicy, describeRoom, shownValues } from "../changed/text";
import { cleanLine, code } from "../command-line/foreign-text";
import { typedPath } from "../command-line/project";
import { budgetAmount, percentRange } from "../cost/budget";
import { LOSS } from "./planned-actions";

/** Characters that a review takes of a comment. */
const LONGEST = 24_000;
const MOST_BLOCKS = 40;
const MOST_ARGUMENTS = 10;
const MOST_ENDS = 20;
const MOST_SENTENCES = 10;

// A pull request's own code writes a review, and main's publishes it: what is not as this program writes it is left out, and
// what may be anything becomes code.
const text = z.string().transform((given) => cleanLine(given, 300));
const words = (pattern: RegExp, otherwise: string) =>
  z.string().transform((given) => (pattern.test(given) ? given : otherwise));
const named = z.string().regex(/^[a-z][a-z0-9-]{0,100}$/);
const amount = z.number();
const range = z.object({ low: amount, high: amount });
const change = <T extends z.ZodType>(of: T) => z.object({ before: of.optional(), after: of });
const holds = words(LOSS, "what it holds");
const replaced = z.object({
  certain: z.boolean(),
  by: z.array(words(/^\w[\w.]{0,100}$/, "an argument")),
});
const block = z.object({
  address: text,
  change: z.enum(["added", "changed", "removed", "forgotten", "follows"]),
  arguments: z.array(z.object({ path: text, before: z.unknown().optional(), after: z.unknown().optional() })),
  replaced: replaced.optional(),
  refused: z.boolean().optional(),
  holds: holds.optional(),
  of: words(/^\w[\w.-]{0,200}$/, "another resource").optional(),
});
const limits = z.array(
  z.object({ scarce: words(/^[A-Za-z][\w ,.-]{0,80}$/, "something"), engineers: amount }),
);
const room = z.object({ engineers: amount, limits });
const finding = z.object({ check: text, resource: text, title: text });
const budget = z.object({
  amount,
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .optional(),
  alertsAt: z.array(amount),
  share: range.optional(),
  everyMonth: z.array(amount),
});
const reviewSchema = z.object({
  base: text,
  stacks: z.array(
    z.object({
      stack: named,
      change: z.enum(["new", "removed", "changed"]),
      blocks: z.array(block),
      cost: change(range),
    }),
  ),
  environments: z.array(z.object({ name: named, cost: change(range), budget: budget.optional() })),
  gaps: z.array(text),
  warnings: z.array(text),
  room: change(room).optional(),
  policy: z.object({
    green: change(z.boolean()),
    appeared: z.array(finding),
    resolved: z.array(finding),
    findings: amount,
  }),
});

/** What `plue changed --review` wrote; undefined where the file is not there, or holds something else. */
export function readReview(file: string): Review | undefined {
  const path = typedPath(file);
  if (!existsSync(path)) return undefined;
  try {
    return reviewSchema.parse(JSON.parse(readFileSync(path, "utf8"))) as Review;
  } catch {
    return undefined;
  }
}

/**
 * A review as Markdown: what ends with the change, what it costs, who fits, what policy says; and each stack, to open.
 *
 * @param review undefined where it could not be read, which is said
 */
export function renderReview(review: Review | undefined): string {
  if (!review)
    return "What the change does beside the plans could not be read: `npx plue changed --base origin/main -v` says it.";
  const head = [
    "#### What the program says, without a cloud",
    "",
    "| environment | USD a month | of its budget |",
    "|---|---|---|",
    ...review.environments.map(environmentRow),
    "",
    ...(review.room ? [`- ${describeRoom(review.room)}`] : []),
    `- ${describePolicy(review.policy)}`,
    ...review.policy.appeared
      .slice(0, MOST_SENTENCES)
      .map(({ check, resource, title }) => `  - ${code(check)} ${code(resource)}: ${code(title)}`),
    ...[...review.gaps.map((gap) => `TOO LOW: ${gap}`), ...review.warnings]
      .slice(0, MOST_SENTENCES)
      .map((sentence) => `- ${code(sentence, 400)}`),
    ...endLines(review),
  ].join("\n");
  return [head, ...stacksWithin(review.stacks, LONGEST - head.length)].join("\n\n");
}

function environmentRow({ name, cost, budget: its }: Review["environments"][number]): string {
  const share = its?.share && `${percentRange(its.share)} of ${budgetAmount(its)}`;
  return `| ${code(name)} | ${describeCost(cost)} | ${share ?? (its ? "not compared" : "none")} |`;
}

function endLines({ stacks }: Review): string[] {
  const ends = stacks.flatMap((stack) =>
    endsOf(stack).map((its) => `- ${code(stack.stack)}: ${code(its.address)}: ${describeEffect(its)}`),
  );
  if (ends.length === 0) return [];
  return [
    "",
    "> [!WARNING]",
    "> This ends what holds data, or may. A plan says whether it does.",
    "",
    ...ends.slice(0, MOST_ENDS),
    ...(ends.length > MOST_ENDS ? [`- and ${ends.length - MOST_ENDS} more`] : []),
  ];
}

function stacksWithin(stacks: readonly StackReview[], room: number): string[] {
  const shown: string[] = [];
  let left = room;
  for (const stack of stacks) {
    const details = stackDetails(stack);
    if (details.length > left) break;
    shown.push(details);
    left -= details.length + 2;
  }
  const more = stacks.length - shown.length;
  return more > 0 ? [...shown, `And ${more} more: the run's artifact \`report\` shows them.`] : shown;
}

function stackDetails({ stack, change: its, blocks }: StackReview): string {
  const counts = [...new Set(blocks.map((each) => each.change))].map(
    (kind) => `${blocks.filter((each) => each.change === kind).length} ${kind}`,
  );
  const telling = (each: BlockReview) => each.arguments.length > 0 || each.replaced || each.holds;
  const order = [...blocks.filter(telling), ...blocks.filter((each) => !telling(each))];
  const left = order.length - MOST_BLOCKS;
  return [
    `<details><summary>${stack}: ${its}${counts.length > 0 ? ` (${counts.join(", ")})` : ""}</summary>`,
    "",
    ...order.slice(0, MOST_BLOCKS).flatMap(blockLines),
    ...(left > 0 ? [`- and ${left} more`] : []),
    "",
    "</details>",
  ].join("\n");
}

function blockLines(its: BlockReview): string[] {
  const effect = describeEffect(its);
  const left = its.arguments.length - MOST_ARGUMENTS;
  return [
    `- ${its.change} ${code(its.address)}${effect ? `: ${effect}` : ""}`,
    ...its.arguments.slice(0, MOST_ARGUMENTS).map(({ path, before, after }) => {
      const [was, is] = shownValues(before, after);
      return `  - ${code(path)}: ${code(was)} → ${code(is)}`;
    }),
    ...(left > 0 ? [`  - and ${left} more`] : []),
  ];
}
