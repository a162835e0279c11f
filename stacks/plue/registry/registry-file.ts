import { sync as writeFileAtomic } from "write-file-atomic";
import { InvalidInputError } from "../../../lib/input/problems";
import { readText } from "../../../lib/input/read-json";
import { parseRegistry, type Registry } from "./index";

/** engineers.json for somebody who changes it: the text and what it says. */
export class RegistryFile {
  readonly text: string;
  readonly registry: Registry;

  /** @throws {InvalidInputError} with everything that is wrong with the file */
  constructor(readonly file: string) {
    this.text = readText(file);
    this.registry = parseRegistry(this.text, file);
  }

  /** What a changed text would say. @throws {InvalidInputError} with everything that would be wrong with it */
  check(text: string): Registry {
    return parseRegistry(text, this.file);
  }

  /**
   * Puts a checked text in place as a whole: whoever reads meanwhile, or looks after a crash, finds the old file or the
   * new one.
   * @throws {InvalidInputError} when the file changed since it was read; it is left as it is
   */
  replace(text: string): void {
    this.check(text);
    if (readText(this.file) !== this.text)
      throw new InvalidInputError([
        { file: this.file, path: [], message: "somebody else changed this file meanwhile: run this again" },
      ]);
    writeFileAtomic(this.file, text);
  }
}
