import { cleanLine, cleanText, code } from "../../../tools/command-line/foreign-text";
import { HOSTILE, obeyed, outsideCode } from "../../support/hostile-text";
import fc from "../../support/properties";

test.each([
  ["alice@laptop", "alice@laptop"],
  ["größer · 東京 · e\u0301", "größer · 東京 · e\u0301"],
  ["\u001b[1;31mError\u001b[0m: no", "Error: no"],
  ["a\u001b[2Jb\u0007", "a\\u001b[2Jb\\u0007"],
  ["a\nb\r\nc", "a\\u000ab\\u000d\\u000ac"],
  ["user\u202egnp.exe\u200b", "user\\u202egnp.exe\\u200b"],
  ["::add-mask::x", ": :add-mask::x"],
  [" ::group::x", " : :group::x"],
  ["see ##[error]x", "see ## [error]x"],
  ["a::b", "a::b"],
])("%j becomes the line %j", (given, clean) => {
  expect(cleanLine(given)).toBe(clean);
});

test("a line has an end", () => {
  expect(cleanLine("abcdef", 3)).toBe("abc…");
  expect(cleanLine("x".repeat(10_000)).length).toBe(301);
});

test("a text keeps its lines and tabs, and what else it looks like", () => {
  const plan =
    '  ~ resource "a" "b" {\n\t+ x = <<-EOT\n  ::set-output name=outcome::new\n\u001b[32m  +\u001b[0m\r\n';
  expect(cleanText(plan)).toBe(
    '  ~ resource "a" "b" {\n\t+ x = <<-EOT\n  : :set-output name=outcome::new\n  +\n',
  );
});

test("nothing is obeyed, whatever somebody writes", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary", maxLength: 40 }),
    fc.string({ unit: fc.constantFrom(...HOSTILE, ":", "#", "[") }),
  );
  fc.assert(
    fc.property(text, (text) => {
      expect(obeyed(cleanLine(text))).toEqual([]);
      expect(cleanLine(text)).not.toMatch(/[\n\t]/);
      expect(obeyed(cleanText(text))).toEqual([]);
      expect(cleanText(text).split("\n")).toHaveLength(text.split("\n").length);
      expect(outsideCode(`a ${code(cleanLine(text))} b`)).toBe("a  b");
    }),
    { numRuns: 2000 },
  );
});
