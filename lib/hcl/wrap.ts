import { alignAssignments } from "./align";
import { bracketChange, formatTokens, type Token } from "./tokens";

/** Columns up to which an expression or a list stays on one line. */
export const LINE_WIDTH = 110;

/**
 * An expression, broken inside its longest bracket where it does not fit on a line. White space there means nothing,
 * so that the value stays as it is.
 *
 * @param indent spaces before the line that it starts on
 * @param column where on that line it starts
 */
export function wrapExpression(tokens: readonly Token[], indent: number, column: number): string {
  const line = formatTokens(tokens);
  if (column + line.length <= LINE_WIDTH) return line;
  const group = longestGroup(tokens);
  if (!group) return line;
  const [start, end] = group;
  const opening = tokens[start] as Token;
  const inside = splitItems(tokens.slice(start + 1, end));
  const [first = []] = inside;
  if (first[0]?.text === "for") return line;
  const head = formatTokens(tokens.slice(0, start + 1));
  const tail = formatTokens(tokens.slice(end));
  // The one argument of a call, a call or a list itself, opens on the same line.
  if (inside.length === 1 && opening.text !== "{" && longestGroup(first))
    return head + wrapExpression(first, indent, column + head.length) + tail;
  if (inside.length === 1 && opening.text !== "{") return line;
  const pad = " ".repeat(indent + 2);
  if (opening.text === "{") {
    const items = inside.map((item) => assignment(item, indent + 2));
    if (items.some((item) => item === undefined)) return line;
    return [
      head,
      ...alignAssignments(
        items.filter((item) => item !== undefined),
        indent + 2,
      ),
      " ".repeat(indent) + tail,
    ].join("\n");
  }
  const last = opening.text === "[" ? "," : "";
  const lines = inside.map(
    (item, index) =>
      `${pad}${wrapExpression(item, indent + 2, indent + 2)}${index < inside.length - 1 ? "," : last}`,
  );
  return [head, ...lines, " ".repeat(indent) + tail].join("\n");
}

/** Places of the brackets with most between them, of those that stand in no other. */
function longestGroup(tokens: readonly Token[]): [start: number, end: number] | undefined {
  let longest: [number, number] | undefined;
  let [depth, start] = [0, 0];
  for (const [index, token] of tokens.entries()) {
    // Quotes hold brackets of their own, which cannot be broken.
    const change = bracketChange(token) + Number(token.type === "quote") - Number(token.type === "unquote");
    if (change > 0 && depth === 0) start = index;
    depth += change;
    if (
      change < 0 &&
      depth === 0 &&
      token.type === "symbol" &&
      index - start > (longest ? longest[1] - longest[0] : 1)
    )
      longest = [start, index];
  }
  return longest;
}

/** What commas separate; a comma at the end separates nothing. */
function splitItems(tokens: readonly Token[]): Token[][] {
  const items: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    depth += bracketChange(token) + Number(token.type === "quote") - Number(token.type === "unquote");
    if (depth === 0 && token.type === "symbol" && token.text === ",") items.push([]);
    else items.at(-1)?.push(token);
  }
  return items.filter((item) => item.length > 0);
}

/** An item of an object, if it is spelled `key = value` or `(key) = value`. */
function assignment(item: readonly Token[], indent: number) {
  const equals = item.findIndex(({ type, text }) => type === "symbol" && text === "=");
  if (equals < 1) return undefined;
  const key = formatTokens(item.slice(0, equals));
  return { key, text: wrapExpression(item.slice(equals + 1), indent, indent + key.length + 3) };
}
