import { parseExpression, parseTemplate, quotedTemplate, type Sequence } from "./expression";
import { formatTokens, HclError, type Token } from "./tokens";

/**
 * What a JSON string stands for: a `template` is text with sequences, a `literal` text without (Terraform reads
 * `${` there as it stands), a `source` an expression in HCL's own spelling (references, keywords), a `type` that of a
 * variable's type.
 */
export type StringKind = "template" | "literal" | "source" | "type";

/** A JSON string as an HCL expression on one line. */
export function stringToHcl(value: string, kind: StringKind): string {
  return formatTokens(stringTokens(value, kind));
}

/** A JSON string as the tokens of an HCL expression. */
export function stringTokens(value: string, kind: StringKind): readonly Token[] {
  if (kind === "source") return sourceTokens(value);
  if (kind === "type") return typeTokens(value);
  if (kind === "literal") return literalTokens(value);
  const parts = parseTemplate(value);
  return soleExpression(parts) ?? quotedTemplate(trimLines(parts));
}

/** The expression of a template that consists of one interpolation, and so has its value and type. */
export function soleExpression(parts: readonly (string | Sequence)[]): readonly Token[] | undefined {
  const [only, ...more] = parts;
  return typeof only === "object" && only.type === "interpolation" && more.length === 0
    ? unwrapped(only.tokens)
    : undefined;
}

/** The expression of a quoted template that consists of one interpolation, as `terraform fmt` leaves it. */
function unwrapped(tokens: readonly Token[]): readonly Token[] {
  const [first, second] = tokens;
  const [beforeLast, last] = tokens.slice(-2);
  if (first?.type !== "quote" || second?.type !== "interpolation") return tokens;
  if (beforeLast?.type !== "end" || last?.type !== "unquote") return tokens;
  const inside = tokens.slice(2, -2);
  let quotes = 0;
  for (const { type } of inside) {
    if (type === "quote") quotes++;
    else if (type === "unquote") quotes--;
    else if (quotes === 0 && /^(interpolation|directive|end|literal)$/.test(type)) return tokens;
    if (quotes < 0) return tokens;
  }
  return unwrapped(inside);
}

/**
 * What a template comes to, given what its expressions do.
 *
 * @param replace text of an expression: `google_sql_user.admin.name`
 */
export function templateText(template: string, replace: (expression: string) => string): string {
  const text = (escaped: string) => escaped.replace(/([$%])\1(?=\{)/g, "$1");
  return parseTemplate(template)
    .map((part) => {
      if (typeof part === "string") return text(part);
      const expression = formatTokens(part.tokens);
      const isText = /^"([^"\\$%]|\\[^U]|[$%](?!\{))*"$/.test(expression);
      return isText ? text(JSON.parse(expression)) : replace(expression);
    })
    .join("");
}

/** A block's label: text between quotes in which nothing is a template. */
export function labelToHcl(label: string): string {
  return formatTokens(literalTokens(label));
}

function literalTokens(text: string): Token[] {
  const escaped = text.replace(/([$%])(?=\{)/g, "$1$1");
  return quotedTemplate(escaped === "" ? [] : [escaped]);
}

/** An expression, in JSON written as it stands or as the one interpolation of a template. */
function sourceTokens(value: string) {
  if (!value.startsWith("${")) return parseExpression(value);
  const tokens = soleExpression(parseTemplate(value));
  if (!tokens) throw new HclError(`${JSON.stringify(value)} is not a reference`);
  return tokens;
}

/** A type: a collection alone is one of any elements, which `terraform fmt` writes out. */
function typeTokens(value: string): readonly Token[] {
  const tokens = sourceTokens(value);
  const isCollection = tokens.length === 1 && /^(list|map|set)$/.test(tokens[0]?.text ?? "");
  return isCollection ? parseExpression(`${tokens[0]?.text}(any)`) : tokens;
}

/**
 * `~` drops white space to the end of one line of JSON's templates, but to the next sequence between quotes, where
 * a line's end is an escape. Where the two differ the white space goes here, and the mark with it.
 */
function trimLines(parts: readonly (string | Sequence)[]): (string | Sequence)[] {
  const result = [...parts];
  for (const [index, part] of parts.entries()) {
    if (typeof part === "string") continue;
    const [before, after] = [result[index - 1], result[index + 1]];
    let { trimBefore, trimAfter } = part;
    if (trimBefore && typeof before === "string" && /\n[^\S\uFEFF]*$/.test(before)) {
      const kept = before.replace(/[^\S\uFEFF\n]*\n?$/, "");
      trimBefore = kept === "";
      result[index - 1] = kept || " ";
    }
    if (trimAfter && typeof after === "string" && /^[^\S\uFEFF]*\n/.test(after)) {
      const kept = after.replace(/^[^\S\uFEFF\n]*\n/, "");
      trimAfter = kept === "";
      result[index + 1] = kept || " ";
    }
    result[index] = { ...part, trimBefore, trimAfter };
  }
  return result;
}

const MARKER = "EOT";

/**
 * A text of several lines as a heredoc, if Terraform reads back the same bytes; undefined otherwise.
 *
 * @param indent spaces before the attribute that it is the value of
 */
export function heredoc(value: string, kind: StringKind, indent: number): string | undefined {
  if (kind === "source" || kind === "type" || !/\n[\s\S]*\n$/.test(value) || /[^\P{C}\n\t]/u.test(value))
    return undefined;
  const parts = kind === "literal" ? [value.replace(/([$%])(?=\{)/g, "$1$1")] : parseTemplate(value);
  if (parts.some((part) => typeof part === "object" && (part.trimBefore || part.trimAfter))) return undefined;
  const text = parts
    .map((part) => (typeof part === "string" ? part : formatTokens(quotedTemplate([part])).slice(1, -1)))
    .join("");
  const lines = text.slice(0, -1).split("\n");
  if (lines.some((line) => line.trim() === MARKER)) return undefined;
  // Indented, Terraform takes off what the line nearest to the margin has, blank lines aside.
  const filled = lines.filter((line) => line.trim() !== "");
  const flush =
    filled.some((line) => /^\S/.test(line)) && filled.every((line) => /^\s*[^\s\p{M}]/u.test(line));
  const pad = " ".repeat(indent);
  const body = flush ? lines.map((line) => (line.trim() === "" ? line : `${pad}  ${line}`)) : lines;
  return [`<<${flush ? "-" : ""}${MARKER}`, ...body, `${flush ? pad : ""}${MARKER}`].join("\n");
}
