import { existsSync, readdirSync } from "node:fs";
import { pathsOf } from "../support/markdown";

const named = pathsOf("docs/architecture.md");

test("every path that it names is there", () => {
  expect(named.length).toBeGreaterThan(30);
  expect(named.filter((path) => !existsSync(path))).toEqual([]);
});

test.each(["lib", "stacks", "tools"])("it says what every folder of %s/ is", (floor) => {
  const folders = readdirSync(floor, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `${floor}/${name}/`);
  expect(folders.filter((folder) => !named.includes(folder))).toEqual([]);
});
