import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runbookFolders } from "../support/markdown";
import { synthesizeProgram } from "../support/program";
import { fenced } from "../support/shell-commands";
import type { Synthesized } from "../support/synth";

const files = runbookFolders().flatMap((folder) => readdirSync(folder).map((file) => join(folder, file)));
const pages = files.filter((file) => !file.endsWith("/README.md"));
const textOf = (file: string) => readFileSync(file, "utf8");

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
    /^(\w+=\S+ )*(helm (rollback|upgrade|install|uninstall)|kubectl (scale|apply|patch|edit|set|annotate|label)|terraform (apply|state)|gcloud container clusters (update|delete)|gcloud sql instances (patch|restart)(?! [\w-]+-(restored|next) )) /;
  const all = files.flatMap((file) => fenced(textOf(file), "sh").flatMap((block) => block.split("\n")));
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
