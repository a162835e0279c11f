import { formatTokens, HclError, shown, type Token } from "./tokens";

/**
 * Checks an expression, or a template between quotes, against the grammar of HCL.
 *
 * @throws HclError that says what is wrong where
 * @see https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md
 */
export function checkSyntax(tokens: readonly Token[]): void {
  new Parser(tokens).parse();
}

const BINARY = new Set(["||", "&&", "==", "!=", ">", ">=", "<", "<=", "+", "-", "*", "/", "%"]);
const ESCAPES_OF_HCL = '\\n, \\r, \\t, \\", \\\\, \\uXXXX, \\UXXXXXXXX';
const ESCAPES =
  /^(?:[^\\]|\\(?:[nrt"\\]|u(?![dD][89a-fA-F])[\da-fA-F]{4}|U00(?:0[\da-fA-F]|10)[\da-fA-F]{4}))*$/;

/**
 * Reads an expression to its end. What binds stronger than what does not matter here: any operand is followed by any
 * operator.
 */
class Parser {
  private position = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  parse(): void {
    this.expression();
    if (this.next) this.fail("it ends");
  }

  private get next(): Token | undefined {
    return this.tokens[this.position];
  }

  private isSymbol(text: string): boolean {
    return this.next?.type === "symbol" && this.next.text === text;
  }

  private isWord(text: string): boolean {
    return this.next?.type === "identifier" && this.next.text === text;
  }

  private takes(text: string): boolean {
    const found = this.isSymbol(text);
    if (found) this.position++;
    return found;
  }

  private expect(text: string): void {
    if (!this.takes(text)) this.fail(`${text} is missing`);
  }

  private name(): void {
    if (this.next?.type !== "identifier") this.fail("a name is missing");
    this.position++;
  }

  private fail(why: string, place = this.place()): never {
    throw new HclError(`${shown(formatTokens(this.tokens))} is not an expression: ${why}${place}`);
  }

  private place(): string {
    const rest = formatTokens(this.tokens.slice(this.position));
    return rest === "" ? " at the end" : ` before ${shown(rest)}`;
  }

  private expression(): void {
    do this.operand();
    while (this.next?.type === "symbol" && BINARY.has(this.next.text) && ++this.position);
    if (!this.takes("?")) return;
    this.expression();
    this.expect(":");
    this.expression();
  }

  private operand(): void {
    while (this.takes("-") || this.takes("!"));
    this.term();
    this.traversals();
  }

  private term(): void {
    const { next } = this;
    if (next?.type === "quote") this.quoted();
    else if (next?.type === "number") this.number(next.text);
    else if (next?.type === "identifier") {
      this.position++;
      if (this.isSymbol("(") || this.isSymbol("::")) this.call();
    } else if (this.takes("(")) {
      this.expression();
      this.expect(")");
    } else if (this.takes("[")) {
      if (this.isWord("for")) this.loop("]");
      else this.list("]", () => this.expression());
    } else if (this.takes("{")) {
      if (this.isWord("for")) this.loop("}");
      else this.list("}", () => this.item());
    } else this.fail("a value is missing");
  }

  private number(text: string): void {
    if (!/^\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text)) this.fail("a number is missing");
    this.position++;
  }

  /** Behind the first name of a function. */
  private call(): void {
    while (this.takes("::")) this.name();
    this.expect("(");
    this.list(")", () => {
      this.expression();
      if (this.takes("...") && !this.isSymbol(")")) this.fail(") is missing");
    });
  }

  /** Items up to a closing bracket; one comma may follow the last of them. */
  private list(close: string, item: () => void): void {
    while (!this.takes(close)) {
      item();
      if (!this.isSymbol(close)) this.expect(",");
    }
  }

  /** An item of an object. */
  private item(): void {
    const start = this.position;
    this.expression();
    const key = this.tokens.slice(start, this.position);
    if (key[0]?.type === "identifier" && /^[.[]$/.test(key[1]?.text ?? "")) {
      this.position = start;
      this.fail("quotes around the key, or parentheses if it is a reference, are missing");
    }
    if (!this.takes("=") && !this.takes(":")) this.fail("= is missing");
    this.expression();
  }

  /** From `for` to the closing bracket. */
  private loop(close: "]" | "}"): void {
    this.position++;
    this.loopVariables();
    this.expect(":");
    this.expression();
    if (close === "}") {
      this.expect("=>");
      this.expression();
      this.takes("...");
    }
    if (this.isWord("if")) {
      this.position++;
      this.expression();
    }
    this.expect(close);
  }

  /** `key, value in collection` */
  private loopVariables(): void {
    this.name();
    if (this.takes(",")) this.name();
    if (!this.isWord("in")) this.fail("in is missing");
    this.position++;
    this.expression();
  }

  private traversals(): void {
    for (;;) {
      if (this.takes(".")) this.attribute();
      else if (this.takes("[")) {
        if (!this.takes("*")) this.expression();
        this.expect("]");
      } else return;
    }
  }

  /** Behind a dot. */
  private attribute(): void {
    if (this.takes("*")) {
      if (this.isSymbol(".") && this.tokens[this.position + 1]?.text === "*") this.fail("[*] is missing");
    } else if (this.next?.type === "number") {
      if (this.next.text.includes(".")) this.fail("an index in brackets is missing");
      this.number(this.next.text);
    } else this.name();
  }

  /** A template: from the quote to the quote that closes it. */
  private quoted(): void {
    this.position++;
    /** Directives that wait for their end. */
    const open: ("if" | "else" | "for")[] = [];
    for (; this.next?.type !== "unquote"; this.position++) {
      if (this.next?.type === "literal") {
        if (!ESCAPES.test(this.next.text))
          this.fail(`HCL has ${ESCAPES_OF_HCL} and no other escape`, `: ${shown(this.next.text)}`);
        continue;
      }
      const { type } = this.next ?? this.fail("the closing quote is missing");
      this.position++;
      if (type === "directive") this.directive(open);
      else this.expression();
      if (this.next?.type !== "end") this.fail("} is missing");
    }
    const last = open.at(-1);
    if (last) this.fail(`%{ end${last === "else" ? "if" : last} } is missing`);
    this.position++;
  }

  /** Inside of `%{…}`. */
  private directive(open: ("if" | "else" | "for")[]): void {
    const last = open.at(-1);
    const word = this.next?.text;
    const isEnd =
      (word === "else" && last === "if") ||
      (word === "endif" && (last === "if" || last === "else")) ||
      (word === "endfor" && last === "for");
    if (isEnd) open.pop();
    else if (word !== "if" && word !== "for")
      this.fail(
        `${last ? `%{ end${last === "else" ? "if" : last} }` : "%{ if … } or %{ for … }"} is missing`,
      );
    this.position++;
    if (word === "if") this.expression();
    if (word === "for") this.loopVariables();
    if (word === "if" || word === "else" || word === "for") open.push(word);
  }
}
