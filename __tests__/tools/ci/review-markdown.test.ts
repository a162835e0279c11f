import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Review } from "../../../tools/changed/review";
import { readReview, renderReview } from "../../../tools/ci/review-markdown";
import { HOSTILE, obeyed, outsideCode } from "../../support/hostile-text";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "plue-review-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What main makes of a review that a pull request's code wrote. */
function read(value: unknown): Review | undefined {
  const file = join(folder, "review.json");
  writeFileSync(file, typeof value === "string" ? value : JSON.stringify(value));
  return readReview(file);
}

const limits = (engineers: number) => [{ scarce: "CPU of node pool default", engineers }];
const REVIEW: Review = {
  base: "origin/main",
  stacks: [
    {
      stack: "staging-base",
      change: "changed",
      cost: { before: { low: 1, high: 2 }, after: { low: 3, high: 4 } },
      blocks: [
        {
          address: "google_sql_database_instance.sql",
          change: "changed",
          arguments: [{ path: "settings.disk_type", before: "PD_SSD", after: "PD_HDD" }],
          replaced: { certain: true, by: ["settings.disk_type"] },
          holds: "its databases",
        },
        { address: "google_pubsub_topic.new", change: "added", arguments: [] },
      ],
    },
  ],
  environments: [
    {
      name: "staging",
      cost: { before: { low: 240, high: 700 }, after: { low: 250, high: 800 } },
      budget: {
        amount: 400,
        currency: "USD",
        alertsAt: [0.5],
        share: { low: 0.625, high: 2 },
        everyMonth: [0.5],
      },
    },
    { name: "production", cost: { after: { low: 900, high: 4000 } } },
  ],
  gaps: ["prices of europe-west1 are not known"],
  warnings: ["The budget of staging, 400 USD, alerts every month"],
  room: { before: { engineers: 2, limits: limits(2) }, after: { engineers: 3, limits: limits(2) } },
  policy: {
    green: { before: true, after: false },
    appeared: [{ check: "tls-is-current", resource: "production/google_x.y", title: "has none" }],
    resolved: [],
    findings: 1,
  },
};

test("what ends, costs, room and policy stand before anything is opened; each stack opens", () => {
  const markdown = renderReview(read(REVIEW));
  const [head = "", details = ""] = markdown.split("<details>");
  expect(head.split("\n")).toEqual(
    expect.arrayContaining([
      "| `staging` | 240.00 to 700.00 → 250.00 to 800.00 (+10.00 to +100.00) | 63 % to 200 % of 400 USD |",
      "| `production` | 900.00 to 4,000.00 | none |",
      "- Room for 2 engineers, of whom there are 3; first to run out: CPU of node pool default. Before: room for 2, and 2 of them.",
      "- Policy's own rules find 1 thing: 1 new, 0 mended.",
      "  - `tls-is-current` `production/google_x.y`: `has none`",
      "- `TOO LOW: prices of europe-west1 are not known`",
      "- `The budget of staging, 400 USD, alerts every month`",
      "- `staging-base`: `google_sql_database_instance.sql`: REPLACED by settings.disk_type; with it ends its databases",
    ]),
  );
  expect(details).toContain("<summary>staging-base: changed (1 changed, 1 added)</summary>");
  expect(details).toContain('  - `settings.disk_type`: `"PD_SSD"` → `"PD_HDD"`');
  expect(details).toContain("- added `google_pubsub_topic.new`");
});

test("what a stranger's program wrote is text, and where words are expected nothing else", () => {
  const evil = JSON.parse(
    JSON.stringify(REVIEW, (_, value) =>
      typeof value === "string" && !/^(changed|added|staging|production|staging-base|USD)$/.test(value)
        ? HOSTILE
        : value,
    ),
  );
  const markdown = renderReview(read(evil));
  expect(obeyed(markdown)).toEqual([]);
  expect(outsideCode(markdown)).not.toMatch(/@everyone|https?:|<img|!\[|\]\(/);
  expect(markdown).toContain("REPLACED by an argument; with it ends what it holds");
  expect(markdown).toContain("first to run out: something");
});

test.each([
  ["no JSON", "x"],
  ["another value", "[]"],
  [
    "a stack that is called as none can be",
    { ...REVIEW, stacks: [{ ...REVIEW.stacks[0], stack: "a</summary>" }] },
  ],
  ["an effect that there is not", { ...REVIEW, stacks: [{ ...REVIEW.stacks[0], change: "<b>" }] }],
])("%s is no review, and that is said", (_, value) => {
  expect(read(value)).toBeUndefined();
  expect(renderReview(undefined)).toContain(
    "could not be read: `npx plue changed --base origin/main -v` says it.",
  );
});

test("a file that is not there is no review", () => {
  expect(readReview(join(folder, "none.json"))).toBeUndefined();
});

test("however much a change does, it leaves room for plans, and says where the rest is", () => {
  const [stack] = REVIEW.stacks;
  const block = stack?.blocks[0];
  const many = {
    ...REVIEW,
    warnings: Array.from({ length: 50 }, () => "x".repeat(2000)),
    stacks: Array.from({ length: 30 }, (_, index) => ({
      ...stack,
      stack: `staging-${index}`,
      blocks: Array.from({ length: 60 }, () => ({
        ...block,
        arguments: Array.from({ length: 20 }, () => ({ path: "a", before: "x".repeat(1000), after: 1 })),
      })),
    })),
  };
  const markdown = renderReview(read(many));
  expect(markdown.length).toBeLessThan(40_000);
  expect(markdown).toMatch(/And \d+ more: the run's artifact `report` shows them\.$/);
  expect(markdown).toContain("- and 1780 more");
});
