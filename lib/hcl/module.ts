import { blockBodies, blockToHcl, type JsonObject } from "./body";
import { MODULE_FILES, type ModuleFile } from "./files";
import { moduleGrammar, type Schemas } from "./grammar";
import { HclError } from "./tokens";

/** Where a block comes from: what to call it in an error, and the part of `main.tf` it belongs to. */
export interface Origin {
  /** Name for people, such as a construct's path. */
  readonly path: string;
  /** Heading of the part; empty for what stands before all parts. */
  readonly section: string;
  /** Place among all blocks: `main.tf` keeps this order. */
  readonly index: number;
}

/** Id of a construct's main resource: it is called what its construct is. */
const MAIN_RESOURCE_ID = "Resource";

/** What names a construct of its path's ids: all of them but the main resource's, as in stock CDKTF. */
export function namingIds(path: readonly string[]): string[] {
  return path.filter((id) => id !== MAIN_RESOURCE_ID);
}

export interface ModuleOptions {
  /** Which keys of resources, data sources and providers are blocks. */
  readonly schemas: Schemas;
  /**
   * Origin of a block by its Terraform address (`google_x.y`, `data.google_x.y`, `local.x`, `module.x`).
   * @default no parts, in the order of the JSON
   */
  readonly origin?: (address: string) => Origin | undefined;
}

interface Entry {
  readonly file: ModuleFile;
  readonly text: string;
  readonly section: string;
  readonly index: number | undefined;
  /** Stands at the end of its file, under a heading of its own if there are others. */
  readonly last: boolean;
}

/**
 * Renders a module of Terraform's JSON syntax (what `TerraformStack.toTerraform()` returns) as HCL of the same
 * meaning, laid out as a person would and as `terraform fmt` leaves it. Files without content are left out, save
 * `main.tf`. Comments (`"//"`) are dropped.
 *
 * @returns text by file name
 * @throws Error for what HCL cannot say, naming the origin, or the address where there is none, and the argument
 */
export function renderModule(config: JsonObject, options: ModuleOptions): Record<string, string> {
  const entries = [...entriesOf(config, options)];
  const files: Record<string, string> = {};
  for (const file of MODULE_FILES) {
    const own = entries.filter((entry) => entry.file === file);
    if (own.length > 0 || file === "main.tf") files[file] = fileText(own);
  }
  return files;
}

function* entriesOf(config: JsonObject, { schemas, origin }: ModuleOptions): Generator<Entry> {
  const root = moduleGrammar(schemas);
  for (const [type, value] of Object.entries(config)) {
    if (type === "//" || value === undefined) continue;
    const block = () => type;
    const kind = naming(block, () => root(type, value));
    if (typeof kind !== "object") continue;
    for (const { labels, body } of naming(block, () => blockBodies(value, kind.labels)))
      for (const [address, part] of partsOf(type, labels, body, origin)) {
        const from = origin?.(address);
        const grammar = () => kind.body(labels);
        // One block holds several locals: the error is about one of them.
        const name = ([key]: readonly string[]) =>
          (type === "locals" ? origin?.(`local.${key}`) : from)?.path ?? address;
        const text = naming(name, () => blockToHcl(type, labels, part, grammar()));
        const file = fileOf(type, part);
        const section = file === "main.tf" ? (from?.section ?? "") : "";
        yield { file, text, section, index: from?.index, last: LAST.has(type) && !from };
      }
  }
}

/** What a block becomes: `terraform` one block in each of two files, `locals` one for each part of `main.tf`. */
function partsOf(
  type: string,
  labels: readonly string[],
  body: JsonObject,
  origin: ModuleOptions["origin"],
): [address: string, body: JsonObject][] {
  if (type === "terraform") {
    const groups = split(body, (key) => (BACKEND.has(key) ? "backend" : "versions"));
    return [...groups.values()].map((part) => [type, part]);
  }
  if (type === "locals") {
    const groups = split(body, (name) => origin?.(`local.${name}`)?.section ?? "");
    return [...groups.values()].map((part) => [addressOf(type, Object.keys(part).slice(0, 1)), part]);
  }
  return [[addressOf(type, labels), body]];
}

const BACKEND = new Set(["backend", "cloud", "encryption"]);
/** Blocks about other blocks. */
const LAST = new Set(["moved", "import", "removed", "check"]);

function split(body: JsonObject, groupOf: (key: string) => string): Map<string, JsonObject> {
  const groups = new Map<string, Record<string, unknown>>();
  for (const [key, value] of Object.entries(body)) {
    if (key === "//") continue;
    const group = groups.get(groupOf(key)) ?? {};
    groups.set(groupOf(key), Object.assign(group, { [key]: value }));
  }
  return groups;
}

/** Runs a step whose errors lead from the top of a module to what they are about. */
export function namingPlace<T>(origin: NonNullable<ModuleOptions["origin"]>, step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (!(error instanceof HclError)) throw error;
    const [type = "", ...path] = error.path;
    const labels = path.splice(0, LABELS[type] ?? 0);
    const address = addressOf(type, labels);
    throw new Error([origin(address)?.path ?? address, ...path, error.message].join(": "), { cause: error });
  }
}

/** How many names stand between a type of block and what it holds. */
const LABELS: Readonly<Record<string, number>> = {
  resource: 2,
  data: 2,
  ephemeral: 2,
  provider: 1,
  variable: 1,
  locals: 1,
  module: 1,
  output: 1,
  check: 1,
};

function addressOf(type: string, labels: readonly string[]): string {
  if (type === "resource") return labels.join(".");
  return [ADDRESSED[type] ?? type, ...labels].join(".");
}

const ADDRESSED: Readonly<Record<string, string>> = { variable: "var", locals: "local" };

function fileOf(type: string, body: JsonObject): ModuleFile {
  if (type === "terraform")
    return Object.keys(body).some((key) => BACKEND.has(key)) ? "backend.tf" : "versions.tf";
  if (type === "provider") return "providers.tf";
  if (type === "variable") return "variables.tf";
  return type === "output" ? "outputs.tf" : "main.tf";
}

/** Blocks by part, parts by their first block; a heading where a part begins. */
function fileText(entries: readonly Entry[]): string {
  const headed = entries.some(({ section }) => section !== "");
  const parts = new Map<string, string[]>([["", []]]);
  for (const { section, last, text } of inOrder(entries)) {
    const heading = last && headed ? "Moves, imports, removals and checks" : section;
    const part = parts.get(heading) ?? [];
    parts.set(heading, part);
    part.push(text);
  }
  const paragraphs = [...parts].flatMap(([heading, texts]) => (heading ? [`# ${heading}`, ...texts] : texts));
  return paragraphs.length > 0 ? `${paragraphs.join("\n\n")}\n` : "";
}

function inOrder(entries: readonly Entry[]): Entry[] {
  return entries
    .map((entry, place) => ({ entry, place: entry.last ? Number.MAX_SAFE_INTEGER : (entry.index ?? place) }))
    .sort((a, b) => a.place - b.place)
    .map(({ entry }) => entry);
}

/** Runs a step whose errors concern the block of this name, given the path inside it. */
function naming<T>(name: (path: readonly string[]) => string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (!(error instanceof HclError)) throw error;
    throw new Error([name(error.path), ...error.path, error.message].join(": "), { cause: error });
  }
}
