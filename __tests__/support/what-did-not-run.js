const NEEDS = / \[needs ([^\]]+)\]/;

/**
 * Says at the end of a run which tests were skipped for want of what, and how it is brought. They have it in their names
 * (`needs.ts`), or in that of what is around them.
 * @implements {Pick<import("@jest/reporters").Reporter, "onRunComplete">}
 */
module.exports = class WhatDidNotRun {
  onRunComplete(_, { testResults }) {
    const wanting = testResults
      .flatMap(({ testResults }) => testResults)
      .filter(({ status }) => status === "pending")
      .flatMap(({ fullName }) => fullName.match(new RegExp(NEEDS, "g"))?.slice(0, 1) ?? []);
    if (wanting.length === 0) return;
    const counts = new Map();
    for (const needs of wanting.map((marker) => NEEDS.exec(marker)[1]))
      counts.set(needs, (counts.get(needs) ?? 0) + 1);
    const width = Math.max(...[...counts.keys()].map(({ length }) => length));
    const rows = [...counts].sort().map(([needs, count]) => `  ${needs.padEnd(width)}  ${count}\n`);
    process.stderr.write(
      `\nNot run, as what they need is not here: ${wanting.length} tests, or groups of tests\n${rows.join("")}` +
        "npm run tools brings it, and says of what it cannot bring where that is to be had\n",
    );
  }
};
