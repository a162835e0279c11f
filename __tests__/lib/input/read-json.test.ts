import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { JsonDocument } from "../../../lib/input/json-document";
import { parseJson, readText } from "../../../lib/input/read-json";
import { printedBy, problemsOf } from "../../support/problems";
import fc from "../../support/properties";

const anything = z.unknown();
const print = (text: string, schema: z.ZodType = anything) =>
  printedBy(() => parseJson(text, "file.json", schema));

describe("what is not JSON", () => {
  test.each([
    ["", "1:1: the file is empty: a JSON object is expected"],
    [" \n", "1:1: the file is empty: a JSON object is expected"],
    ['{"a": 1,}', '1:8: JSON takes no "," after the last element: remove it'],
    ["[1, 2,\n]", '1:6: JSON takes no "," after the last element: remove it'],
    ['{"a": 1 "b": 2}', '1:9: a "," is missing before this'],
    ['{"a": 1} // why', "1:10: JSON has no comments: remove it"],
    ["/* why */ {}", "1:1: JSON has no comments: remove it"],
    ["# why\n{}", "1:1: JSON has no comments: remove it"],
    ["{'a': 1}", '1:2: JSON quotes keys and strings with " alone'],
    ["{“a”: 1}", '1:2: JSON quotes keys and strings with " alone'],
    ["{a: 1}", '1:2: the key "a" stands without its double quotes'],
    ['{"a": True}', /^file.json:1:7: "True" is not JSON: a string takes double quotes/],
    ['{"a": NaN}', /^file.json:1:7: "NaN" is not JSON/],
    ['{"a": 01}', "1:8: a number takes no leading 0: remove it, or write a string"],
    ['{"a" 1}', '1:6: a ":" and a value are missing after the key'],
    ['{"a": }', "1:7: a value is missing here"],
    ['{"a": [1, 2}', '1:12: a "]" is missing here for the "[" of line 1'],
    ['{\n  "a": {\n    "b": 1\n  }\n', '5:1: a "}" is missing here for the "{" of line 1'],
    ['{"a": 1} {"b": 2}', "1:10: the JSON value ends before this: remove what follows"],
    ['{"a": "b\n}', '1:7: this string is not closed: a " is missing before the end of the line'],
    ['{"a": "b\tc"}', "1:7: this string holds a control character: write it as an escape, a tab as \\t"],
    ['{"a": "\\x"}', /^file.json:1:7: this string holds a \\ that begins no escape/],
    ['{"a": "\\u12"}', /^file.json:1:7: this string holds a \\ that begins no escape/],
    [
      '{"a":\u00a01}',
      /^file.json:1:6: character 1 is a space of another kind \(U\+00A0\), which has no place here/,
    ],
    ['{"a":\u200b1}', /^file.json:1:6: character 1 is invisible \(U\+200B\), which has no place here/],
    [
      '{\n<<<<<<< HEAD\n  "a": 1\n=======\n  "a": 2\n>>>>>>> main\n}',
      "2:1: a merge conflict is left here: keep what is right of both sides and remove its marker lines",
    ],
  ])("%j", (text, expected) => {
    const printed = print(text);
    expect(printed).toHaveLength(1);
    if (typeof expected === "string") expect(printed[0]).toBe(`file.json:${expected}`);
    else expect(printed[0]).toMatch(expected);
  });

  test("nesting that would overflow a parser", () => {
    expect(print("[".repeat(100_000))).toEqual(["file.json:1:65: nested more than 64 deep"]);
    expect(print('{"a":'.repeat(100_000))).toEqual(["file.json:1:321: nested more than 64 deep"]);
    expect(print("[".repeat(64) + "]".repeat(64))).toEqual([]);
  });

  test("harmless slips do not hide each other, nor what is wrong with the values", () => {
    const text = '{\n  "a": 1, // one\n  "b": "x"\n  "c": [1,],\n}';
    expect(print(text, z.strictObject({ a: z.int(), b: z.int(), c: z.array(z.int()) }))).toEqual([
      "file.json:2:11: JSON has no comments: remove it",
      'file.json:3:8: b: expected a number; found "x"',
      'file.json:4:3: a "," is missing before this',
      'file.json:4:10: JSON takes no "," after the last element: remove it',
      'file.json:4:12: JSON takes no "," after the last element: remove it',
    ]);
  });

  test("a text is taken exactly when JSON.parse takes it, with the same value", () => {
    const pieces = [
      "{",
      "}",
      "[",
      "]",
      ",",
      ":",
      '"a"',
      '"b"',
      '"\\u0041"',
      '"\t"',
      "1",
      "-",
      "0",
      ".5",
      "e3",
      "+",
    ];
    const blanks = [
      " ",
      "\n",
      "\r\n",
      "\t",
      "\f",
      "\u00a0",
      "\u2028",
      "\ufeff",
      "//",
      "/*",
      "true",
      "null",
      "nul",
    ];
    const texts = fc.oneof(
      fc.array(fc.constantFrom(...pieces, ...blanks), { maxLength: 12 }).map((parts) => parts.join("")),
      fc.json(),
      fc.tuple(fc.json(), fc.nat(), fc.constantFrom(...pieces, ...blanks)).map(([json, at, piece]) => {
        const where = at % (json.length + 1);
        return json.slice(0, where) + piece + json.slice(where);
      }),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const document = new JsonDocument(text, "file.json");
        const complaints = document.problems.filter(
          ({ message }) => !/given in line|may not be a key/.test(message),
        );
        const parsed = strictly(text.replace(/^\ufeff/, ""));
        expect(complaints.length > 0).toBe(parsed === undefined);
        if (parsed && document.problems.length === 0) expect(document.value).toEqual(parsed.value);
      }),
      { numRuns: 2000 },
    );
  });
});

