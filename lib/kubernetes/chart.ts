import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { ZodType } from "zod";
import { readNormalized } from "../core/text-file";
import { MergedDocument } from "../input/merged-document";
import { InvalidInputError, type Problem } from "../input/problems";
import { checkDocument } from "../input/read-json";
import { textAt } from "../input/source-document";
import { YamlDocument } from "../input/yaml-document";
import { type Ignored, parseHelmIgnore } from "./helm-ignore";

/** Folder of the output that charts are copied to. */
const CHARTS = "charts";
/** Tells Helm, and this program, what in the folder is no part of the chart. */
const IGNORE_FILE = ".helmignore";

/**
 * Helm chart of this repository: made once per app and shared by all stacks, as it reads its files once.
 *
 * Its files are what its `.helmignore` leaves in, with the line ends that git stores: what a file manager puts into the
 * folder, or git for Windows makes of it, neither upgrades a release nor reaches the cluster.
 *
 * @typeParam Values what a release of the chart passes as values
 */
export class Chart<Values extends object = object> {
  /** For the compiler alone: ties the values of a release to its chart. */
  declare readonly values: Values;
  /** The folder's name, which is also the chart's. */
  readonly name: string;
  /** Version in Chart.yaml. */
  readonly version: string;
  /** Twelve hexadecimal digits that change with any file of the chart, and with nothing else that is in its folder. */
  readonly hash: string;
  /** Where Terraform finds the staged chart from a stack's folder: `../../charts/plue`. */
  readonly reference: string;

  private readonly folder: string;
  private readonly files: readonly string[];

  /**
   * @param path folder of the chart, absolute or below the working directory
   * @throws {InvalidInputError} when there is no Chart.yaml in it, or one without a version, or with another name than the
   *   folder's; when it has no .helmignore, or one with a pattern that is not read here
   */
  constructor(private readonly path: string) {
    this.folder = resolve(path);
    this.name = basename(this.folder);
    this.reference = `../../${CHARTS}/${this.name}`;
    this.version = this.readVersion();
    this.files = chartFiles(this.folder, this.readIgnored());
    this.hash = hashOf(this.folder, this.files);
  }

  /**
   * Checks each values file, merged over `values.yaml` as Helm merges them, so that a wrong value stops the synthesis and
   * not the deploy.
   * @throws {InvalidInputError} with everything that is wrong with any of them
   */
  checkValues(schema: ZodType<Values>): void {
    const defaults = this.readYaml("values.yaml");
    const others = this.files.filter((file) => /^values.+\.yaml$/.test(file));
    const documents = [defaults, ...others.map((file) => new MergedDocument(this.readYaml(file), defaults))];
    const problems = documents.flatMap((document): readonly Problem[] => {
      try {
        checkDocument(document, schema);
        return [];
      } catch (error) {
        if (error instanceof InvalidInputError) return error.problems;
        throw error;
      }
    });
    // What is wrong with a default is wrong with each file that does not give another value.
    const once = new Map(problems.map((problem) => [JSON.stringify(problem), problem]));
    if (once.size > 0) throw new InvalidInputError([...once.values()]);
  }

  /**
   * Reference to a file of the staged chart, for Terraform's `file()`.
   * @throws when the chart has no such file
   */
  fileReference(file: string): string {
    if (!this.files.includes(file))
      throw new Error(`chart ${this.name} has no ${file}; it has ${this.files.join(", ")}.`);
    return `${this.reference}/${file}`;
  }

  private readVersion(): string {
    if (!existsSync(join(this.folder, "Chart.yaml")))
      throw this.invalid("Chart.yaml", "is missing: a Helm chart has one, with its name and version");
    const manifest = this.readYaml("Chart.yaml");
    if (!manifest.readable) throw new InvalidInputError(manifest.problems);
    const problems: Problem[] = [];
    const name = textAt(manifest.value, ["name"]);
    if (name !== this.name)
      problems.push(
        manifest.problem({
          path: ["name"],
          message: `${manifest.quoteAt(["name"]) ?? "nothing"} is not the folder's name: write ${this.name}`,
        }),
      );
    const version = textAt(manifest.value, ["version"]);
    if (!version)
      problems.push(
        manifest.problem({
          path: ["version"],
          message: `${manifest.quoteAt(["version"]) ?? "nothing"} is no version: write one, for instance 0.1.0`,
        }),
      );
    if (!version || problems.length > 0) throw new InvalidInputError(problems);
    return version;
  }

  private readYaml(file: string): YamlDocument {
    return new YamlDocument(readNormalized(join(this.folder, file)).toString("utf8"), `${this.path}/${file}`);
  }

  private invalid(file: string, message: string): InvalidInputError {
    return new InvalidInputError([{ file: `${this.path}/${file}`, path: [], message }]);
  }

  private readIgnored(): Ignored {
    const file = join(this.folder, IGNORE_FILE);
    if (!existsSync(file))
      throw this.invalid(
        IGNORE_FILE,
        `is missing, and what file managers and editors leave there would upgrade every release: copy helm/plue/${IGNORE_FILE}`,
      );
    return parseHelmIgnore(readNormalized(file).toString("utf8"), `${this.path}/${IGNORE_FILE}`);
  }

  /**
   * Copies the chart into the output folder, so that the output stands by itself; with its `.helmignore`, as somebody may
   * open that folder, too, before an apply.
   */
  stage(outdir: string): void {
    for (const file of [IGNORE_FILE, ...this.files]) {
      const target = join(outdir, CHARTS, this.name, file);
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, readNormalized(join(this.folder, file)));
    }
  }
}

/** The chart's files, sorted, with `/` between folders. */
function chartFiles(folder: string, ignored: Ignored, prefix = ""): string[] {
  return readdirSync(join(folder, prefix), { withFileTypes: true })
    .flatMap((entry) => {
      const path = prefix + entry.name;
      const isFolder = entry.isDirectory();
      if (path === IGNORE_FILE || ignored(path, isFolder)) return [];
      return isFolder ? chartFiles(folder, ignored, `${path}/`) : [path];
    })
    .sort();
}

function hashOf(folder: string, files: readonly string[]): string {
  const hash = createHash("sha256");
  for (const file of files) {
    const content = readNormalized(join(folder, file));
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex").slice(0, 12);
}
