import type { App } from "cdktf";
import type { IConstruct } from "constructs";

/** Errors whose message tells a person everything: what is wrong, where, and what instead. */
const TOLD = new Set(["InvalidInputError", "InvalidPropsError", "LockFileError"]);
/** CDKTF's, of what constructs check themselves; a line for each, with its place. */
const VALIDATION = /^Validation failed with the following errors:/;

/** What the system refused, in words, and what to do about it. */
const SYSTEM: Readonly<Record<string, string>> = {
  EACCES: "may not be read or written by this user: give yourself the right to, or use another folder",
  EDQUOT: "cannot be written, as there is no room left for this user: make some",
  EEXIST: "is there already, as something else: move it away",
  EISDIR: "is a folder where a file should be: move it away",
  ENOSPC: "cannot be written, as there is no room left on the disk: make some",
  ENOTDIR: "is a file where a folder should be, or below one: move it away",
  EPERM: "may not be changed by this user: give yourself the right to, or use another folder",
  EROFS: "is on a file system that cannot be written: use another folder",
};

/** An error of the program itself, thrown by a stack or a construct that it was declaring. */
export class DeclarationError extends Error {
  override readonly name = "DeclarationError";

  /** @param where path of the construct that was being declared, as far as can be told */
  constructor(
    readonly where: string,
    override readonly cause: Error,
  ) {
    super(`${where}: ${cause.message}`);
  }
}

/**
 * Says where in an app an error comes from that does not say so itself.
 * @returns the error, or one with the path of the construct
 */
export function whereDeclared(error: unknown, app: App): unknown {
  if (!(error instanceof Error) || isTold(error)) return error;
  const where = pathOf(error, app);
  return where ? new DeclarationError(where, error) : error;
}

/**
 * What went wrong, for a person: the message alone where it says everything, with its place in the sources where it is the
 * program's, and with its trace where it is a defect.
 *
 * @param readable turns a stack trace into one of the sources
 */
export function explainUnexpected(
  error: unknown,
  readable: (trace: string) => string = (trace) => trace,
): string {
  if (!(error instanceof Error)) return String(error);
  if (isTold(error)) return error.message;
  const system = systemError(error);
  if (system) return system;
  const { where, cause } = error instanceof DeclarationError ? error : { where: "", cause: error };
  const frames = framesOf(readable(cause.stack ?? ""));
  const prefix = where && `${where}: `;
  if (cause.name !== "Error") return [`${prefix}${cause.name}: ${cause.message}`, ...frames].join("\n");
  const place = /\(?([^\s()]+:\d+:\d+)\)?$/.exec(frames[0] ?? "")?.[1];
  return `${prefix}${cause.message || "an error without a message"}${place ? ` (${place})` : ""}`;
}

function isTold({ name, message }: Error): boolean {
  return TOLD.has(name) || VALIDATION.test(message);
}

/** What an error of the operating system means; undefined for all others. */
function systemError(error: NodeJS.ErrnoException): string | undefined {
  if (error.syscall === undefined) return undefined;
  const { code = "", path, dest } = error as NodeJS.ErrnoException & { dest?: string };
  const meaning = SYSTEM[code];
  return meaning && path !== undefined ? `${dest ?? path} ${meaning} (${code})` : error.message;
}

/** The lines of a trace that are of this program: neither Node's nor of packages. */
function framesOf(trace: string): string[] {
  return trace
    .split("\n")
    .filter((line) => /^\s+at /.test(line) && !/node:|node_modules[\\/]/.test(line))
    .map((line) => `    ${line.trim()}`);
}

/**
 * Path of the construct whose constructor threw: a construct is in the tree as soon as its constructor begins, and is the last
 * there; that it has not ended, the trace says.
 */
function pathOf(error: Error, app: App): string {
  const running = new Set([...(error.stack ?? "").matchAll(/^\s+at new ([\w$]+)/gm)].map(([, name]) => name));
  let path = "";
  for (let at = lastChild(app); at; at = lastChild(at))
    if (running.has(at.constructor.name)) path = at.node.path;
  return path;
}

function lastChild(scope: IConstruct): IConstruct | undefined {
  return scope.node.children.at(-1);
}
