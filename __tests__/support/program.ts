import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, sep } from "node:path";
import type { App } from "cdktf";
import { createApp, unwrittenApp } from "../../lib/core/app";
import { LOCK_FILE } from "../../lib/core/provider-lock";
import { stageLocks } from "../../lib/core/stage-locks";
import { PlueProject } from "../../stacks/plue";
import { Charts } from "../../stacks/plue/charts";
import { type PlueConfig, readConfig } from "../../stacks/plue/config";
import { parseRegistry } from "../../stacks/plue/registry";
import { shared } from "./shared";
import { Synthesized } from "./synth";

/** An entry of engineers.json. */
export interface RegistryEntry {
  readonly name: string;
  readonly email: string;
  readonly [key: string]: unknown;
}

export interface ProgramProps {
  /** Entries of the registry, with what they leave out. @default alice and bob */
  readonly engineers?: readonly RegistryEntry[];
  /** @default the committed one */
  readonly config?: PlueConfig;
}

export const ALICE: RegistryEntry = { name: "alice", email: "alice@plue.dev" };
export const BOB: RegistryEntry = { name: "bob", email: "bob@plue.dev" };

/** Read once, as by the program. */
export const charts = new Charts();
const committed = readConfig("cdktf.json");

/** The whole program, as the app command synthesizes it: each stack by its name. Made once for all test files. */
export function synthesizeProgram(props: ProgramProps = {}): Map<string, Synthesized> {
  const stacks = new Map<string, Synthesized>();
  for (const [path, text] of sharedFiles(props)) {
    const stack = /^stacks\/([^/]+)\/cdk\.tf\.json$/.exec(path)?.[1];
    if (stack) stacks.set(stack, new Synthesized(JSON.parse(text)));
  }
  return stacks;
}

/** One stack of the whole program. */
export function synthesizeStack(name: string, props: ProgramProps = {}): Synthesized {
  const stacks = synthesizeProgram(props);
  const stack = stacks.get(name);
  if (!stack) throw new Error(`no stack ${name}; there are: ${[...stacks.keys()].join(", ")}`);
  return stack;
}

/** Every file that synthesis writes, by its path below the output folder. Made once for all test files. */
export function sharedFiles(props: ProgramProps): [path: string, text: string][] {
  return shared("program", props, () => [...programFiles(props)]);
}

/** As `sharedFiles`, and made anew. */
export function programFiles(props: ProgramProps = {}): Map<string, string> {
  const outdir = mkdtempSync(join(tmpdir(), "plue-program-"));
  try {
    const app = declareProgram(props, outdir);
    app.synth();
    stageLocks(app, LOCK_FILE);
    return readFiles(outdir);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** Plue with these inputs. */
export function projectOf({ engineers = [ALICE, BOB], config = committed }: ProgramProps = {}): PlueProject {
  const registry = parseRegistry(JSON.stringify({ engineers }), "engineers.json");
  return new PlueProject(config, registry, charts);
}

/** The program's constructs. */
export function declareProgram(props: ProgramProps = {}, outdir?: string): App {
  const app = outdir === undefined ? unwrittenApp() : createApp(outdir);
  projectOf(props).declare(app);
  return app;
}

/** Every file below a folder, by its path with `/`, sorted. */
export function readFiles(folder: string): Map<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return new Map(
    files.map((file) => [relative(folder, file).replaceAll(sep, "/"), readFileSync(file, "utf8")]),
  );
}
