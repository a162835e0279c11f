import { spawn } from "node:child_process";
import { once } from "node:events";

/** What a program printed, and the code it ended with; null where a signal ended it. */
export interface ToolRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** @throws Error of the system, where the program is not there */
export async function runTool(
  command: string,
  args: readonly string[],
  {
    input = "",
    ...options
  }: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv; readonly input?: string } = {},
): Promise<ToolRun> {
  const child = spawn(command, args, { ...options, stdio: ["pipe", "pipe", "pipe"] });
  // A program that does not read it has its own reasons, and its own code.
  child.stdin.on("error", () => {}).end(input);
  const printed = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const)
    child[stream].setEncoding("utf8").on("data", (chunk) => {
      printed[stream] += chunk;
    });
  const [code] = await once(child, "close");
  return { code, ...printed };
}

/** A tool that a scan needs is not there, or too old; says how to get it. */
export class MissingToolError extends Error {
  override readonly name = "MissingToolError";
}

/**
 * The version that a tool says it has; "unknown" where it does not say, as builds by `go install` may.
 * @throws {MissingToolError} where it is not on the PATH, or does not run
 */
export async function versionOf(command: string, args: readonly string[], howToGet: string): Promise<string> {
  try {
    const { code, stdout } = await runTool(command, args, { env: { ...process.env, ...QUIET } });
    if (code === 0) return /\d+\.\d+(\.\d+)?/.exec(stdout)?.[0] ?? "unknown";
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw new MissingToolError(`${command} is not on the PATH: ${howToGet}`);
  }
  throw new MissingToolError(`${command} on the PATH does not run: ${howToGet}`);
}

/** Keeps tools from asking their makers for a newer version. */
export const QUIET = { TFLINT_DISABLE_VERSION_CHECK: "1" };
