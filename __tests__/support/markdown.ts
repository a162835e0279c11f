import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Links of a page into the project: the file they lead to, and the heading in it where they name one. */
export function linksOf(page: string): { link: string; file: string; anchor?: string }[] {
  return [...readFileSync(page, "utf8").matchAll(/\]\((?![a-z]+:)([^)#\s]*)(?:#([^)\s]+))?\)/g)].map(
    ([link, path = "", anchor]) => ({ link, file: path ? join(dirname(page), path) : page, anchor }),
  );
}

/** Those that lead nowhere. */
export function brokenLinks(page: string): string[] {
  return linksOf(page)
    .filter(({ file, anchor }) => !existsSync(file) || (anchor && !anchorsOf(file).includes(anchor)))
    .map(({ link }) => link);
}

/** What GitHub calls the headings of a page. */
function anchorsOf(page: string): string[] {
  return [...readFileSync(page, "utf8").matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

const OURS =
  /^(?:\.ci|\.githooks|\.github|lib|stacks|tools|helm|policy|scripts|docs|local|__tests__)\/|^(?:main\.ts|[\w-]+\.json)$/;

/** Files and folders of the project that a page names as code, but those of which a part is up to the reader. */
export function pathsOf(page: string): string[] {
  return [...readFileSync(page, "utf8").matchAll(/`([\w./-]+)`/g)]
    .map(([, path = ""]) => path)
    .filter((path) => OURS.test(path));
}

/** Folders of runbooks: Plue's, and those of the systems beside it. */
export function runbookFolders(): string[] {
  const systems = readdirSync("stacks").map((name) => join("stacks", name, "runbooks"));
  return ["docs/runbooks", ...systems.filter((folder) => existsSync(folder))];
}
