/**
 * A token of Terraform's expression language. `literal` is text between quotes as it stands in the source;
 * `interpolation` and `directive` open a sequence (`${`, `%{`), `end` closes it.
 */
export interface Token {
  readonly type:
    | "identifier"
    | "number"
    | "symbol"
    | "newline"
    | "quote"
    | "unquote"
    | "literal"
    | "interpolation"
    | "directive"
    | "end";
  readonly text: string;
}

/** What HCL cannot say, or what is no valid Terraform to begin with. `path` leads to it, outermost key first. */
export class HclError extends Error {
  readonly path: string[] = [];
}

/** One line of source, spaced as `terraform fmt` does. */
export function formatTokens(tokens: readonly Token[]): string {
  let text = "";
  for (const [index, token] of tokens.entries()) {
    const after = tokens[index + 1];
    text += token.text;
    if (after && spaceBetween(token, after, tokens[index - 1])) text += " ";
  }
  return text;
}

/** The rules of `terraform fmt` (hclwrite), in its order: the first that fits decides. */
function spaceBetween(token: Token, after: Token, before: Token | undefined): boolean {
  const is = (text: string) => token.type === "symbol" && token.text === text;
  const next = (text: string) => after.type === "symbol" && after.text === text;
  const name = token.type === "identifier";
  if (name && (next("(") || next("::"))) return false;
  if (is("::") && after.type === "identifier") return false;
  if (is(".") || next(".") || next(",") || next("...")) return false;
  if (is(",")) return true;
  if (
    token.type === "literal" ||
    token.type === "quote" ||
    after.type === "literal" ||
    after.type === "unquote"
  )
    return false;
  if (name && token.text === "in" && before?.type === "identifier") return true;
  if (next("[") && (name || token.type === "number" || bracketChange(token) < 0)) return false;
  if (is("!")) return false;
  if (is("-")) return before !== undefined && !startsOperand(before);
  if (is("{") || next("}")) return !(is("{") && next("}"));
  if (opensSequence(token) && next("{")) return true;
  if (is("}") && after.type === "end") return true;
  if (token.type === "end" && opensSequence(after)) return false;
  return bracketChange(token) <= 0 && bracketChange(after) >= 0;
}

const BEFORE_OPERAND = new Set([
  "(",
  "{",
  "[",
  "=",
  ":",
  ",",
  "?",
  "+",
  "*",
  "/",
  "%",
  "-",
  "==",
  "!=",
  ">",
  ">=",
  "<",
  "<=",
  "&&",
  "||",
  "!",
]);

/** A minus behind this is a sign. (fmt takes one behind `${` or `=>` for a subtraction.) */
function startsOperand(before: Token): boolean {
  return before.type === "symbol" && BEFORE_OPERAND.has(before.text);
}

function opensSequence({ type }: Token): boolean {
  return type === "interpolation" || type === "directive";
}

/** By how many levels a token nests what follows. */
export function bracketChange(token: Token): -1 | 0 | 1 {
  if (opensSequence(token)) return 1;
  if (token.type === "end") return -1;
  if (token.type !== "symbol") return 0;
  return "([{".includes(token.text) ? 1 : ")]}".includes(token.text) ? -1 : 0;
}

export function shown(source: string): string {
  return JSON.stringify(source.length > 80 ? `${source.slice(0, 77)}…` : source);
}
