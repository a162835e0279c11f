import { normalized } from "../../../lib/core/text-file";

const of = (text: string) => normalized(Buffer.from(text, "latin1")).toString("latin1");

test.each([
  ["LF", "a\nb\n", "a\nb\n"],
  ["CRLF", "a\r\nb\r\n", "a\nb\n"],
  ["both", "a\r\nb\nc\r\n", "a\nb\nc\n"],
  ["UTF-8", "\xc3\xa9\r\n", "\xc3\xa9\n"],
  ["no line end", "a", "a"],
  ["nothing", "", ""],
])("text with %s has LF", (_, given, expected) => {
  expect(of(given)).toBe(expected);
});

test.each([
  ["a NUL", "a\r\n\0"],
  ["a CR that ends no line", "a\r\r\nb"],
])("what has %s is no text, and stays as it is", (_, given) => {
  expect(of(given)).toBe(given);
});
