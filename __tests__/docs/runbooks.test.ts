import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { synthesizeProgram } from "../support/program";
import { fenced } from "../support/shell-commands";
import type { Synthesized } from "../support/synth";

const FOLDER = "docs/runbooks";
const names = readdirSync(FOLDER).map((file) => file.replace(/\.md$/, ""));
const pages = names.filter((name) => name !== "README");
const textOf = (name: string) => readFileSync(join(FOLDER, `${name}.md`), "utf8");

test.each(pages)("%s says when, what one sees, how to know that it worked, and what not to do", (name) => {
  const text = textOf(name);
  expect(text).toMatch(/^# \S/);
  for (const part of [
    /^\*\*When\.\*\* /m,
    /^\*\*What you see\.\*\* /m,
    /^## Do/m,
    /^## It worked when/m,
    /^## Do not/m,
  ])
    expect(text).toMatch(part);
});

test.each(pages)("%s fits a page", (name) => {
  expect(textOf(name).split("\n").length).toBeLessThan(130);
});

test("no runbook changes by hand what Terraform owns", () => {
  const changes =
    /^(\w+=\S+ )*(helm (rollback|upgrade|install|uninstall)|kubectl (scale|apply|patch|edit|set|annotate|label)|terraform (apply|state)|gcloud container clusters (update|delete)|gcloud sql instances (patch|restart)(?! plue-prod-(restored|next) )) /;
  const all = names.flatMap((name) => fenced(textOf(name), "sh").flatMap((block) => block.split("\n")));
  expect(all.map((line) => line.trim()).filter((line) => changes.test(line))).toEqual([]);
});

test("every alert leads to a runbook that is there", () => {
  const linked = [...synthesizeProgram().values()].flatMap((stack: Synthesized) =>
    Object.values(stack.resources("google_monitoring_alert_policy")).map(
      ({ documentation }) => /\/(docs\/runbooks\/[\w-]+\.md)\)$/.exec(documentation.content)?.[1],
    ),
  );
  expect(linked.length).toBeGreaterThan(4);
  for (const page of linked) expect([page, existsSync(String(page))]).toEqual([page, true]);
});
