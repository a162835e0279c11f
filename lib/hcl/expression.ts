import { checkSyntax } from "./syntax";
import { bracketChange, HclError, shown, type Token } from "./tokens";

/** A sequence `${…}` or `%{…}` of a template. */
export interface Sequence {
  readonly type: "interpolation" | "directive";
  readonly tokens: readonly Token[];
  /** `~` at its start or end: Terraform drops the white space beside it. */
  readonly trimBefore: boolean;
  readonly trimAfter: boolean;
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
  // A directive and its end may be far apart; what is in them is an expression by itself.
  const isDirected = parts.some((part) => typeof part === "object" && part.type === "directive");
  if (isDirected) checkSyntax(quotedTemplate(parts));
  else for (const part of parts) if (typeof part === "object") checkSyntax(part.tokens);
  return parts;
}

/** Tokens of an expression, comments and insignificant newlines dropped. @throws HclError where it is none */
export function parseExpression(source: string): Token[] {
  const scanner = new Scanner(source);
  const tokens = scanner.expression();
  if (!scanner.done) throw new HclError(`${shown(source)} is not an expression: } closes no bracket`);
  checkSyntax(tokens);
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
      if (inObject && last() !== "{" && last() !== "," && next !== "}")
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
