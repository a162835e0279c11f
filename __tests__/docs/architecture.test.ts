import { existsSync, readdirSync, readFileSync } from "node:fs";

test("names every folder of lib/ that is not the parts of one construct", () => {
  const text = readFileSync("docs/architecture.md", "utf8");
  const folders = readdirSync("lib", { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !existsSync(`lib/${entry.name}.ts`))
    .map(({ name }) => `\`lib/${name}/\``);
  expect(folders.filter((folder) => !text.includes(folder))).toEqual([]);
});
