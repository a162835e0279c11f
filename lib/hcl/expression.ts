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

/** A sequence `${…}` or `%{…}` of a template. */
export interface Sequence {
  readonly type: "interpolation" | "directive";
  readonly tokens: readonly Token[];
  /** `~` at its start or end: Terraform drops the white space beside it. */
  readonly trimBefore: boolean;
  readonly trimAfter: boolean;
}

/** What HCL cannot say, or what is no valid Terraform to begin with. `path` leads to it, outermost key first. */
export class HclError extends Error {
  readonly path: string[] = [];
}

/** Literal text up to the next sequence; `$${` and `%%{` are text. */
const TEXT = /(?:\$\$\{|%%\{|\$(?!\{)|%(?!\{)|[^$%])+/y;
/** The same between quotes. */
const QUOTED_TEXT = /(?:\\[\s\S]|\$\$\{|%%\{|\$(?!\{)|%(?!\{)|[^$%"\\\n])+/y;
const SEQUENCE = /([$%])\{(~?)/y;
const LEXEME = new RegExp(
  [
    /(?<space>[ \t]+|\/\*[\s\S]*?\*\/)/,
    /(?<newline>\r?\n|(?:#|\/\/)[^\n]*(?:\n|$))/,
    /(?<heredoc><<(?<flush>-?)(?<marker>[\p{ID_Start}_][\p{ID_Continue}-]*)\r?\n)/u,
    /(?<identifier>[\p{ID_Start}_][\p{ID_Continue}-]*)/u,
    /(?<number>\d(?:\d|\.(?=\d)|[eE][+-]?\d)*)/,
    /(?<symbol>==|!=|>=|<=|&&|\|\||::|=>|\.\.\.|[[\](){}.,*/%+\-=<>!?:])/,
  ]
    .map(({ source }) => source)
    .join("|"),
  "uy",
);
const OPENING: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };

/**
 * Splits a template as Terraform's JSON syntax holds it: text in which quotes and backslashes stand for themselves,
 * and sequences.
 *
 * @throws HclError where a sequence does not end
 */
export function parseTemplate(source: string): (string | Sequence)[] {
  // Terraform takes this character at the start of a template for the mark of a file's encoding, and drops it.
  const text = source.replace(/^\uFEFF/, "");
  if (!/[$%]\{/.test(text)) return text === "" ? [] : [text];
  const scanner = new Scanner(text);
  const parts: (string | Sequence)[] = [];
  while (!scanner.done) parts.push(scanner.match(TEXT)?.[0] ?? scanner.sequence());
  return parts;
}

/** Tokens of an expression, comments and insignificant newlines dropped. @throws HclError where it is none */
export function parseExpression(source: string): Token[] {
  const scanner = new Scanner(source);
  const tokens = scanner.expression();
  if (!scanner.done || tokens.length === 0) throw new HclError(`${shown(source)} is not an expression`);
  return tokens;
}

/** A template between quotes, as tokens. */
export function quotedTemplate(parts: readonly (string | Sequence)[]): Token[] {
  return [
    { type: "quote", text: '"' },
    ...parts.flatMap((part) =>
      typeof part === "string"
        ? [{ type: "literal", text: escapeText(part) } as const]
        : sequenceTokens(part),
    ),
    { type: "unquote", text: '"' },
  ];
}

export function sequenceTokens(sequence: Sequence): Token[] {
  const { type, tokens, trimBefore, trimAfter } = sequence;
  return [
    { type, text: `${type === "interpolation" ? "$" : "%"}{${trimBefore ? "~" : ""}` },
    ...tokens,
    { type: "end", text: trimAfter ? "~}" : "}" },
  ];
}

/** Template text as it stands between quotes. */
export function escapeText(text: string): string {
  return text
    .replace(/\p{Cs}/gu, "\uFFFD")
    .replace(/["\\]/g, "\\$&")
    .replace(/\n/g, "\\n")
    .replace(/\r/g, "\\r")
    .replace(/\t/g, "\\t")
    .replace(/[\p{Cc}\u2028\u2029\uFEFF]/gu, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

class Scanner {
  private position = 0;

  constructor(private readonly source: string) {}

  get done(): boolean {
    return this.position >= this.source.length;
  }

  match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.source);
    if (!found) return undefined;
    this.position = pattern.lastIndex;
    return found;
  }

  /** From `${` or `%{` to behind its end. */
  sequence(): Sequence {
    const start = this.position;
    const opening = this.match(SEQUENCE);
    const tokens = this.expression();
    const end = this.match(/~?\}/y);
    if (!opening || !end)
      throw new HclError(
        `${shown(this.source.slice(start))} does not end: $\${ and %%{ stand for the characters themselves`,
      );
    if (tokens.length === 0) throw new HclError(`${shown(this.source.slice(start))} is empty`);
    return {
      type: opening[1] === "$" ? "interpolation" : "directive",
      tokens,
      trimBefore: opening[2] === "~",
      trimAfter: end[0] === "~}",
    };
  }

  /** To the end of the source, or to a `}` that closes no bracket of the expression. */
  expression(): Token[] {
    const tokens: Token[] = [];
    const open: string[] = [];
    while (!this.done) {
      if (open.length === 0 && /~?\}/y.test(this.source.slice(this.position, this.position + 2))) break;
      if (this.source[this.position] === '"') {
        tokens.push(...this.quoted());
        continue;
      }
      const groups = this.match(LEXEME)?.groups;
      if (!groups) throw new HclError(`${shown(this.source.slice(this.position))} is not an expression`);
      const { space, newline, heredoc, flush, marker = "", identifier, number, symbol } = groups;
      if (space) continue;
      if (newline) tokens.push({ type: "newline", text: "\n" });
      else if (heredoc) tokens.push(...this.heredoc(marker, flush === "-"));
      else if (identifier) tokens.push({ type: "identifier", text: identifier });
      else if (number) tokens.push({ type: "number", text: number });
      else if (symbol) {
        if ("([{".includes(symbol)) open.push(symbol);
        else if (symbol in OPENING && open.pop() !== OPENING[symbol])
          throw new HclError(`${shown(this.source)}: brackets do not match`);
        tokens.push({ type: "symbol", text: symbol });
      }
    }
    if (open.length > 0) throw new HclError(`${shown(this.source)}: a bracket is not closed`);
    return joinLines(tokens);
  }

  private quoted(): Token[] {
    const start = this.position++;
    const tokens: Token[] = [{ type: "quote", text: '"' }];
    for (;;) {
      const text = this.match(QUOTED_TEXT)?.[0];
      if (text !== undefined) tokens.push({ type: "literal", text });
      else if (this.match(/"/y)) return [...tokens, { type: "unquote", text: '"' }];
      else if (this.done || this.source[this.position] === "\n")
        throw new HclError(`${shown(this.source.slice(start))}: a quote is not closed`);
      else tokens.push(...sequenceTokens(this.sequence()));
    }
  }

  /** Behind `<<EOT`, to the end of its marker: the same text between quotes, which fits on a line. */
  private heredoc(marker: string, flush: boolean): Token[] {
    const rest = this.source.slice(this.position);
    const end = new RegExp(`^[ \\t]*${marker}[ \\t]*$`, "m").exec(rest);
    if (!end) throw new HclError(`the heredoc ${marker} is not closed`);
    if (flush) throw new HclError(`the heredoc <<-${marker} stands inside an expression: use <<${marker}`);
    this.position += end.index + end[0].length;
    return quotedTemplate(parseTemplate(rest.slice(0, end.index)));
  }
}

/** Newlines count only between the items of an object, where a comma says the same. */
function joinLines(tokens: readonly Token[]): Token[] {
  if (!tokens.some(({ type }) => type === "newline")) return [...tokens];
  const joined: Token[] = [];
  const open: ("object" | "other")[] = [];
  const last = () => joined.at(-1)?.text;
  for (const [index, token] of tokens.entries()) {
    const inObject = open.at(-1) === "object";
    if (token.type === "newline") {
      const next = tokens.slice(index).find(({ type }) => type !== "newline")?.text;
      if (inObject && last() !== "{" && last() !== "," && next !== "}" && next !== ",")
        joined.push({ type: "symbol", text: "," });
      continue;
    }
    if (token.type === "symbol" && token.text === "{") {
      const first = tokens.slice(index + 1).find(({ type }) => type !== "newline")?.text;
      open.push(first === "for" ? "other" : "object");
    } else if (bracketChange(token) > 0) open.push("other");
    else if (bracketChange(token) < 0) open.pop();
    joined.push(token);
  }
  return joined;
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

function shown(source: string): string {
  return JSON.stringify(source.length > 80 ? `${source.slice(0, 77)}…` : source);
}
