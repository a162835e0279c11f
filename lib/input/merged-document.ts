import type { Path, Problem } from "./problems";
import { type Finding, type SourceDocument, valueAt } from "./source-document";

/**
 * Values of a Helm chart over the chart's defaults, merged as Helm does: maps are merged, all else is replaced, and null takes a
 * default away. A finding has the place of the value that counts.
 */
export class MergedDocument implements SourceDocument {
  readonly value: unknown;

  constructor(
    private readonly own: SourceDocument,
    private readonly defaults: SourceDocument,
  ) {
    this.value = mergeValues(defaults.value, own.value ?? undefined);
  }

  get problems(): readonly Problem[] {
    return [...this.own.problems, ...this.defaults.problems];
  }

  get readable(): boolean {
    return this.own.readable && this.defaults.readable;
  }

  problem(finding: Finding): Problem {
    return this.holding(finding.path).problem(finding);
  }

  quoteAt(path: Path): string | undefined {
    return this.holding(path).quoteAt(path);
  }

  keysAt(path: Path): string[] {
    return [...new Set([...this.own.keysAt(path), ...this.defaults.keysAt(path)])];
  }

  private holding(path: Path): SourceDocument {
    return path.length === 0 || valueAt(this.own.value, path) !== undefined ? this.own : this.defaults;
  }
}

function mergeValues(defaults: unknown, values: unknown): unknown {
  if (!isMap(defaults) || !isMap(values)) return values === undefined ? defaults : values;
  const keys = [...new Set([...Object.keys(defaults), ...Object.keys(values)])];
  return Object.fromEntries(
    keys
      .filter((key) => values[key] !== null)
      .map((key) => [key, key in values ? mergeValues(defaults[key], values[key]) : defaults[key]]),
  );
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
