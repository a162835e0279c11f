import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { temporaryFolder } from "../../lib/core/temporary-folder";
import { CliError, EXIT } from "../command-line/errors";
import { during } from "../command-line/progress";
import { typedPath } from "../command-line/project";
import { outputIn } from "./compare-outputs";
import { checkOut, synthesize } from "./synthesize";

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/** What a change is compared with. */
export interface Base {
  /** As it was named: a commit, or a folder. */
  readonly name: string;
  /** Folder of its synthesis. */
  readonly outdir: string;
  /** Folder of its own program. @default a folder that holds a synthesis alone has none */
  readonly program?: string;
  /** Folder that is gone with it, for what else is needed for as long. */
  readonly temporary: string;
}

export interface BaseProps {
  /** A commit, or a folder that is a synthesis or holds one. */
  readonly base: string;
  /** Run `npm ci` for a commit that needs other packages than this checkout. @default false */
  readonly install?: boolean;
}

/**
 * Works with the stacks as they were: of a folder that holds a synthesis, or as a commit's own program synthesizes them. A
 * commit's files are in a folder that is gone afterwards, whatever ends it.
 *
 * @throws {CliError} when there is neither, or it cannot be synthesized
 */
export async function withBase<T>(
  { base, install = false }: BaseProps,
  action: (base: Base) => Promise<T>,
): Promise<T> {
  const temporary = temporaryFolder("changed");
  const remove = () => rmSync(temporary, { recursive: true, force: true });
  const interrupt = () => process.exit(EXIT.interrupted);
  process.once("exit", remove);
  for (const signal of SIGNALS) process.once(signal, interrupt);
  try {
    return await action(await openBase(base, temporary, install));
  } catch (error) {
    // Of a class of its own it says by itself what it is.
    throw error instanceof Error && error.constructor === Error ? new CliError(error.message) : error;
  } finally {
    process.off("exit", remove);
    for (const signal of SIGNALS) process.off(signal, interrupt);
    remove();
  }
}

async function openBase(name: string, temporary: string, install: boolean): Promise<Base> {
  const given = typedPath(name);
  const synthesized = outputIn(given);
  if (synthesized) {
    const program = existsSync(join(given, "cdktf.json")) ? { program: given } : {};
    return { name, outdir: synthesized, temporary, ...program };
  }
  return during(`Synthesizing ${name}`, async () => {
    const folder = join(temporary, "base");
    const program = await checkOut({ repository: process.cwd(), ref: name, folder, install });
    const outdir = join(temporary, "base.out");
    mkdirSync(outdir);
    await synthesize(program, outdir);
    return { name, outdir, temporary, program };
  });
}

/**
 * What a program's own command line says of it, as JSON: by its own code, and of its own files. Undefined where it has none,
 * or fails.
 *
 * @param folder of the program's cdktf.json
 */
export async function ask(folder: string, args: readonly string[]): Promise<unknown> {
  const launcher = findUp(folder, join("scripts", "plue.mjs"));
  if (!launcher) return undefined;
  // By npm it would take the folder for another.
  const { npm_lifecycle_event: _, ...env } = process.env;
  const child = spawn(process.execPath, [launcher, ...args, "--json"], {
    cwd: folder,
    env,
    stdio: ["ignore", "pipe", "ignore"],
  });
  let printed = "";
  child.stdout.setEncoding("utf8").on("data", (chunk) => {
    printed += chunk;
  });
  await once(child, "close");
  try {
    return JSON.parse(printed);
  } catch {
    return undefined;
  }
}

function findUp(folder: string, path: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, path))) return join(at, path);
    if (at === dirname(at)) return undefined;
  }
}
