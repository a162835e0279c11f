import { existsSync, readFileSync } from "node:fs";
import { sync as writeFileAtomic } from "write-file-atomic";
import type { System } from "../../lib/environments/system";
import { withValue } from "../../lib/input/json-document";
import { InvalidInputError, type Path, type Problem, printPath } from "../../lib/input/problems";
import { readText } from "../../lib/input/read-json";
import { valueAt } from "../../lib/input/source-document";

const FILE = "cdktf.json";

/** What somebody is asked for, and what a flag may give: a text or a number of the configuration. */
export interface Value {
  /** In the system's configuration: `["staging", "projectId"]`. */
  readonly path: readonly string[];
  /** As it stands there. */
  readonly current: string | number;
}

/** The text of cdktf.json while it is being changed: nothing is written before `write`. */
export class Configuration {
  private text = readText(FILE);
  private readonly prefix: readonly string[];
  /** The file as it is. */
  private readonly file: unknown;

  /** @throws {InvalidInputError} when there is no such file, or it is not JSON */
  constructor(private readonly system: System) {
    this.prefix = ["context", system.name];
    try {
      this.file = JSON.parse(this.text);
    } catch {
      // Its own check says where, and of what else.
      system.checkConfig(this.text, FILE);
    }
  }

  /** Every text and number that the configuration has, in its order. */
  values(): Value[] {
    return valuesBelow(this.valueAt([]));
  }

  /** What stands at a path, as it is now. */
  valueAt(path: readonly string[]): unknown {
    return valueAt(JSON.parse(this.text), [...this.prefix, ...path]);
  }

  private valueInFile(path: readonly string[]): unknown {
    return valueAt(this.file, [...this.prefix, ...path]);
  }

  /** Values that differ from what the file has, with both. */
  changes(): { readonly path: readonly string[]; readonly before: unknown; readonly after: unknown }[] {
    const all = [...valuesBelow(this.valueInFile([])), ...this.values()];
    return [...new Map(all.map(({ path }) => [path.join("."), path])).values()]
      .map((path) => ({ path, before: this.valueInFile(path), after: this.valueAt(path) }))
      .filter(({ before, after }) => before !== after);
  }

  /**
   * Sets a value, as the kind that stands in the file; nothing takes it out. Nothing else in the file changes.
   * @throws {InvalidInputError} when what is above it is no object
   */
  set(path: readonly string[], given: string): void {
    const above = path.findIndex((_, index) => {
      const value = this.valueAt(path.slice(0, index));
      return value !== undefined && (typeof value !== "object" || Array.isArray(value));
    });
    if (above >= 0)
      throw new InvalidInputError([
        { file: FILE, path, message: `${printPath(path.slice(0, above))} is one value, with none below it` },
      ]);
    const number = typeof this.valueInFile(path) === "number" && /^\d+(\.\d+)?$/.test(given);
    const value = given === "" ? undefined : number ? Number(given) : given;
    this.text = withValue(this.text, [...this.prefix, ...path], value);
  }

  /** What the program's own checks find wrong, with paths in the system's configuration. */
  problems(): Problem[] {
    try {
      this.system.checkConfig(this.text, FILE);
      return [];
    } catch (error) {
      if (!(error instanceof InvalidInputError)) throw error;
      return error.problems.map((problem) => ({ ...problem, path: this.below(problem.path) }));
    }
  }

  private below(path: Path): Path {
    return this.prefix.every((step, index) => path[index] === step) ? path.slice(this.prefix.length) : path;
  }

  /** What a value is for, with an example, as the JSON Schema says that cdktf.json names; empty where it names none. */
  describe(path: readonly string[]): { readonly description?: string; readonly example?: unknown } {
    const named = (JSON.parse(this.text) as { $schema?: unknown }).$schema;
    if (typeof named !== "string" || !existsSync(named)) return {};
    let schema: unknown = JSON.parse(readFileSync(named, "utf8"));
    for (const step of [...this.prefix, ...path])
      schema = valueAt(schema, ["properties", step]) ?? valueAt(schema, ["additionalProperties"]);
    const description = valueAt(schema, ["description"]);
    const example = valueAt(schema, ["examples", 0]);
    return {
      ...(typeof description === "string" && { description }),
      ...(example !== undefined && { example }),
    };
  }

  /** Replaces the file as a whole. */
  write(): void {
    writeFileAtomic(FILE, this.text);
  }
}

function valuesBelow(value: unknown, path: readonly string[] = []): Value[] {
  if (typeof value === "string" || typeof value === "number") return [{ path, current: value }];
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([key, child]) => valuesBelow(child, [...path, key]));
}
