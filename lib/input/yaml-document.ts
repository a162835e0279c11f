import { type Document, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import { type Path, type Problem, quote, quoteSource } from "./problems";
import type { Finding, SourceDocument } from "./source-document";

/** A YAML text of one document, its value, and where each part of that stands in the text. */
export class YamlDocument implements SourceDocument {
  readonly value: unknown;
  readonly problems: readonly Problem[];

  private readonly document: Document;
  private readonly lines = new LineCounter();

  constructor(
    private readonly text: string,
    readonly file: string,
  ) {
    this.document = parseDocument(text, { lineCounter: this.lines, prettyErrors: false });
    this.problems = this.document.errors.map(({ pos, message }) =>
      this.problemAt(pos[0], [], `this is not YAML: ${lowerFirst(message)}`),
    );
    this.value = this.readable ? this.document.toJS() : undefined;
  }

  get readable(): boolean {
    return this.problems.length === 0;
  }

  problem({ path, message, onKey }: Finding): Problem {
    const node = onKey ? this.keyAt(path) : this.nodeAt(path);
    return this.problemAt(node?.range?.[0] ?? 0, path, message);
  }

  quoteAt(path: Path): string | undefined {
    const node = this.nodeAt(path);
    if (isSeq(node)) return node.items.length ? "a list" : "an empty list";
    if (isMap(node)) return node.items.length ? "an object" : "an empty object";
    if (isScalar(node) && typeof node.value === "string") return quote(node.value);
    if (!node?.range) return path.length === 0 ? "nothing" : undefined;
    return quoteSource(this.text.slice(node.range[0], node.range[1])) || "nothing";
  }

  keysAt(path: Path): string[] {
    const node = this.nodeAt(path);
    return isMap(node) ? node.items.map(({ key }) => String(key)) : [];
  }

  private nodeAt(path: Path): Node | undefined {
    const node = path.length === 0 ? this.document.contents : this.document.getIn(path, true);
    return isMap(node) || isSeq(node) || isScalar(node) ? node : undefined;
  }

  /** The key of a value; the value's own place where there is none. */
  private keyAt(path: Path): Node | undefined {
    const parent = this.nodeAt(path.slice(0, -1));
    const pair = isMap(parent) ? parent.items.find(({ key }) => String(key) === path.at(-1)) : undefined;
    return isScalar(pair?.key) ? pair.key : this.nodeAt(path);
  }

  private problemAt(offset: number, path: Path, message: string): Problem {
    const { line, col } = this.lines.linePos(offset);
    return { file: this.file, line: Math.max(line, 1), column: Math.max(col, 1), path, message };
  }
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
