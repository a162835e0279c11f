import { createPrivateKey } from "node:crypto";
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { CliError, EXIT } from "../command-line/errors";

/** What Secret Manager takes at most. */
const MOST_BYTES = 65_536;

/** `API_KEY=` in front, as in a .env file, or quotes. */
const AROUND = /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+=[^=]|^(["']).*\2$/;

/**
 * The value of a secret, from a pipe or typed without being shown: never from an argument, which the shell's history and
 * every process of the machine can read.
 *
 * @throws {CliError} on a value that whoever reads it could not use; its message does not hold it
 */
export async function readValue(secretId: string): Promise<Buffer> {
  const value = process.stdin.isTTY ? await ask(`Value of ${secretId} (not shown): `) : await readAll();
  return checkedValue(secretId, value);
}

/**
 * What is stored: the value as it is, but for the line break that `echo` and editors put behind one line.
 * @throws {CliError} on a value that whoever reads it could not use; its message does not hold it
 */
export function checkedValue(secretId: string, read: Buffer): Buffer {
  const refuse = (why: string): never => {
    throw new CliError(`${secretId}: the value ${why}. Nothing was stored.`, EXIT.input);
  };
  const text = read.toString("utf8");
  const oneLine = text.replace(/\r?\n$/, "");
  const value = oneLine.includes("\n") ? read : Buffer.from(oneLine, "utf8");
  if (text.trim() === "") refuse("is empty");
  if (value.length > MOST_BYTES)
    refuse(`has ${value.length} bytes, of which Secret Manager takes ${MOST_BYTES}`);
  if (!Buffer.from(text, "utf8").equals(read)) refuse("is not text");
  if (/^-----BEGIN/.test(text) || secretId.endsWith("-private-key")) {
    if (!isPrivateKey(text)) refuse("is not a whole private key: pipe the PEM file in, < key.pem");
  } else if (/\s/.test(value.toString("utf8")))
    refuse("has white space in it, so more than the value was copied");
  else if (AROUND.test(value.toString("utf8")))
    refuse("has a name in front or quotes around it: give the value alone");
  return value;
}

function isPrivateKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).type === "private";
  } catch {
    return false;
  }
}

async function readAll(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** One line from the terminal, which does not show it. */
async function ask(question: string): Promise<Buffer> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: silent, terminal: true });
  const stopped = new AbortController();
  lines.on("SIGINT", () => stopped.abort());
  lines.on("close", () => stopped.abort());
  process.stderr.write(question);
  try {
    return Buffer.from(await lines.question("", { signal: stopped.signal }), "utf8");
  } catch (error) {
    if (!stopped.signal.aborted) throw error;
    throw new CliError("Interrupted. Nothing was stored.", EXIT.interrupted);
  } finally {
    process.stderr.write("\n");
    lines.close();
  }
}
