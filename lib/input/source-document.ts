import type { Path, Problem } from "./problems";

/** What is wrong with a value, before it is known where the value stands. */
export interface Finding {
  readonly path: Path;
  readonly message: string;
  /** It is the key that is wrong, not its value. */
  readonly onKey?: boolean;
}

/** A text that people wrote, its value, and where each part of that stands in the text. */
export interface SourceDocument {
  /** The value; undefined where the text is too broken to have one. */
  readonly value: unknown;
  /** What keeps the text from being what it should be without doubt: syntax, keys given twice. */
  readonly problems: readonly Problem[];
  /** Whether the text is sound enough for its value to mean something. */
  readonly readable: boolean;
  /** A finding with its place in the text. */
  problem(finding: Finding): Problem;
  /** The value at a path as it stands in the text, for a message; undefined where there is none. */
  quoteAt(path: Path): string | undefined;
  /** The keys of the object at a path. */
  keysAt(path: Path): string[];
}

/** What stands at a path of a value of any shape; undefined if nothing does. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (at, step) =>
      typeof at === "object" && at !== null && Object.hasOwn(at, step) ? Reflect.get(at, step) : undefined,
    value,
  );
}

/** The string at a path; undefined if there is none. */
export function textAt(value: unknown, path: Path): string | undefined {
  const found = valueAt(value, path);
  return typeof found === "string" ? found : undefined;
}

/** The list at a path; an empty one if there is none. */
export function listAt(value: unknown, path: Path): readonly unknown[] {
  const found = valueAt(value, path);
  return Array.isArray(found) ? found : [];
}
