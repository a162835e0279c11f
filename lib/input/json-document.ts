import { applyEdits, findNodeAtLocation, modify, type Node, type ParseError, parseTree } from "jsonc-parser";
import { type Path, type Problem, positionAt, quote, quoteSource } from "./problems";
import type { Finding, SourceDocument } from "./source-document";
import { explainSyntaxErrors, tooDeep } from "./syntax";

/** Keys with which a file could reach into JavaScript's own objects. No input of this program needs one. */
const FORBIDDEN_KEYS = new Set(["__proto__", "constructor", "prototype"]);

/** A JSON text, its value, and where each part of that stands in the text. */
export class JsonDocument implements SourceDocument {
  /** The value; undefined where the text is too broken to have one. Of a key given twice, the first. */
  readonly value: unknown;
  /** What keeps the text from being JSON without doubt: syntax, keys given twice, forbidden keys. */
  readonly problems: readonly Problem[];

  private readonly text: string;
  private readonly root: Node | undefined;

  constructor(
    text: string,
    readonly file: string,
  ) {
    this.text = text.replace(/^\uFEFF/, "");
    const deep = tooDeep(this.text);
    const errors: ParseError[] = [];
    const root = deep
      ? undefined
      : parseTree(this.text, errors, { disallowComments: true, allowTrailingComma: false });
    const faults = deep ? [deep] : explainSyntaxErrors(this.text, errors);
    this.root = faults.every((fault) => fault.harmless) ? root : undefined;

    const keyFindings: Problem[] = [];
    this.value = this.root && this.read(this.root, [], keyFindings);
    this.problems = [
      ...faults.map(({ offset, message }) => this.problemAt(offset, [], message)),
      ...keyFindings,
    ];
  }

  /** Whether the text is sound enough for its value to mean something. */
  get readable(): boolean {
    return this.root !== undefined;
  }

  /** A finding with its place in the text. */
  problem({ path, message, onKey }: Finding): Problem {
    const node = this.nodeAt(path);
    const at = onKey && node?.parent?.type === "property" ? node.parent : node;
    return this.problemAt(at?.offset ?? 0, path, message);
  }

  /** The value at a path as it stands in the text, for a message; undefined where there is none. */
  quoteAt(path: Path): string | undefined {
    const node = this.nodeAt(path);
    if (node?.type === "array") return node.children?.length ? "a list" : "an empty list";
    if (node?.type === "object") return node.children?.length ? "an object" : "an empty object";
    if (node?.type === "string") return quote(node.value);
    return node && quoteSource(this.text.slice(node.offset, node.offset + node.length));
  }

  /** The keys of the object at a path. */
  keysAt(path: Path): string[] {
    const properties = this.nodeAt(path)?.children ?? [];
    return properties.map(({ children }) => String(children?.[0]?.value));
  }

  private nodeAt(path: Path): Node | undefined {
    return this.root && findNodeAtLocation(this.root, [...path]);
  }

  private problemAt(offset: number, path: Path, message: string): Problem {
    return { file: this.file, ...positionAt(this.text, offset), path, message };
  }

  private read(node: Node, path: Path, problems: Problem[]): unknown {
    if (node.type === "array")
      return (node.children ?? []).map((child, i) => this.read(child, [...path, i], problems));
    if (node.type !== "object") return node.value;
    const object: Record<string, unknown> = {};
    const given = new Map<string, Node>();
    for (const { children: [key, value] = [] } of node.children ?? []) {
      if (!key || !value) continue;
      const name = key.value as string;
      const first = given.get(name);
      const complain = (message: string) =>
        problems.push(this.problemAt(key.offset, [...path, name], message));
      if (FORBIDDEN_KEYS.has(name)) complain(`${quote(name)} may not be a key here or anywhere: remove it`);
      else if (first)
        complain(
          `the key ${quote(name)} was given in line ${positionAt(this.text, first.offset).line} already: keep one of the two`,
        );
      else object[name] = this.read(value, [...path, name], problems);
      given.set(name, first ?? key);
    }
    return object;
  }
}

/** A JSON text with another value at a path, or without one there; nothing else in it changes. */
export function withValue(text: string, path: Path, value: unknown): string {
  const formattingOptions = { insertSpaces: true, tabSize: 2, eol: text.includes("\r\n") ? "\r\n" : "\n" };
  return applyEdits(text, modify(text, [...path], value, { formattingOptions }));
}