function strictly(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

describe("keys", () => {
  test("a key given twice is named at its second place", () => {
    expect(print('{\n  "a": 1,\n  "a": 2\n}')).toEqual([
      'file.json:3:3: a: the key "a" was given in line 2 already: keep one of the two',
    ]);
  });

  test("a key that is spelled with an escape is the same key", () => {
    expect(print('{"a": 1, "\\u0061": 2}')).toHaveLength(1);
  });

  test.each(["__proto__", "constructor", "prototype"])("%s is refused at any depth", (key) => {
    expect(
      print(`{"list": [{"${key}": {"x": 1}}]}`, z.object({ list: z.array(z.record(z.string(), z.any())) })),
    ).toEqual([`file.json:1:12: list[0].${key}: "${key}" may not be a key here or anywhere: remove it`]);
  });
});

describe("what a schema refuses", () => {
  const schema = z.strictObject({
    name: z.string().meta({ examples: ["x"] }),
    size: z.int().min(1).max(9).optional(),
    kind: z.enum(["small", "large"]).default("small"),
    names: z.array(z.string()).min(1).max(2).optional(),
    flag: z.boolean().optional(),
  });

  test.each([
    ["null", "1:1: expected an object; found null"],
    ["[]", "1:1: expected an object; found an empty list"],
    ['"x"', '1:1: expected an object; found "x"'],
    ["{}", '1:1: the key "name" is missing: for instance "name": "x"'],
    ['{"name": ["x"]}', '1:10: name: expected a string, for instance "x"; found a list'],
    ['{"nmae": "x"}', '1:2: nmae: unknown key "nmae": did you mean "name"?'],
    ['{"name": "x", "NAME": "x"}', '1:15: NAME: unknown key "NAME": did you mean "name"?'],
    [
      '{"name": "x", "colour": 1}',
      '1:15: colour: unknown key "colour": known here are "name", "size", "kind", "names", "flag"',
    ],
    ['{"name": "x", "two words": 1}', /^file.json:1:15: \["two words"\]: unknown key "two words"/],
    [
      '{"name": "x", "kind": "smal"}',
      '1:23: kind: "smal" is not one of "small", "large": did you mean "small"?',
    ],
    ['{"name": "x", "kind": 7}', '1:23: kind: 7 is not one of "small", "large"'],
    ['{"name": "x", "flag": "yes"}', '1:23: flag: expected true or false; found "yes"'],
    ['{"name": "x", "size": 1.5}', "1:23: size: expected a whole number; found 1.5"],
    ['{"name": "x", "size": 0}', "1:23: size: 0 is too small: at least 1"],
    [
      '{"name": "x", "size": 123456789012345678901}',
      "1:23: size: 123456789012345678901 is too large: at most 9",
    ],
    ['{"name": "x", "size": 1e999}', "1:23: size: 1e999 is beyond all bounds"],
    ['{"name": "x", "names": []}', "1:24: names: an empty list has too few elements: at least 1"],
    ['{"name": "x", "names": ["a", "b", "c"]}', "1:24: names: a list has too many elements: at most 2"],
  ])("%s", (text, expected) => {
    const printed = print(text, schema);
    expect(printed).toHaveLength(1);
    if (typeof expected === "string") expect(printed[0]).toBe(`file.json:${expected}`);
    else expect(printed[0]).toMatch(expected);
  });

  test("a whole number that cannot be counted exactly, where the schema has no bounds", () => {
    expect(print("[1e300]", z.array(z.int()))).toEqual([
      "file.json:1:2: [0]: 1e300 is too large: at most 9007199254740991",
    ]);
  });

  test("what it takes comes with its defaults and cannot be changed", () => {
    const value = parseJson('{"name": "x", "names": ["a"]}', "file.json", schema);
    expect(value).toEqual({ name: "x", kind: "small", names: ["a"] });
    expect(Object.isFrozen(value) && Object.isFrozen(value.names)).toBe(true);
  });

  test("problems come in the order of the text, whatever order they were found in", () => {
    const text = '{\n  "size": 0, "siez": 1,\n  "name": 7, "name": 8\n}';
    const places = problemsOf(() => parseJson(text, "file.json", schema)).map(({ line, column }) => [
      line,
      column,
    ]);
    expect(places).toEqual([
      [2, 11],
      [2, 14],
      [3, 11],
      [3, 14],
    ]);
  });

  test("lines end in any of the three ways, and a byte order mark takes no column", () => {
    expect(print('\ufeff{"name":\r\n\r1}', schema)).toEqual([
      'file.json:3:1: name: expected a string, for instance "x"; found 1',
    ]);
  });

  test("a rule's finding stands for what the schema found wrong with the same value", () => {
    const rule = () => [{ path: ["name"], message: "taken" }];
    expect(printedBy(() => parseJson('{"name": 1, "size": 0}', "file.json", schema, [rule]))).toEqual([
      "file.json:1:10: name: taken",
      "file.json:1:21: size: 0 is too small: at least 1",
    ]);
  });
});

describe("what is printed", () => {
  test("cannot command a terminal, hide, or turn the direction of text", () => {
    const evil = "\u001b[31m\u202e\u200b\u0301\u2028\ud800\u009b";
    const text = JSON.stringify({ [evil]: evil });
    const [line] = print(text, z.strictObject({ a: z.string().optional() }));
    expect(line).toContain(String.raw`\u001b[31m\u202e\u200b\u0301\u2028\ud800\u009b`);
    expect(print(`{"a": ${JSON.stringify(evil)}}`, z.strictObject({ a: z.int() }))[0]).toMatch(/^[ -~]*$/);
    expect(printedBy(() => parseJson("{", "a\u001b[2J.json", anything))[0]).toMatch(
      /^a\\u001b\[2J\.json:1:2: /,
    );
  });

  test("is cut where a value is long", () => {
    expect(print(JSON.stringify({ a: "x".repeat(5000) }), z.object({ a: z.int() }))[0]?.length).toBeLessThan(
      150,
    );
    expect(print(`{"a": ${"9".repeat(5000)}}`, z.object({ a: z.string() }))[0]?.length).toBeLessThan(150);
  });
});

describe("reading a file", () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), "plue-input-"));
  });
  afterAll(() => rmSync(directory, { recursive: true }));
  const printed = (name: string, content?: string | Buffer) => {
    const file = join(directory, name);
    if (content !== undefined) writeFileSync(file, content);
    return printedBy(() => readText(file)).map((line) => line.replace(`${directory}/`, ""));
  };

  test("gives its text", () => {
    writeFileSync(join(directory, "text"), "żółw 🐢");
    expect(readText(join(directory, "text"))).toBe("żółw 🐢");
  });

  test("a file that is not there", () => {
    expect(printed("nowhere.json")).toEqual([
      "nowhere.json: there is no such file: run this in the directory that holds it",
    ]);
    expect(printed("text/below.json")).toEqual([
      "text/below.json: there is no such file: a part of its path is not a directory",
    ]);
  });

  test("a directory", () => {
    mkdirSync(join(directory, "directory.json"));
    expect(printed("directory.json")).toEqual([
      "directory.json: this is a directory: a file is expected here",
    ]);
  });

  test("bytes that are not UTF-8, with their place", () => {
    expect(printed("latin1.json", Buffer.from('{\n  "a": "é\ufffd", "ö": 1}', "utf8"))).toEqual([]);
    expect(printed("latin1.json", Buffer.from('{\n  "name": "José"}', "latin1"))).toEqual([
      "latin1.json:2:15: the byte 0xe9 is not UTF-8: save the file as UTF-8",
    ]);
    expect(
      printed(
        "cut.json",
        Buffer.concat([Buffer.from('"\ufffd'), Buffer.from([0xef, 0xbf]), Buffer.from('"')]),
      ),
    ).toEqual(["cut.json:1:3: the byte 0xef is not UTF-8: save the file as UTF-8"]);
  });

  test("UTF-16, as some editors and shells write it", () => {
    expect(printed("utf16.json", Buffer.from("\ufeff{}", "utf16le"))).toEqual([
      "utf16.json: this file is UTF-16: save it as UTF-8",
    ]);
  });
});
