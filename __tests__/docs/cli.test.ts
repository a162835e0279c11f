import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { commandLine } from "../../tools";

const page = readFileSync("docs/cli.md", "utf8");
const program = commandLine({ startedIn: process.cwd(), folder: process.cwd() });

/** Commands that one can type, with what comes before their name; those of workflows have a page of their own. */
function commandsBelow(
  command: Command,
  before: readonly string[] = [],
): [path: string[], command: Command][] {
  return command
    .createHelp()
    .visibleCommands(command)
    .filter((child) => !["help", "ci"].includes(child.name()))
    .flatMap((child) => {
      const path = [...before, child.name()];
      return child.commands.length > 0 ? commandsBelow(child, path) : [[path, child] as [string[], Command]];
    });
}
const commands = commandsBelow(program);

test.each(commands.map(([path]) => path))("%s %s has a row", (...path) => {
  const [name = "", group] = [path.at(-1), path.length > 1 ? path[0] : undefined];
  const rows = page.split("\n").filter((line) => line.startsWith(`| \`plue ${group ?? name}`));
  expect(rows.filter((row) => new RegExp(`\`(plue )?([\\w-]+ )?${name}\\b`).test(row))).not.toEqual([]);
});

test("every option is named, and the table of commands names none that there is not", () => {
  const known = new Set(commands.flatMap(([, { options }]) => options.flatMap(({ long }) => long ?? [])));
  const flagsIn = (text: string) => new Set(text.match(/--[a-z][a-z-]+/g));
  const named = flagsIn(page);
  expect([...known].filter((flag) => flag !== "--json" && !named.has(flag))).toEqual([]);
  const rows = page.split("\n").filter((line) => line.startsWith("| `plue "));
  expect([...flagsIn(rows.join())].filter((flag) => !known.has(flag))).toEqual([]);
});
