import { spawnSync } from "node:child_process";
import type { Command } from "commander";
import { sync as writeFileAtomic } from "write-file-atomic";
import {
  type EntryChange,
  type EntryConflict,
  entryChanges,
  mergeEntries,
} from "../../lib/environments/registry-edit";
import { quote } from "../../lib/input/problems";
import { CliError, EXIT } from "../command-line/errors";
import { examples, tell } from "../command-line/output";
import { thisRegistry } from "./registry";

/** Registers `plue engineers merge`. */
export function registerMerge(engineers: Command): void {
  const command = engineers
    .command("merge")
    .description(
      "settles a git merge, rebase or cherry-pick that stopped at the registry: by entry, not by line",
    )
    .action(merge);
  examples(command, {
    "git merge origin/main || npx plue engineers merge": "then git add, git merge --continue",
  });
}

function merge(): void {
  const { file, parse } = thisRegistry();
  const [ours, theirs] = [stage(file, 2), stage(file, 3)];
  if (ours === undefined || theirs === undefined)
    throw new CliError(`${file} has no conflict between two versions of it: git status tells`, EXIT.usage);
  // One side that is not valid would not be read as it was meant.
  parse(ours, `${file} of HEAD`);
  parse(theirs, `${file} of the other side`);
  const base = stage(file, 1) ?? '{ "engineers": [] }';
  const { text, conflicts } = mergeEntries(base, ours, theirs);
  if (conflicts.length > 0) throw new CliError(explain(file, conflicts), EXIT.refused);
  parse(text, file);
  writeFileAtomic(file, text);
  const sides = { HEAD: entryChanges(base, ours), "the other side": entryChanges(base, theirs) };
  const told = Object.entries(sides).map(([side, changes]) => `  ${side} ${describe(changes)}`);
  tell([`Merged ${file} by entry:`, ...told, "Next:", `  git add ${file}`, "  git status"].join("\n"));
}

/** A version of a file that a merge left in the index: 1 is what both sides began with, 2 HEAD's, 3 the other's. */
function stage(file: string, number: 1 | 2 | 3): string | undefined {
  const { status, stdout } = spawnSync("git", ["show", `:${number}:./${file}`], { encoding: "utf8" });
  return status === 0 ? stdout : undefined;
}

function describe(changes: readonly EntryChange[]): string {
  const said = changes.map(({ name, before, after }) =>
    before === undefined ? `adds ${name}` : after === undefined ? `removes ${name}` : `changes ${name}`,
  );
  return said.join(", ") || "changes nobody";
}

function explain(file: string, conflicts: readonly EntryConflict[]): string {
  const said = (entry: string | undefined) => (entry === undefined ? "removed" : quote(JSON.parse(entry)));
  return [
    `${file} is left as it is, as both sides changed the same entry:`,
    ...conflicts.flatMap(({ name, ours, theirs }) => [
      `  ${name}`,
      `    HEAD:           ${said(ours)}`,
      `    the other side: ${said(theirs)}`,
    ]),
    `Settle these in ${file}, remove the marker lines, and git add it.`,
  ].join("\n");
}
