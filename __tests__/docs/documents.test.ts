import { readFileSync } from "node:fs";
import { extname } from "node:path";
import { filesBelow } from "../support/tree";

const text = readFileSync("docs/documents.md", "utf8");

/** Sections that have a row, by the document's name: its part of the page is headed by that. */
const rows = new Map(
  text
    .split(/^## /m)
    .slice(1)
    .map((part): [string, string[]] => {
      const [heading = ""] = part.split("\n");
      const cells = [...part.matchAll(/^\| ([^|]+) \| [^|]* \| [^|]* \|$/gm)].map(([, cell = ""]) => cell);
      return [heading.replace(/^[IM]/, (letter) => letter.toLowerCase()), cells];
    }),
);

/** A comment's lines as one, so that a name may be broken over two. */
function joined(source: string): string {
  return source.replaceAll(/\n\s*(?:\*|\/\/|#)?\s*/g, " ");
}

interface Citation {
  readonly file: string;
  readonly document: string;
  readonly sections: readonly string[];
}

const SECTION = /"([^"]+)"/g;

/** Every place where somebody names a section of a document. */
function citations(file: string, source: string): Citation[] {
  return [
    ...joined(source).matchAll(
      /([\w-]+ document), sections? ((?:"[^"]+"(?: \([^)]*\))?(?:, (?:and )?| and )?)+)/g,
    ),
  ].map(([, document = "", list = ""]) => ({
    file,
    document,
    sections: [...list.matchAll(SECTION)].map(([, section = ""]) => section),
  }));
}

const sources = filesBelow()
  .filter((file) => /^\.(?:ts|mjs|md|yaml|yml|json|tf|sh|sql|tpl)$/.test(extname(file)))
  .filter((file) => file !== "__tests__/docs/documents.test.ts" && !file.includes("package-lock"))
  .map((file): [string, string] => [file, readFileSync(file, "utf8")]);
const cited = sources.flatMap(([file, source]) => citations(file, source));

test("every section that somebody cites has a row", () => {
  expect(cited.length).toBeGreaterThan(25);
  const lost = cited.flatMap(({ file, document, sections }) =>
    sections
      .filter((section) => !rows.get(document)?.includes(section))
      .map((section) => [file, document, section]),
  );
  expect(lost).toEqual([]);
});

test("every source is a section of a document that is named here", () => {
  const found = sources
    .filter(([file]) => /^(?:lib|stacks|tools)\//.test(file))
    .flatMap(([file, source]) =>
      [...joined(source).matchAll(/(?<=\* )Source: (.+?)(?=\. |\.$| \*\/| @)/g)].map(
        ([, list = ""]): [string, string[]] => [file, list.split("; ")],
      ),
    );
  expect(found.length).toBeGreaterThan(15);
  for (const [file, parts] of found)
    for (const part of parts) expect([file, part, citations(file, part).length]).toEqual([file, part, 1]);
});

test("every document that has a part is in the list at the top, and the other way round", () => {
  const [head = ""] = text.split(/^## /m);
  const listed = [...head.matchAll(/^\| ([\w-]+ document) \|/gm)].map(([, name]) => name);
  expect(listed.sort()).toEqual([...rows.keys()].sort());
});

test("no section has two rows", () => {
  for (const [document, sections] of rows)
    expect([document, sections.filter((section, index) => sections.indexOf(section) !== index)]).toEqual([
      document,
      [],
    ]);
});

describe("a citation", () => {
  test("may go over two lines, name several sections and say more of one", () => {
    const source = [
      ' * Source: OctoLLM document, sections "GKE Module" and "Network',
      ' * Security" (Cloud Armor); migration document, section "Update Terraform".',
    ].join("\n");
    expect(citations("x", source)).toEqual([
      { file: "x", document: "OctoLLM document", sections: ["GKE Module", "Network Security"] },
      { file: "x", document: "migration document", sections: ["Update Terraform"] },
    ]);
  });
});
