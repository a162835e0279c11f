import { applyEdits, modify } from "jsonc-parser";
import { sync as writeFileAtomic } from "write-file-atomic";
import { readText } from "../../lib/input/read-json";
import { thisSystem } from "../command-line/project";
import type { DeclaredSecret } from "./declared";

const FILE = "cdktf.json";

/**
 * Puts the version of a secret that is in use into cdktf.json; nothing else in it changes.
 * @throws {InvalidInputError} when the file would not be valid; it is left as it is
 */
export function useVersion({ environment, secretId }: DeclaredSecret, version: number): void {
  const text = readText(FILE);
  const formattingOptions = { insertSpaces: true, tabSize: 2, eol: text.includes("\r\n") ? "\r\n" : "\n" };
  const system = thisSystem();
  const path = ["context", system.name, environment, "secretVersions", secretId];
  const changed = applyEdits(text, modify(text, path, version, { formattingOptions }));
  system.checkConfig(changed, FILE);
  writeFileAtomic(FILE, changed);
}
