import { createScanner, type ParseError, ParseErrorCode, SyntaxKind } from "jsonc-parser";
import { oddCharacter } from "./characters";
import { positionAt, quote } from "./problems";

/** A place where a text is not JSON. */
export interface SyntaxFault {
  readonly offset: number;
  readonly message: string;
  /** What follows is still read as it was meant, so that its own problems can be told too. */
  readonly harmless?: boolean;
}

/** What jsonc-parser found, in words: up to the first error after which the rest is guesswork. */
export function explainSyntaxErrors(text: string, errors: readonly ParseError[]): SyntaxFault[] {
  const explained: SyntaxFault[] = [];
  let lastOffset = -1;
  for (const error of errors) {
    // The parser reports some mistakes twice: as a missing key and as its missing value.
    if (error.offset === lastOffset) continue;
    lastOffset = error.offset;
    const found = explain(text, error);
    explained.push(found);
    if (!found.harmless) break;
  }
  return explained;
}

function explain(text: string, { error, offset, length }: ParseError): SyntaxFault {
  const token = text.slice(offset, offset + length);
  const before = text.slice(0, offset).trimEnd();
  if (text.trim() === "") return { offset: 0, message: "the file is empty: a JSON object is expected" };
  switch (error) {
    case ParseErrorCode.InvalidCommentToken:
      return { offset, message: "JSON has no comments: remove it", harmless: true };
    case ParseErrorCode.PropertyNameExpected:
    case ParseErrorCode.ValueExpected:
      if (before.endsWith(",") && /^[\]}]/.test(token))
        return {
          offset: before.length - 1,
          message: 'JSON takes no "," after the last element: remove it',
          harmless: true,
        };
      return error === ParseErrorCode.PropertyNameExpected
        ? { offset, message: 'a key in double quotes is missing here, for instance "name"' }
        : { offset, message: "a value is missing here" };
    case ParseErrorCode.CommaExpected:
      if (/^[\]}]/.test(token)) return { offset, message: neverClosed(text, offset) };
      if (before.length === offset) return { offset, message: notJson(text, offset, token) };
      return { offset, message: 'a "," is missing before this', harmless: true };
    case ParseErrorCode.ColonExpected:
      return { offset, message: 'a ":" and a value are missing after the key' };
    case ParseErrorCode.CloseBraceExpected:
    case ParseErrorCode.CloseBracketExpected:
      return { offset, message: neverClosed(text, offset) };
    case ParseErrorCode.EndOfFileExpected:
      return { offset, message: "the JSON value ends before this: remove what follows" };
    case ParseErrorCode.UnexpectedEndOfString:
      return { offset, message: 'this string is not closed: a " is missing before the end of the line' };
    case ParseErrorCode.InvalidCharacter:
      return {
        offset,
        message: "this string holds a control character: write it as an escape, a tab as \\t",
      };
    case ParseErrorCode.InvalidEscapeCharacter:
    case ParseErrorCode.InvalidUnicode:
      return {
        offset,
        message: "this string holds a \\ that begins no escape: write \\\\ for the character itself",
      };
    default:
      return { offset, message: notJson(text, offset, token) };
  }
}

function notJson(text: string, offset: number, token: string): string {
  if (/^(<{7}|\|{7}|={7}|>{7})/.test(text.slice(offset)))
    return "a merge conflict is left here: keep what is right of both sides and remove its marker lines";
  if (token.startsWith("#")) return "JSON has no comments: remove it";
  if (/^['‘’“”„`]/.test(token)) return 'JSON quotes keys and strings with " alone';
  const odd = oddCharacter(token);
  if (odd && !/^[\p{L}\p{N}]/u.test(token)) return `${odd}, which has no place here: remove it`;
  if (/^\d/.test(token) && /\d$/.test(text.slice(0, offset)))
    return "a number takes no leading 0: remove it, or write a string";
  if (/^\s*:/.test(text.slice(offset + token.length)))
    return `the key ${quote(token)} stands without its double quotes`;
  return `${quote(token)} is not JSON: a string takes double quotes, and beside strings there are numbers, true, false, null, lists and objects`;
}

const CLOSING: Partial<Record<SyntaxKind, string>> = {
  [SyntaxKind.OpenBraceToken]: "}",
  [SyntaxKind.OpenBracketToken]: "]",
};

function neverClosed(text: string, end: number): string {
  const { kind, offset } = openBrackets(text, end).at(-1) ?? { kind: SyntaxKind.OpenBraceToken, offset: 0 };
  const { line } = positionAt(text, offset);
  return `a "${CLOSING[kind]}" is missing here for the "${text[offset]}" of line ${line}`;
}

/** More than any input of this program nests, and far less than overflows the parser's stack. */
const DEEPEST = 64;

/** The place where a text nests too deeply to be parsed. */
export function tooDeep(text: string): SyntaxFault | undefined {
  const innermost = openBrackets(text, text.length)[DEEPEST];
  return innermost && { offset: innermost.offset, message: `nested more than ${DEEPEST} deep` };
}

/** The brackets that are open at a place, or where they first become too many, outermost first. */
function openBrackets(text: string, end: number): { kind: SyntaxKind; offset: number }[] {
  const open: { kind: SyntaxKind; offset: number }[] = [];
  const scanner = createScanner(text, true);
  for (let kind = scanner.scan(); kind !== SyntaxKind.EOF; kind = scanner.scan()) {
    const offset = scanner.getTokenOffset();
    if (offset >= end) break;
    if (open.length > DEEPEST) break;
    if (kind in CLOSING) open.push({ kind, offset });
    else if (kind === SyntaxKind.CloseBraceToken || kind === SyntaxKind.CloseBracketToken) open.pop();
  }
  return open;
}
