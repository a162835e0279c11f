import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { parse } from "yaml";
import type { ZodType } from "zod";
import { readNormalized } from "../core/text-file";
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
   * @throws when there is no Chart.yaml in it, or one without a version, or with another name than the folder's; when it
   *   has no .helmignore, or one with a pattern that is not read here
   */
  constructor(private readonly path: string) {
    this.folder = resolve(path);
    this.name = basename(this.folder);
    this.reference = `../../${CHARTS}/${this.name}`;
    const manifest = join(this.folder, "Chart.yaml");
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
    this.files = chartFiles(this.folder, this.readIgnored());
    this.hash = hashOf(this.folder, this.files);
  }

  /**
   * Checks each values file, merged over `values.yaml` as Helm merges them, so that a wrong value stops the synthesis and
   * not the deploy.
   * @throws with a line for each value that is wrong: file, path, what is wrong
   */
  checkValues(schema: ZodType<Values>): void {
    const defaults = this.readYaml("values.yaml");
    const found = this.files
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
    if (!this.files.includes(file))
      throw new Error(`chart ${this.name} has no ${file}; it has ${this.files.join(", ")}.`);
    return `${this.reference}/${file}`;
  }

  private readYaml(file: string): unknown {
    try {
      return parse(readNormalized(join(this.folder, file)).toString("utf8")) ?? {};
    } catch (error) {
      throw new Error(`${this.path}/${file}: ${(error as Error).message}`);
    }
  }

  private readIgnored(): Ignored {
    const file = join(this.folder, IGNORE_FILE);
    if (!existsSync(file))
      throw new Error(
        `${this.path} has no ${IGNORE_FILE}: what file managers and editors leave there would upgrade every release. Copy helm/plue/${IGNORE_FILE}.`,
      );
    try {
      return parseHelmIgnore(readNormalized(file).toString("utf8"));
    } catch (error) {
      throw new Error(`${this.path}/${IGNORE_FILE}: ${(error as Error).message}`);
    }
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

function topLevelField(yaml: string, field: string): string | undefined {
  return new RegExp(`^${field}:\\s*["']?([^\\s"'#]+)`, "m").exec(yaml)?.[1];
}
