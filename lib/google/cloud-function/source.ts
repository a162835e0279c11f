import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { type Zippable, zipSync } from "fflate";
import { SourceFolder } from "../../core/source-folder";

/** Folder of the output that archives are written to. */
const FUNCTIONS = "functions";
/** Tells gcloud, and this program, what in the folder is no part of the function. */
const IGNORE_FILE = ".gcloudignore";
/** Of every entry: noon of the first day that an archive can name. Archives hold local times, so it is one everywhere. */
const MODIFIED = new Date(1980, 0, 1, 12);
const UNIX = 3;
/** A file that its owner writes and all read, in the upper half as unzip reads it. */
const MODE = 0o100644 << 16;

/**
 * Source of a Cloud Function, a folder of this repository: made once per app, as it reads its files once. The system's
 * `stage` writes its archive to where Terraform takes it from.
 *
 * The archive is the same bytes on every machine: files sorted, without times, owners and compression, with the line ends that
 * git stores. What `.gcloudignore` leaves out is no part of it.
 */
export class FunctionSource {
  /** The folder's name. */
  readonly name: string;
  /** Its files, sorted, with `/` between folders. */
  readonly files: readonly string[];
  /** Twelve hexadecimal digits that change with any of its files, and with nothing else. */
  readonly hash: string;
  /** Where Terraform finds the archive from a stack's folder: `../../functions/rotate-secrets.zip`. */
  readonly reference: string;
  private readonly archive: Uint8Array;

  /**
   * @param path folder of the function, absolute or below the working directory
   * @throws when it has no file, or no .gcloudignore, or one with a pattern that is not read here
   */
  constructor(readonly path: string) {
    const source = new SourceFolder({
      path,
      ignoreFile: IGNORE_FILE,
      withoutIgnoreFile:
        "what file managers, editors and interpreters leave there would deploy the function again. Name them in one, a pattern a line.",
    });
    if (source.files.length === 0) throw new Error(`${path} has no file that its ${IGNORE_FILE} leaves in.`);
    this.name = basename(resolve(path));
    this.files = source.files;
    this.archive = zipSync(
      Object.fromEntries(source.files.map((file) => [file, [source.read(file), {}]])) as Zippable,
      { level: 0, mtime: MODIFIED, os: UNIX, attrs: MODE },
    );
    this.hash = createHash("sha256").update(this.archive).digest("hex").slice(0, 12);
    this.reference = `../../${FUNCTIONS}/${this.name}.zip`;
  }

  /** Writes the archive into the output folder, so that the output stands by itself. */
  stage(outdir: string): void {
    mkdirSync(join(outdir, FUNCTIONS), { recursive: true });
    writeFileSync(join(outdir, FUNCTIONS, `${this.name}.zip`), this.archive);
  }
}
