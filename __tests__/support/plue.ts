import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { Readable, Writable } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import { LOCK_FILE } from "../../lib/core/provider-lock";
import type { System } from "../../lib/environments/system";
import type { Run } from "./checkout";
import type { RegistryEntry } from "./program";
import { shared } from "./shared";

/** A folder with the two files that people write, the lock file and the charts, in which commands are run. */
export class PlueFolder {
  readonly folder = mkdtempSync(join(tmpdir(), "plue-cli-"));

  constructor(engineers?: readonly RegistryEntry[]) {
    cpSync("cdktf.json", join(this.folder, "cdktf.json"));
    writeFileSync(join(this.folder, LOCK_FILE), vouched(readFileSync(LOCK_FILE, "utf8")));
    for (const name of ["helm", "main.ts"]) symlinkSync(resolve(name), join(this.folder, name));
    if (engineers) this.registry = registryText(engineers);
    else cpSync("engineers.json", join(this.folder, "engineers.json"));
  }

  get registry(): string {
    return readFileSync(join(this.folder, "engineers.json"), "utf8");
  }

  set registry(text: string) {
    writeFileSync(join(this.folder, "engineers.json"), text);
  }

  /** Gives cdktf.json a value for each that it comes with as zeros. */
  fill(): void {
    writeFileSync(join(this.folder, "cdktf.json"), filled(readFileSync("cdktf.json", "utf8")));
  }

  /** Runs `plue` in this process, with what is piped into it. */
  plue(args: readonly string[], environment: Record<string, string> = {}, input = ""): Promise<Run> {
    return runPlueInProcess(this.folder, args, environment, input);
  }

  /** Runs `plue` as a process of its own, through the launcher. */
  launch(args: readonly string[], environment: Record<string, string> = {}, input = ""): Promise<Run> {
    return runPlue(this.folder, args, environment, input);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A configuration with a value for each that it comes with as zeros. */
export function filled(config: string): string {
  return config.replaceAll(/"[0-]{6,}"/g, (zeros) => zeros.replace("0", "1"));
}

/** A lock file as `plue lock` leaves it: with a hash of each provider, of nothing where none was known. */
export function vouched(lock: string): string {
  const hashes = `  hashes = [\n    "zh:${"0".repeat(64)}",\n  ]\n`;
  return lock.replace(/^( {2}constraints = .*\n)(?=\})/gm, `$1${hashes}`);
}

/** The launcher, as `npx plue` runs it. */
export const LAUNCHER = resolve("scripts/plue.mjs");

/** Runs the launcher in a folder: for what only a process has. The same in this process is much faster. */
export async function runPlue(
  cwd: string,
  args: readonly string[],
  environment: Record<string, string> = {},
  input = "",
): Promise<Run> {
  const child = spawn(process.execPath, [LAUNCHER, ...args], { cwd, env: environmentOf(environment) });
  const printed = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const)
    child[name].setEncoding("utf8").on("data", (chunk) => {
      printed[name] += chunk;
    });
  child.stdin.on("error", () => {}).end(input);
  const [status] = await once(child, "close");
  return { status, ...printed };
}

const SYSTEM = resolve("main.ts");
const CHARTS = resolve("helm");
let running: string | undefined;

// Most commands synthesize first, and most of them the same: of equal files, once for all test files.
jest.doMock("../../tools/synthesis", () => {
  const real = jest.requireActual<typeof import("../../tools/synthesis")>("../../tools/synthesis");
  const synthesizeStacks: typeof real.synthesizeStacks = (project) => {
    if (!existsSync("helm")) return real.synthesizeStacks(project);
    const { readFiles } = require("./program") as typeof import("./program");
    const charts = realpathSync("helm") === CHARTS ? [] : [...readFiles("helm")];
    const files = [...["cdktf.json", "engineers.json"].map((name) => readFileSync(name, "utf8")), charts];
    return new Map(shared("stacks", files, () => [...real.synthesizeStacks(project)]));
  };
  return { ...real, synthesizeStacks };
});

/**
 * Runs a command in this process as its launcher does in another, with pipes for terminal: one after the other, as working
 * directory and environment are the process's. What the command starts itself sees of the environment what it is given.
 * @param loadSystem the system whose folder it is, where that is not Plue
 */
export async function runPlueInProcess(
  cwd: string,
  args: readonly string[],
  environment: Record<string, string> = {},
  input = "",
  loadSystem: () => System = () => require(SYSTEM).system,
): Promise<Run> {
  if (running)
    throw new Error(`await ${running} before ${args.join(" ")}: a process has one working directory`);
  running = args.join(" ");
  const [stdout, stderr] = [new Printed(), new Printed()];
  const before = { cwd: process.cwd(), env: process.env, exitCode: process.exitCode };
  const pipes = { stdin: Readable.from(input === "" ? [] : [Buffer.from(input)]), stdout, stderr };
  const terminal = Object.fromEntries(
    Object.keys(pipes).map((name) => [name, Object.getOwnPropertyDescriptor(process, name)]),
  ) as PropertyDescriptorMap;
  try {
    for (const [name, value] of Object.entries(pipes))
      Object.defineProperty(process, name, { value, configurable: true });
    process.env = environmentOf(environment);
    process.exitCode = undefined;
    process.chdir(cwd);
    // Here, and not where whoever only needs a folder would load all of it.
    const { run } = require("../../tools") as typeof import("../../tools");
    const folder = projectFolder(cwd);
    const hasProgram = folder !== undefined && existsSync(join(folder, "main.ts"));
    const status = await run(args, {
      startedIn: cwd,
      ...(folder !== undefined && { folder }),
      ...(hasProgram && { loadSystem }),
    });
    return { status, stdout: stdout.text, stderr: stderr.text };
  } finally {
    Object.defineProperties(process, terminal);
    process.env = before.env;
    process.exitCode = before.exitCode;
    process.chdir(before.cwd);
    running = undefined;
  }
}

/** What a command prints; without colours, which a pipe does not get. */
class Printed extends Writable {
  private readonly chunks: string[] = [];

  get text(): string {
    return stripVTControlCharacters(this.chunks.join(""));
  }

  override _write(chunk: Buffer, _: string, done: () => void): void {
    this.chunks.push(chunk.toString("utf8"));
    done();
  }
}

/** What a command finds in its environment: nothing of the developer's Google account. */
function environmentOf(given: Record<string, string>): Record<string, string | undefined> {
  const { STORAGE_EMULATOR_HOST: _, GOOGLE_APPLICATION_CREDENTIALS: __, ...inherited } = process.env;
  return { ...inherited, NO_COLOR: "1", ...given };
}

function projectFolder(from: string): string | undefined {
  if (existsSync(join(from, "cdktf.json"))) return from;
  return from === dirname(from) ? undefined : projectFolder(dirname(from));
}

/** A registry as it is committed: one entry a line. */
export function registryText(engineers: readonly RegistryEntry[]): string {
  const lines = engineers.map((entry) => `    ${JSON.stringify(entry)}`);
  return `{\n  "engineers": [\n${lines.join(",\n")}\n  ]\n}\n`;
}
