import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { readNormalized } from "../../lib/core/text-file";
import { MissingToolError, runTool } from "./run-tool";
import { removedAfter } from "./scan-folder";

export interface CheckovInstallation {
  /** Python of the environment that holds checkov. */
  readonly python: string;
  readonly version: string;
}

export interface CheckovInstallProps {
  /** Requirements file, each package pinned with its hashes. */
  readonly requirements: string;
  /** Tells that a download begins. */
  readonly tell: (message: string) => void;
}

const NEEDS = "checkov needs Python 3.11 or later, with venv, as python3";

/**
 * The pinned checkov: installed once for each content of the requirements file, into ${TOOLS:-~/.cache/plue-tools}, in an
 * environment of its own. Only an installation needs the network, and of that only the package index.
 *
 * @throws {MissingToolError} without a Python that is new enough; when a package cannot be had, or has another hash
 */
export async function installCheckov({
  requirements,
  tell,
}: CheckovInstallProps): Promise<CheckovInstallation> {
  const { folder, ...installation } = placeOf(requirements);
  if (existsSync(folder)) return installation;
  await requirePython();
  const { version } = installation;
  tell(`Installing checkov ${version} into ${folder}, once …`);
  mkdirSync(dirname(folder), { recursive: true });
  // An installation that is interrupted, or one beside this, leaves the folder as it is.
  await removedAfter(`${folder}.${process.pid}`, async (partial) => {
    await step("python3", ["-m", "venv", partial]);
    const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    // Wheels alone: what is installed runs no code of its own while it is installed.
    const pinned = ["--require-hashes", "--no-deps", "--only-binary", ":all:", "--requirement", requirements];
    await step(join(partial, "bin", "python"), [...pip, ...pinned]);
    if (!existsSync(folder)) renameSync(partial, folder);
  });
  return installation;
}

/** The installation, if it was made before. */
export function installedCheckov(requirements: string): CheckovInstallation | undefined {
  const { folder, ...installation } = placeOf(requirements);
  return existsSync(folder) ? installation : undefined;
}

function placeOf(requirements: string): CheckovInstallation & { readonly folder: string } {
  const text = readNormalized(requirements).toString("utf8");
  const version = /^checkov==(\S+)/m.exec(text)?.[1];
  if (!version) throw new Error(`${requirements} does not pin checkov`);
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 12);
  const tools = process.env["TOOLS"] || join(homedir(), ".cache", "plue-tools");
  const folder = join(tools, `checkov-${version}-${hash}`);
  return { folder, python: join(folder, "bin", "python"), version };
}

async function requirePython(): Promise<void> {
  const isNewEnough = "import sys, venv; sys.exit(sys.version_info < (3, 11))";
  try {
    const { code } = await runTool("python3", ["-c", isNewEnough]);
    if (code !== 0) throw new MissingToolError(`${NEEDS}: the one on the PATH is older, or lacks venv`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw new MissingToolError(`${NEEDS}: there is none on the PATH`);
  }
}

async function step(command: string, args: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await runTool(command, args);
  if (code !== 0) throw new MissingToolError(`checkov was not installed:\n${(stderr || stdout).trim()}`);
}
