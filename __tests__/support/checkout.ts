import { spawn, spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { LOCK_FILE } from "../../lib/core/provider-lock";
import type { RegistryEntry } from "./program";

/** What the app command needs of a checkout. Its node_modules are links, so that what it leaves there is its own. */
const NEEDED = [
  "main.ts",
  "lib",
  "stacks",
  "tools",
  "helm",
  "scripts",
  "package.json",
  "tsconfig.json",
  "cdktf.json",
  LOCK_FILE,
];

export interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A copy of the project in a folder of its own, in which tests run commands and break things. */
export class Checkout {
  readonly folder = mkdtempSync(join(tmpdir(), "plue-checkout-"));

  constructor() {
    for (const path of NEEDED) cpSync(path, join(this.folder, path), { recursive: true });
    const modules = join(this.folder, "node_modules");
    mkdirSync(modules);
    for (const name of readdirSync("node_modules"))
      if (!name.startsWith(".plue-"))
        symlinkSync(join(process.cwd(), "node_modules", name), join(modules, name));
  }

  /**
   * Whether the app command checks types here: that is three quarters of the time that it takes. Without, its compiler is
   * one that finds nothing wrong.
   */
  set checksTypes(checks: boolean) {
    const compiler = join(this.folder, "node_modules", "typescript");
    rmSync(compiler, { recursive: true });
    if (checks) symlinkSync(resolve("node_modules/typescript"), compiler);
    else {
      this.write("node_modules/typescript/package.json", '{ "name": "typescript", "type": "module" }');
      this.write("node_modules/typescript/lib/getExePath.js", 'export default () => "true";');
    }
  }

  /** Runs the app command, with nothing in its environment but what is given. */
  synth(environment: Record<string, string> = {}): Run {
    return this.run(process.execPath, ["scripts/app.mjs"], environment);
  }

  run(command: string, args: readonly string[], environment: Record<string, string> = {}): Run {
    return this.runIn(this.folder, command, args, environment);
  }

  runIn(
    cwd: string,
    command: string,
    args: readonly string[],
    environment: Record<string, string> = {},
    user: { readonly uid?: number } = {},
  ): Run {
    return spawnSync(command, args, {
      cwd,
      encoding: "utf8",
      env: this.environment(environment),
      ...user,
    });
  }

  /**
   * Starts the app command, and ends it with a signal as soon as it has made a folder for its output.
   * @returns its exit code, null where the signal ended it
   */
  async interrupt(signal: NodeJS.Signals): Promise<number | null> {
    const child = spawn(process.execPath, ["scripts/app.mjs"], {
      cwd: this.folder,
      env: this.environment({}),
    });
    const ended = new Promise((resolve) => child.on("close", resolve));
    while (!this.leftovers().length && child.exitCode === null)
      await new Promise((tick) => setTimeout(tick, 5));
    child.kill(signal);
    await ended;
    return child.exitCode;
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), "utf8");
  }

  write(path: string, text: string): void {
    mkdirSync(join(this.folder, path, ".."), { recursive: true });
    writeFileSync(join(this.folder, path), text);
  }

  register(...engineers: RegistryEntry[]): void {
    this.write("engineers.json", JSON.stringify({ engineers }, null, 2));
  }

  /**
   * Changes a file for the time of an action.
   * @throws when there is nothing to replace
   */
  changed<T>(path: string, from: string, to: string, action: () => T): T {
    const text = this.read(path);
    if (!text.includes(from)) throw new Error(`${path} has no ${from}`);
    this.write(path, text.replace(from, to));
    try {
      return action();
    } finally {
      this.write(path, text);
    }
  }

  /** Content of every file below a folder, with the time of its last change. */
  files(folder = "cdktf.out"): Map<string, { text: string; time: number }> {
    const root = join(this.folder, folder);
    const entries = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    const paths = entries.map(({ parentPath, name }) => join(parentPath, name)).sort();
    return new Map(
      paths.map((path) => [
        path.slice(root.length + 1),
        { text: readFileSync(path, "utf8"), time: statSync(path).mtimeMs },
      ]),
    );
  }

  /** Folders that a run makes for itself and should have taken away. */
  leftovers(): string[] {
    return [...readdirSync(this.folder), ...readdirSync(join(this.folder, "node_modules"))].filter((name) =>
      /^(cdktf\.out\.|\.plue-)/.test(name),
    );
  }

  remove(): void {
    // What a command that was killed had started itself may still write here.
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 10 });
  }

  private environment(more: Record<string, string>): Record<string, string> {
    return { PATH: process.env["PATH"] ?? "", HOME: join(this.folder, "home"), ...more };
  }
}
