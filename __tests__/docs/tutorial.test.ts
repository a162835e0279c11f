import { readFileSync } from "node:fs";

/** What `__tests__/every-construct` synthesizes, scans and prices. */
const CODE = readFileSync("__tests__/every-construct/tutorial.ts", "utf8");

test("the tutorial's code is what the tests of constructs run, and less than 120 lines", () => {
  const [, shown] = /```ts\n([\s\S]*?)```\n/.exec(readFileSync("docs/tutorial.md", "utf8")) ?? [];
  expect(shown).toBe(CODE);
  expect(CODE.split("\n").length - 1).toBeLessThan(120);
});
