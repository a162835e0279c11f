import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseIgnoreFile } from "../../../lib/core/ignore-file";
import { testWith } from "../../support/needs";

const FILES = [
  "a.txt",
  "b.md",
  "docs/a.txt",
  "docs/deep/a.txt",
  "files/a+b.sql",
  "files/run.sh",
  "templates/.hidden.yaml",
  "templates/a.yaml",
  "templates/docs/x.yaml",
];

/** What is left of FILES, folders first as a walk meets them. */
function left(rules: string): string[] {
  const ignored = parseIgnoreFile(rules, ".helmignore", ["templates/.?*"]);
  return FILES.filter((file) => {
    const parts = file.split("/");
    const folders = parts.slice(0, -1).map((_, index) => parts.slice(0, index + 1).join("/"));
    return !folders.some((folder) => ignored(folder, true)) && !ignored(file, false);
  });
}

/** What Helm packs of a chart with FILES. */
function leftByHelm(rules: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), "plue-ignore-"));
  try {
    const write = (file: string, text: string) => {
      mkdirSync(dirname(join(folder, "c", file)), { recursive: true });
      writeFileSync(join(folder, "c", file), text);
    };
    for (const file of FILES) write(file, "");
    write("Chart.yaml", "apiVersion: v2\nname: c\nversion: 1.0.0\n");
    write(".helmignore", rules);
    const { status, stderr } = spawnSync("helm", ["package", join(folder, "c"), "-d", folder], {
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(stderr);
    const { stdout } = spawnSync("tar", ["-tzf", join(folder, "c-1.0.0.tgz")], { encoding: "utf8" });
    const files = stdout.split("\n").map((file) => file.replace(/^c\//, ""));
    return FILES.filter((file) => files.includes(file));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const rules: [rules: string, gone: string[]][] = [
  ["", []],
  ["# a.txt\n\n  b.md  \n", ["b.md"]],
  ["a.txt", ["a.txt", "docs/a.txt", "docs/deep/a.txt"]],
  ["/a.txt", ["a.txt"]],
  ["docs/a.txt", ["docs/a.txt"]],
  ["docs/*", ["docs/a.txt", "docs/deep/a.txt"]],
  ["docs/", ["docs/a.txt", "docs/deep/a.txt", "templates/docs/x.yaml"]],
  ["a.txt/", []],
  ["*.sh\nfiles/?+b.*", ["files/run.sh", "files/a+b.sql"]],
  ["templates/?.yaml", ["templates/a.yaml"]],
];
const others = (gone: string[]) =>
  FILES.filter((file) => file !== "templates/.hidden.yaml" && !gone.includes(file));

test.each(rules)("%j leaves files out", (rules, gone) => {
  expect(left(rules)).toEqual(others(gone));
});

testWith("helm").each(rules)("%j leaves the same files out for Helm itself", (rules, gone) => {
  expect(leftByHelm(rules)).toEqual(others(gone));
});

test.each(["!a.txt", "docs/**", "[ab].txt", "a\\*"])("%s is refused, as it is not read here", (rule) => {
  expect(() => parseIgnoreFile(`b.md\n${rule}\n`, "x/.helmignore")).toThrow(
    `x/.helmignore:2:1: ${JSON.stringify(rule)} is not read here`,
  );
});
