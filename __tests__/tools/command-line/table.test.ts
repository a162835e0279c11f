import { stripVTControlCharacters } from "node:util";
import { table } from "../../../tools/command-line/output";
import { visibleLength, wrap } from "../../../tools/command-line/terminal";

const plain = (text: string) => stripVTControlCharacters(text).split("\n");
const HEAD = ["STACK", "STATE", "URL"];

describe("a table", () => {
  test("has columns as wide as they need to be, whatever colours are in them", () => {
    const rows = [
      HEAD,
      ["production", "\u001b[32mdeployed\u001b[39m", "https://plue.dev"],
      ["staging", "", ""],
    ];
    expect(plain(table(rows, { width: 40 }))).toEqual([
      "STACK       STATE     URL",
      "production  deployed  https://plue.dev",
      "staging",
    ]);
  });

  test("without a head is rows alone", () => {
    expect(table([["a", "1"]], { head: false, width: 80 })).toBe("a  1");
    expect(table([], { head: false, width: 80 })).toBe("");
  });

  test("breaks the text of its last column where the terminal ends", () => {
    const what = "one word after the other, until there is no more room for them";
    expect(
      plain(
        table(
          [
            ["check", "what"],
            ["CKV_1", what],
          ],
          { width: 40 },
        ),
      ),
    ).toEqual([
      "check  what",
      "CKV_1  one word after the other, until",
      "       there is no more room for them",
    ]);
  });

  test("puts below what has no room in one piece, and keeps the others beside", () => {
    const rows = [
      ["node", "20.9.0"],
      ["credentials", "/home/somebody/.config/gcloud/credentials.json is not there"],
    ];
    expect(plain(table(rows, { head: false, width: 48 }))).toEqual([
      "node         20.9.0",
      "credentials",
      "    /home/somebody/.config/gcloud/credentials.json",
      "    is not there",
    ]);
  });

  test("is a block for each row where all columns are too many, of what the row says", () => {
    const rows = [
      ["STACK", "STATE", "RESOURCES", "IMAGES"],
      ["production", "deployed", "113", "zig-api:main@1a2b3c4d5e6f ui:main@1a2b3c4d5e6f"],
      ["staging-base", "never deployed", "", ""],
    ];
    expect(plain(table(rows, { width: 44 }))).toEqual([
      "production",
      "  STATE      deployed",
      "  RESOURCES  113",
      "  IMAGES     zig-api:main@1a2b3c4d5e6f",
      "             ui:main@1a2b3c4d5e6f",
      "staging-base",
      "  STATE      never deployed",
    ]);
  });

  test("in a pipe is never broken", () => {
    const long = "x ".repeat(200).trim();
    expect(process.stdout.isTTY).toBeFalsy();
    expect(
      plain(
        table([
          ["a", "b"],
          ["1", long],
        ]),
      ),
    ).toEqual(["a  b", `1  ${long}`]);
  });
});

describe("a text", () => {
  test("is broken at spaces, with its own lines kept, and no word is broken", () => {
    expect(wrap("one two three\nfour https://plue.dev/a/long/address", 12, "- ", "  ")).toEqual([
      "- one two",
      "  three",
      "  four",
      "  https://plue.dev/a/long/address",
    ]);
  });

  test("is as long as a person sees", () => {
    expect(visibleLength("\u001b[1m\u001b[31mred\u001b[39m\u001b[22m")).toBe(3);
  });
});
