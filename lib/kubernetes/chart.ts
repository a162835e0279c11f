import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { parse } from "yaml";
import type { ZodType } from "zod";
import { SourceFolder } from "../core/source-folder";
import { readNormalized } from "../core/text-file";

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
   * @throws when there is no Chart.yaml in it, or one without a version, or with another name than the folder's; when it
   *   has no .helmignore, or one with a pattern that is not read here
   */
  constructor(private readonly path: string) {
    this.name = basename(resolve(path));
    this.reference = `../../${CHARTS}/${this.name}`;
    const manifest = join(path, "Chart.yaml");
    if (!existsSync(manifest)) throw new Error(`${path} is not a Helm chart: it has no Chart.yaml.`);
    const text = readNormalized(manifest).toString("utf8");
    const name = topLevelField(text, "name");
    if (name !== this.name)
      throw new Error(
        `${path}/Chart.yaml says name: ${name ?? "nothing"}; it must be the folder's, ${this.name}.`,
      );
    const version = topLevelField(text, "version");
    if (!version) throw new Error(`${path}/Chart.yaml has no version.`);
    this.version = version;
    this.source = new SourceFolder({
      path,
      ignoreFile: IGNORE_FILE,
      withoutIgnoreFile: `what file managers and editors leave there would upgrade every release. Copy helm/plue/${IGNORE_FILE}.`,
      // Helm's own rule.
      ignoredAnyway: "templates/.?*",
    });
    this.hash = this.source.hash;
  }

  /**
   * Checks each values file, merged over `values.yaml` as Helm merges them, so that a wrong value stops the synthesis and
   * not the deploy.
   * @throws with a line for each value that is wrong: file, path, what is wrong
   */
  checkValues(schema: ZodType<Values>): void {
    const defaults = this.readYaml("values.yaml");
    const found = this.source.files
      .filter((file) => /^values.*\.yaml$/.test(file))
      .flatMap((file) => {
        const { error } = schema.safeParse(mergeValues(defaults, this.readYaml(file)));
        return (error?.issues ?? []).map(
          ({ path, message }) =>
            `${this.path}/${file}: ${path.length > 0 ? `${path.join(".")}: ` : ""}${message}`,
        );
      });
    if (found.length > 0) throw new Error(found.join("\n"));
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

  private readYaml(file: string): unknown {
    try {
      return parse(this.source.read(file).toString("utf8")) ?? {};
    } catch (error) {
      throw new Error(`${this.path}/${file}: ${(error as Error).message}`);
    }
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

/** Maps are merged, all else is replaced, and null takes a default away. */
function mergeValues(defaults: unknown, values: unknown): unknown {
  if (!isMap(defaults) || !isMap(values)) return values === undefined ? defaults : values;
  const keys = [...new Set([...Object.keys(defaults), ...Object.keys(values)])];
  return Object.fromEntries(
    keys
      .filter((key) => values[key] !== null)
      .map((key) => [key, key in values ? mergeValues(defaults[key], values[key]) : defaults[key]]),
  );
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function topLevelField(yaml: string, field: string): string | undefined {
  return new RegExp(`^${field}:\\s*["']?([^\\s"'#]+)`, "m").exec(yaml)?.[1];
}
