import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { readNormalized } from "../../lib/core/text-file";
import { during } from "../command-line/progress";

const LOCK_FILE = "package-lock.json";

/**
 * Synthesizes a checkout with its own app command, as `cdktf synth` does.
 * @throws with what the program printed, when it failed
 */
export async function synthesize(checkout: string, outdir: string): Promise<void> {
  const { app } = JSON.parse(readFileSync(join(checkout, "cdktf.json"), "utf8")) as { app: string };
  const environment = { ...process.env, CDKTF_OUTDIR: outdir };
  await during("Synthesizing the stacks and checking types", () =>
    runTool(app, [], { cwd: checkout, env: environment, shell: true }),
  );
}

export interface CheckOutProps {
  /** Repository, which stays as it is. */
  readonly repository: string;
  /** Branch, tag or commit. */
  readonly ref: string;
  /** New folder for it. */
  readonly folder: string;
  /** Run `npm ci` there when it needs other packages than this checkout. */
  readonly install: boolean;
}

/**
 * Puts a commit's files into a folder, ready to be synthesized: with the packages of this checkout, if it wants the same.
 * Git's own records stay untouched, so nothing is left behind when this is killed.
 *
 * @returns the folder there that is this one here, as a system's is one of several of a checkout
 * @throws when there is no such commit, or it wants other packages and may not install them
 */
export async function checkOut({ repository, ref, folder, install }: CheckOutProps): Promise<string> {
  const commit = git(repository, ["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`]);
  if (!commit)
    throw new Error(
      `${ref} is neither a folder with synthesized stacks nor a commit of this repository (a shallow clone may have to fetch it)`,
    );
  const top = git(repository, ["rev-parse", "--show-toplevel"]) ?? repository;
  const prefix = git(repository, ["rev-parse", "--show-prefix"]) ?? "";
  mkdirSync(folder, { recursive: true });
  const archive = resolve(folder, "..", "base.tar");
  await runTool("git", ["archive", "--format=tar", `--output=${archive}`, commit], { cwd: top });
  await runTool("tar", ["-xf", archive, "-C", folder]);
  const program = join(folder, prefix);
  if (!existsSync(join(program, "cdktf.json")))
    throw new Error(`${ref} holds no ${join(prefix, "cdktf.json")}: it is before this program`);
  const packages = placeOfPackages(top, prefix);
  const [here, there] = [join(top, packages), join(folder, packages)];
  if (sameFile(join(here, LOCK_FILE), join(there, LOCK_FILE)))
    symlinkSync(join(here, "node_modules"), join(there, "node_modules"), "junction");
  else if (install)
    await during(`Installing the packages of ${ref}`, () =>
      runTool("npm", ["ci", "--no-audit", "--no-fund"], {
        cwd: there,
        shell: process.platform === "win32",
      }),
    );
  else
    throw new Error(
      `${ref} has another ${LOCK_FILE}, so this checkout's packages may not synthesize it as it was: pass --install to run npm ci for it in a temporary folder, or synthesize it yourself and pass the folder as --base`,
    );
  return program;
}

/** Where a program's packages are: in its folder, or in the nearest one above, below the top of the repository. */
function placeOfPackages(top: string, prefix: string): string {
  const parts = prefix.split("/").filter(Boolean);
  const places = [...parts.keys(), parts.length].map((up) => parts.slice(0, parts.length - up).join("/"));
  return places.find((place) => existsSync(join(top, place, LOCK_FILE))) ?? prefix;
}

/** Output of a git command; undefined where it fails. */
function git(cwd: string, args: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync("git", args, { cwd, encoding: "utf8" });
  return status === 0 ? stdout.trim() : undefined;
}

function sameFile(one: string, other: string): boolean {
  return existsSync(one) && existsSync(other) && readNormalized(one).equals(readNormalized(other));
}

interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly shell?: boolean;
}

async function runTool(command: string, args: readonly string[], options: RunOptions = {}): Promise<void> {
  const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  let printed = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (chunk) => {
      printed += chunk;
    });
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`"${[command, ...args].join(" ")}" failed:\n${printed.trim()}`);
}
