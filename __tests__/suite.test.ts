import { readFileSync } from "node:fs";
import { filesBelow } from "./support/tree";

const WhatDidNotRun = require("./support/what-did-not-run");

/** What the summary says of tests of these names and states. */
function summary(...tests: [fullName: string, status: string][]): string {
  const said: string[] = [];
  const write = jest
    .spyOn(process.stderr, "write")
    .mockImplementation((text) => Boolean(said.push(String(text))));
  try {
    const testResults = tests.map(([fullName, status]) => ({ fullName, status }));
    new WhatDidNotRun().onRunComplete(undefined, { testResults: [{ testResults }] });
  } finally {
    write.mockRestore();
  }
  return said.join("");
}

test("the end of a run says what did not run for want of what, and the one command that brings it", () => {
  expect(
    summary(
      ["the release [needs helm] has probes", "pending"],
      ["the release [needs helm] has limits", "pending"],
      ["plan [needs fake-gcs-server, terraform] locks nothing", "pending"],
      ["left out by its author", "pending"],
      ["the API [needs nothing] answers", "passed"],
    ),
  ).toBe(
    "\nNot run, as what they need is not here: 3 tests, or groups of tests\n" +
      "  fake-gcs-server, terraform  1\n" +
      "  helm                        2\n" +
      "npm run tools brings it, and says of what it cannot bring where that is to be had\n",
  );
});

test("a run in which nothing is missing says nothing", () => {
  expect(summary(["the release has probes", "passed"], ["left out by its author", "pending"])).toBe("");
});

test.each<[what: string, instead: string, pattern: RegExp]>([
  [
    "sets a time-out of its own",
    "testTimeout of jest.config.js is the only one",
    /jest\.setTimeout|^ *\}, [\d_]+\);$/m,
  ],
  [
    "says how long something may take",
    "wait for what happens, and hold what comes of it against what is right",
    /(?:performance|Date)\.now\(\) - \w+\)\.to|\btoBeLess\w+\((?:performance|Date)\.now/,
  ],
  [
    "waits for a time",
    "wait until something is there: a line that is printed, a file, an answer",
    /setTimeout\([^,]*, [\d_]{4,}\)/,
  ],
])("no test %s: %s", (_, __, pattern) => {
  const files = filesBelow().filter(
    (file) => /^__tests__\/.*\.ts$/.test(file) && !/^__tests__\/cluster\//.test(file),
  );
  const found = files.filter(
    (file) => file !== "__tests__/suite.test.ts" && pattern.test(readFileSync(file, "utf8")),
  );
  expect(found).toEqual([]);
});
