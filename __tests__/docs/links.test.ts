import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { brokenLinks, linksOf } from "../support/markdown";
import { filesBelow } from "../support/tree";

const pages = filesBelow().filter((file) => file.endsWith(".md"));

test.each(pages)("every link of %s leads somewhere", (page) => {
  expect(brokenLinks(page)).toEqual([]);
});

test("there are enough links for this to say something", () => {
  expect(pages.flatMap(linksOf).length).toBeGreaterThan(150);
});

test.each(["docs", "docs/decisions", "docs/runbooks"])(
  "%s/README.md leads to every page beside it",
  (folder) => {
    const beside = readdirSync(folder)
      .filter((file) => file.endsWith(".md") && file !== "README.md")
      .map((file) => join(folder, file));
    const led = linksOf(join(folder, "README.md")).map(({ file }) => file);
    expect(beside.filter((page) => !led.includes(page))).toEqual([]);
  },
);

test("the decisions are listed by number, under their titles", () => {
  const listed = [
    ...readFileSync("docs/decisions/README.md", "utf8").matchAll(
      /^\| \[(\d+)\]\((\d{4}-\S+\.md)\) \| (.+) \|$/gm,
    ),
  ].map(([, number, file, title]) => [file, `# ${number}. ${title}`]);
  const written = readdirSync("docs/decisions")
    .filter((file) => file !== "README.md")
    .map((file) => [file, readFileSync(join("docs/decisions", file), "utf8").split("\n", 1)[0]]);
  expect(listed).toEqual(written.sort());
});
