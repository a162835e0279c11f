import { parseExpression, parseTemplate, type Sequence, sequenceTokens } from "./expression";
import { bracketChange, formatTokens, type Token } from "./tokens";

/** A reference of Terraform's expression language to what an address names. */
export interface Reference {
  /** `google_sql_user.admin`, `data.google_project.project`, `local.values`, `var.region`; also a loop's `item.key`. */
  readonly address: string;
  /** What of it is meant, as far as that is constant: `.metadata[0].name`; empty for the whole. */
  readonly attribute: string;
}

/** Roots behind which a type and a name follow. */
const MODES = new Set(["data", "ephemeral"]);

/**
 * Replaces references in all templates of a value: a string of Terraform's JSON syntax, or a list or object of such.
 * Keys stay as they are, and so does text outside of `${…}` and `%{…}`.
 *
 * @param replace the expression to write instead, or undefined to leave the reference
 */
export function mapReferences<T>(value: T, replace: (reference: Reference) => string | undefined): T {
  return mapStrings(value, (text) =>
    parseTemplate(text)
      .map((part) =>
        typeof part === "string" ? part : sequenceText({ ...part, tokens: mapTokens(part.tokens, replace) }),
      )
      .join(""),
  );
}

/** The same for one expression outside of templates, as in `depends_on`. */
export function mapExpression(
  expression: string,
  replace: (reference: Reference) => string | undefined,
): string {
  return formatTokens(mapTokens(parseExpression(expression), replace));
}

/** A value with each of its strings replaced; keys stay as they are. */
export function mapStrings<T>(value: T, replace: (text: string) => string): T {
  const map = (item: unknown): unknown => {
    if (typeof item === "string") return replace(item);
    if (Array.isArray(item)) return item.map(map);
    if (typeof item !== "object" || item === null) return item;
    return Object.fromEntries(Object.entries(item).map(([key, inner]) => [key, map(inner)]));
  };
  return map(value) as T;
}

function sequenceText(sequence: Sequence): string {
  return formatTokens(sequenceTokens(sequence));
}

function mapTokens(
  tokens: readonly Token[],
  replace: (reference: Reference) => string | undefined,
): readonly Token[] {
  const result: Token[] = [];
  for (let position = 0; position < tokens.length; ) {
    const end = endOfAddress(tokens, position);
    if (end === undefined) {
      result.push(tokens[position++] as Token);
      continue;
    }
    const behind = endOfAttribute(tokens, end);
    const replacement = replace({
      address: formatTokens(tokens.slice(position, end)),
      attribute: formatTokens(tokens.slice(end, behind)),
    });
    // What stands in the brackets of an attribute is constant, so nothing in it is left to replace.
    if (replacement === undefined) result.push(...tokens.slice(position, behind));
    else result.push(...parseExpression(replacement));
    position = behind;
  }
  return result;
}

/** Where an address that begins here ends; undefined if none does. */
function endOfAddress(tokens: readonly Token[], start: number): number | undefined {
  if (tokens[start]?.type !== "identifier" || isSymbol(tokens[start - 1], ".")) return undefined;
  const names = MODES.has(tokens[start].text) ? 3 : 2;
  for (let index = 1; index < names; index++)
    if (!isSymbol(tokens[start + 2 * index - 1], ".") || tokens[start + 2 * index]?.type !== "identifier")
      return undefined;
  return start + 2 * names - 1;
}

/** Where the constant part of an attribute ends: names behind dots, and numbers and quoted keys in brackets. */
function endOfAttribute(tokens: readonly Token[], start: number): number {
  let end = start;
  for (;;) {
    if (isSymbol(tokens[end], ".") && /^(identifier|number)$/.test(tokens[end + 1]?.type ?? "")) end += 2;
    else if (isSymbol(tokens[end], "[")) {
      const close = tokens.findIndex((token, index) => index > end && bracketChange(token) < 0);
      const key = tokens.slice(end + 1, close);
      if (!key.every(({ type }) => /^(number|quote|literal|unquote)$/.test(type))) return end;
      end = close + 1;
    } else return end;
  }
}

function isSymbol(token: Token | undefined, text: string): boolean {
  return token?.type === "symbol" && token.text === text;
}
