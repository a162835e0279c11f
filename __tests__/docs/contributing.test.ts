import { existsSync, readFileSync, statSync } from "node:fs";
import { pathsOf } from "../support/markdown";

const PAGE = "CONTRIBUTING.md";
const text = readFileSync(PAGE, "utf8");

test("every path that it names is there", () => {
  const paths = pathsOf(PAGE);
  expect(paths.length).toBeGreaterThan(40);
  expect(paths.filter((path) => !existsSync(path))).toEqual([]);
});

test("it says what each script of npm does, and of no other", () => {
  const { scripts } = JSON.parse(readFileSync("package.json", "utf8"));
  const listed = [...text.matchAll(/^\| `npm (?:run )?([\w:]+)[^`]*` \|/gm)].map(([, name]) => name);
  expect(listed.sort()).toEqual(Object.keys(scripts).sort());
});

describe("to change something, one goes to a place that is there:", () => {
  const [, part = ""] = text.split("## To change something, go to\n");
  const [table = ""] = part.split("\n## ");
  const rows = [...table.matchAll(/^\| ([^|]+) \| ([^|]*`[^|]+) \| ([^|]+) \|$/gm)].map(
    ([, what = "", files = "", names = ""]): [string, string[], string[]] => [
      what,
      [...files.matchAll(/`([^`]+)`/g)].map(([, file = ""]) => file),
      [...names.matchAll(/`([\w.]+)/g)].map(([, name = ""]) => name),
    ],
  );

  test("there are some", () => expect(rows.length).toBeGreaterThan(10));

  test.each(rows)("%s", (_, files, names) => {
    for (const file of files) expect([file, statSync(file).isFile()]).toEqual([file, true]);
    const sources = files.map((file) => readFileSync(file, "utf8")).join("\n");
    for (const name of names.filter((name) => !name.startsWith("this.")))
      expect([name, sources.includes(name)]).toEqual([name, true]);
  });
});
