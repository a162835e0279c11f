import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { base, FOLDER } from "./synthesized";

const RUNBOOKS = join(FOLDER, "runbooks");
const pages = readdirSync(RUNBOOKS).filter((file) => file !== "README.md");

test.each(pages)(
  "%s says when, what one sees, what to do, how to know that it worked, and what not to do",
  (file) => {
    const text = readFileSync(join(RUNBOOKS, file), "utf8");
    for (const part of [
      /^# \S/,
      /^\*\*When\.\*\* /m,
      /^\*\*What you see\.\*\* ?/m,
      /^## Do$/m,
      /^## It worked when$/m,
      /^## Do not$/m,
    ])
      expect(text).toMatch(part);
  },
);

test("the list has every page", () => {
  const listed = [...readFileSync(join(RUNBOOKS, "README.md"), "utf8").matchAll(/\]\(([\w-]+\.md)\)/g)];
  expect(listed.map(([, file]) => file).sort()).toEqual([...pages].sort());
});

test("every alert leads to a page that is there", () => {
  const alerts = Object.values(base.resources("google_monitoring_alert_policy"));
  expect(alerts.length).toBeGreaterThan(5);
  for (const { documentation } of alerts) {
    const [, page] =
      /\/blob\/main\/(stacks\/orchestra\/runbooks\/[\w-]+\.md)\)$/.exec(documentation.content) ?? [];
    expect([page, existsSync(String(page))]).toEqual([page, true]);
  }
});
