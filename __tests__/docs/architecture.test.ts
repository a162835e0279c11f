import { existsSync, readdirSync, readFileSync } from "node:fs";

const text = readFileSync("docs/architecture.md", "utf8");
const FLOORS = /^(?:lib|stacks|tools|helm|policy|scripts|docs|local|__tests__)\/|^[\w-]+\.(?:ts|json)$/;
const named = [...text.matchAll(/`([\w./-]+)`/g)].map(([, path = ""]) => path);

test("every path that it names is there", () => {
  const paths = named.filter((path) => FLOORS.test(path));
  expect(paths.length).toBeGreaterThan(30);
  expect(paths.filter((path) => !existsSync(path))).toEqual([]);
});

test.each(["lib", "stacks", "tools"])("it says what every folder of %s/ is", (floor) => {
  const folders = readdirSync(floor, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `${floor}/${name}/`);
  expect(folders.filter((folder) => !named.includes(folder))).toEqual([]);
});
