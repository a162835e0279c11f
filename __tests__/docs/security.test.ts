import { existsSync, readFileSync } from "node:fs";
import { plue } from "../../stacks/plue";
import { enterProject } from "../../tools/command-line/project";
import { RULES } from "../../tools/policy/rules";

/** Tables of a page, each row by its cells, without the head. */
function rows(markdown: string): string[][] {
  const lines = markdown.split("\n").filter((line) => line.startsWith("|"));
  return lines
    .filter(
      (_, index) =>
        !/^\|[-|]+\|$/.test(lines[index] as string) && !/^\|[-|]+\|$/.test(lines[index + 1] ?? ""),
    )
    .map((line) => line.split(/ *\| */).slice(1, -1));
}

/** Files that a cell names, each with the names of tests behind it: `file` "a test", "another". */
function named(cell: string): [file: string, tests: string[]][] {
  return [...cell.matchAll(/`(__tests__\/[\w./-]+\.ts)`((?:,? "[^"]+")*)/g)].map(
    ([, file = "", tests = ""]) => [file, [...tests.matchAll(/"([^"]+)"/g)].map(([, name = ""]) => name)],
  );
}

const pages = ["docs/security.md", "docs/secrets.md"].map(
  (page) => [page, readFileSync(page, "utf8")] as const,
);
const security = rows(pages[0]?.[1] ?? "");

test.each(pages)("every test that %s names is there, in the file that it names", (_, text) => {
  const found = named(text);
  expect(found.length).toBeGreaterThan(2);
  for (const [file, tests] of found) {
    expect([file, existsSync(file)]).toEqual([file, true]);
    const source = readFileSync(file, "utf8");
    for (const name of tests) expect([file, name, source.includes(name)]).toEqual([file, name, true]);
  }
});

test("every rule that it names is one of the policy's", () => {
  const ids = RULES.map(({ id }) => id);
  for (const cell of security.flat())
    for (const [, list = ""] of cell.matchAll(/rules? ((?:`[a-z-]+`(?:, )?)+)/g))
      for (const [, id = ""] of list.matchAll(/`([a-z-]+)`/g)) expect(ids).toContain(id);
});

test("every row has a test, or says that nothing stops it and that this is accepted", () => {
  expect(security.length).toBeGreaterThan(30);
  for (const [first = "", second = "", third = "", fourth = ""] of security) {
    const tested = [third, fourth].some((cell) => named(cell).length > 0 || /rules? `/.test(cell));
    const accepted = /^nothing/.test(second) && /^yes/.test(fourth);
    const outside = /^- \(/.test(fourth);
    expect([first, tested || accepted || outside]).toEqual([first, true]);
  }
});

test("the page about secrets names every secret, and no other", () => {
  const { declaredSecrets } =
    require("../../tools/secrets/declared") as typeof import("../../tools/secrets/declared");
  enterProject({ startedIn: process.cwd(), folder: process.cwd(), loadSystem: () => plue });
  const ids = new Set(declaredSecrets().map(({ secretId }) => secretId));
  const [, text = ""] = pages[1] ?? [];
  const table = rows(text).filter((cells) => cells.length === 4 && !cells[3]?.includes("__tests__"));
  const listed = table.flatMap(([cell = ""]) => [...cell.matchAll(/`([a-z-]+)`/g)].map(([, id]) => id));
  expect(listed.sort()).toEqual([...ids].sort());
});
