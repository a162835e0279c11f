import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Run } from "./checkout";
import type { RegistryEntry } from "./program";

/** A folder with the two files that people write, and the charts, in which the command line is run through its launcher. */
export class PlueFolder {
  readonly folder = mkdtempSync(join(tmpdir(), "plue-cli-"));

  constructor(engineers?: readonly RegistryEntry[]) {
    cpSync("cdktf.json", join(this.folder, "cdktf.json"));
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

  /** Runs `plue`, with what is piped into it. */
  plue(args: readonly string[], environment: Record<string, string> = {}, input = ""): Promise<Run> {
    return runPlue(this.folder, args, environment, input);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The launcher, as `npx plue` runs it. */
export const LAUNCHER = resolve("scripts/plue.mjs");

/** Runs the launcher in a folder. */
export async function runPlue(
  cwd: string,
  args: readonly string[],
  environment: Record<string, string> = {},
  input = "",
): Promise<Run> {
  const { STORAGE_EMULATOR_HOST: _, GOOGLE_APPLICATION_CREDENTIALS: __, ...inherited } = process.env;
  const env = { ...inherited, NO_COLOR: "1", ...environment };
  const child = spawn(process.execPath, [LAUNCHER, ...args], { cwd, env });
  const printed = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const)
    child[name].setEncoding("utf8").on("data", (chunk) => {
      printed[name] += chunk;
    });
  child.stdin.on("error", () => {}).end(input);
  const [status] = await once(child, "close");
  return { status, ...printed };
}

/** A registry as it is committed: one entry a line. */
export function registryText(engineers: readonly RegistryEntry[]): string {
  const lines = engineers.map((entry) => `    ${JSON.stringify(entry)}`);
  return `{\n  "engineers": [\n${lines.join(",\n")}\n  ]\n}\n`;
}
