import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { ZodType } from "zod";
import { SourceFolder } from "../core/source-folder";
import { MergedDocument } from "../input/merged-document";
import { InvalidInputError, type Problem } from "../input/problems";
import { checkDocument } from "../input/read-json";
import { textAt } from "../input/source-document";
import { YamlDocument } from "../input/yaml-document";

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

  private readonly source: SourceFolder;

  /**
   * @param path folder of the chart, absolute or below the working directory
   * @throws {InvalidInputError} when there is no Chart.yaml in it, or one without a version, or with another name than the
   *   folder's; when it has no .helmignore, or one with a pattern that is not read here
   */
  constructor(private readonly path: string) {
    this.name = basename(resolve(path));
    this.reference = `../../${CHARTS}/${this.name}`;
    if (!existsSync(join(path, "Chart.yaml"))) {
      const message = "is missing: a Helm chart has one, with its name and version";
      throw new InvalidInputError([{ file: `${path}/Chart.yaml`, path: [], message }]);
    }
    this.source = new SourceFolder({
      path,
      ignoreFile: IGNORE_FILE,
      withoutIgnoreFile: `what file managers and editors leave there would upgrade every release. Copy helm/plue/${IGNORE_FILE}.`,
      // Helm's own rule.
      ignoredAnyway: ["templates/.?*"],
    });
    this.version = this.readVersion();
    this.hash = this.source.hash;
  }

  /**
   * Checks each values file, merged over `values.yaml` as Helm merges them, so that a wrong value stops the synthesis and
   * not the deploy.
   * @throws {InvalidInputError} with everything that is wrong with any of them
   */
  checkValues(schema: ZodType<Values>): void {
    const defaults = this.readYaml("values.yaml");
    const others = this.source.files.filter((file) => /^values.+\.yaml$/.test(file));
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
    const { files } = this.source;
    if (!files.includes(file))
      throw new Error(`chart ${this.name} has no ${file}; it has ${files.join(", ")}.`);
    return `${this.reference}/${file}`;
  }

  private readVersion(): string {
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
    return new YamlDocument(this.source.read(file).toString("utf8"), `${this.path}/${file}`);
  }

  /**
   * Copies the chart into the output folder, so that the output stands by itself; with its `.helmignore`, as somebody may
   * open that folder, too, before an apply.
   */
  stage(outdir: string): void {
    for (const file of [IGNORE_FILE, ...this.source.files]) {
      const target = join(outdir, CHARTS, this.name, file);
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, this.source.read(file));
    }
  }
}
