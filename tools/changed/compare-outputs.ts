import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";

/** What became of a stack. */
export interface StackChange {
  readonly stack: string;
  readonly change: "changed" | "new" | "removed";
}

/** Terraform of each stack, by file name: JSON as a value without CDKTF's remarks, HCL as text. */
type Output = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

/**
 * Compares the Terraform of two syntheses: the stacks that differ, sorted by name. Remarks and the order of keys mean nothing
 * to Terraform and do not count; charts count, as their hash is a value of each release.
 *
 * @param base folder of a synthesis, or one that holds `cdktf.out`
 * @throws when one of them is no such folder, or they are written in different languages
 */
export function compareOutputs(base: string, head: string): StackChange[] {
  const [before, after] = [readOutput(base), readOutput(head)];
  const stacks = [...new Set([...before.keys(), ...after.keys()])].sort();
  return stacks.flatMap((stack): StackChange[] => {
    const [old, current] = [before.get(stack), after.get(stack)];
    if (!old) return [{ stack, change: "new" }];
    if (!current) return [{ stack, change: "removed" }];
    if (isJson(old) !== isJson(current))
      throw new Error(`${stack} is JSON on one side and HCL on the other: synthesize both alike`);
    return isDeepStrictEqual(old, current) ? [] : [{ stack, change: "changed" }];
  });
}

function isJson(files: object): boolean {
  return "cdk.tf.json" in files;
}

/** The synthesis that a folder is, or holds; undefined if neither. */
export function outputIn(folder: string): string | undefined {
  return [folder, join(folder, "cdktf.out")].find((path) => existsSync(join(path, "manifest.json")));
}

function readOutput(folder: string): Output {
  const outdir = outputIn(folder);
  if (!outdir) throw new Error(`${folder} holds no synthesized stacks`);
  const { stacks } = JSON.parse(readFileSync(join(outdir, "manifest.json"), "utf8")) as {
    stacks: Record<string, { workingDirectory: string }>;
  };
  return new Map(
    Object.entries(stacks).map(([name, { workingDirectory }]) => [
      name,
      readModule(join(outdir, workingDirectory)),
    ]),
  );
}

function readModule(folder: string): Record<string, unknown> {
  const files = readdirSync(folder)
    .filter((name) => /\.tf(\.json)?$/.test(name))
    .sort();
  return Object.fromEntries(
    files.map((name) => {
      const text = readFileSync(join(folder, name), "utf8");
      return [name, name.endsWith(".json") ? JSON.parse(text, withoutRemarks) : text];
    }),
  );
}

/** Reviver that drops `"//"`, where Terraform JSON keeps remarks. */
function withoutRemarks(_key: string, value: unknown): unknown {
  if (typeof value === "object" && value !== null) Reflect.deleteProperty(value, "//");
  return value;
}
