import { createHash } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { InvalidInputError } from "../input/problems";
import { type Ignored, parseIgnoreFile } from "./ignore-file";
import { readNormalized } from "./text-file";

export interface SourceFolderProps {
  /** Folder, absolute or below the working directory. */
  readonly path: string;
  /** The file that says what in the folder is no part of it: `.helmignore`. */
  readonly ignoreFile: string;
  /** What happens without one, and what to do: what the error says besides. */
  readonly withoutIgnoreFile: string;
  /** Rules besides those of the file. @default none */
  readonly ignoredAnyway?: readonly string[];
}

/**
 * Folder of the checkout that is deployed as it is. Its files are what its ignore file leaves in, with the line ends that git
 * stores: what a file manager puts into the folder, or git for Windows makes of it, changes nothing of it.
 *
 * @throws {InvalidInputError} without the ignore file, or on a pattern in it that is not read here
 */
export class SourceFolder {
  /** Its files, sorted, with `/` between folders; without the ignore file. */
  readonly files: readonly string[];
  /** Twelve hexadecimal digits that change with any of its files, and with nothing else. */
  readonly hash: string;
  private readonly folder: string;

  constructor(private readonly props: SourceFolderProps) {
    this.folder = resolve(props.path);
    this.files = this.filesBelow(this.readIgnored());
    this.hash = this.hashFiles();
  }

  /** Content of one of its files, or of the ignore file. */
  read(file: string): Buffer {
    return readNormalized(join(this.folder, file));
  }

  private readIgnored(): Ignored {
    const { path, ignoreFile, withoutIgnoreFile, ignoredAnyway } = this.props;
    const file = `${path}/${ignoreFile}`;
    if (!existsSync(join(this.folder, ignoreFile)))
      throw new InvalidInputError([{ file, path: [], message: `is missing: ${withoutIgnoreFile}` }]);
    return parseIgnoreFile(this.read(ignoreFile).toString("utf8"), file, ignoredAnyway);
  }

  private filesBelow(ignored: Ignored, prefix = ""): string[] {
    return readdirSync(join(this.folder, prefix), { withFileTypes: true })
      .flatMap((entry) => {
        const path = prefix + entry.name;
        const isFolder = entry.isDirectory();
        if (path === this.props.ignoreFile || ignored(path, isFolder)) return [];
        return isFolder ? this.filesBelow(ignored, `${path}/`) : [path];
      })
      .sort();
  }

  private hashFiles(): string {
    const hash = createHash("sha256");
    for (const file of this.files) {
      const content = this.read(file);
      hash.update(`${file}\0${content.length}\0`).update(content);
    }
    return hash.digest("hex").slice(0, 12);
  }
}
