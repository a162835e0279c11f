import { parse } from "@cdktf/hcl2json";
import { mapReferences, mapStrings } from "../../lib/hcl/references";
import { stringToHcl } from "../../lib/hcl/template";

/**
 * Lets the real Terraform evaluate and plan configurations without any provider: each resource, data source and
 * ephemeral resource becomes a `terraform_data` whose input is all its arguments, as JSON. Computed attributes are
 * texts that name themselves: `google_compute_network.network.id`. So the same arguments give the same input, by
 * whatever variables, modules, loops and dynamic blocks they come.
 */

// biome-ignore lint/suspicious/noExplicitAny: Terraform JSON has no one shape
type Json = any;

/** A module as `@cdktf/hcl2json` reads it: each block is a list of bodies. */
export type ParsedModule = Readonly<Record<string, Json>>;

/** Attributes that references want, by name: what is inside them, or null where they are taken whole. */
export interface Wanted {
  [attribute: string]: Wanted | null;
}

/** What references want of resources of a type, by type; under ANY what is wanted of whatever a loop runs over. */
export type WantedByType = Readonly<Record<string, Wanted>>;
const ANY = "*";

export interface OfflineOptions {
  /** The same for configurations that are compared. */
  readonly wanted: WantedByType;
  /**
   * By module call, what each instance in it is called: its address outside by its address inside, with the key
   * (`google_sql_database.databases["plue"]`). @default no calls
   */
  readonly names?: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** A module that is called takes the names of its instances from its caller. @default a root module */
  readonly called?: boolean;
}

/** Files of HCL as one module. */
export async function parseModule(files: Readonly<Record<string, string>>): Promise<ParsedModule> {
  const merged: Json = {};
  for (const [name, text] of Object.entries(files))
    if (name.endsWith(".tf")) merge(merged, await parse(name, text));
  return merged;

  function merge(target: Json, source: Json): void {
    for (const [key, value] of entries(source)) {
      target[key] ??= Array.isArray(value) ? [] : {};
      if (Array.isArray(value)) target[key].push(...value);
      else merge(target[key], value);
    }
  }
}

/** What all references in these modules want of resources. */
export function wantedAttributes(modules: readonly ParsedModule[]): WantedByType {
  const wanted: Record<string, Wanted> = {};
  const want = (type: string, path: string) => {
    const names = path.match(/[a-z_]\w*/gi) ?? [];
    wanted[type] ??= {};
    let level = wanted[type];
    for (const name of names.slice(0, -1)) {
      const inner = level[name] ?? {};
      level[name] = inner;
      level = inner;
    }
    const last = names.at(-1);
    if (last) level[last] ??= null;
  };
  for (const module of modules) {
    const addresses = new Set(elementsOf(module).map(({ address }) => address));
    mapReferences(module, ({ address, attribute }) => {
      if (addresses.has(address)) want(typeOf(address), attribute);
      // The variable of a loop, which may run over resources.
      else if (!/^(var|local|module|each|path|terraform|self)\./.test(address))
        want(ANY, address.replace(/^\w+/, "") + attribute);
      return undefined;
    });
    for (const [, name = ""] of JSON.stringify(module).matchAll(/\]\.(\w+)/g)) want(ANY, name);
  }
  return wanted;
}

/** The one file of a module for offline use. A module that is called has to be where its caller's `source` says. */
export function offlineModule(module: ParsedModule, { wanted, names, called }: OfflineOptions): string {
  const elements = elementsOf(module);
  const addresses = new Set(elements.map(({ address }) => address));
  const here = <T>(value: T): T => {
    const atOneTime = mapStrings(value, (text) => text.replace(/\b(plan)?timestamp\(\)/g, TIME));
    return mapReferences(atOneTime, ({ address, attribute }) =>
      addresses.has(address) ? `local.${idOf(address)}${attribute}` : undefined,
    );
  };
  const dependsOn = (body: Json) =>
    body.depends_on && {
      depends_on: body.depends_on.map((reference: string) => {
        const address = sourceOf(reference);
        return new Source(addresses.has(address) ? `terraform_data.${idOf(address)}` : address);
      }),
    };
  const blocks: string[] = [];

  for (const { address, body } of elements) {
    const id = idOf(address);
    const { count, for_each } = body;
    const [key, local] =
      for_each !== undefined
        ? ["/${each.key}", `{ for key, made in terraform_data.${id} : key => jsondecode(made.input) }`]
        : count !== undefined
          ? ["/${count.index}", `[for made in terraform_data.${id} : jsondecode(made.input)]`]
          : ["", `jsondecode(terraform_data.${id}.input)`];
    const name = called ? `\${lookup(var.${NAMES}, "${address}${key}", "nothing before")}` : address;
    const ofType = { ...wanted[ANY], ...wanted[typeOf(address)] };
    const input = new Source(`jsonencode(${inputOf(here(body), ofType, name)})`);
    blocks.push(
      block(`resource "terraform_data" "${id}"`, { ...here({ count, for_each }), input, ...dependsOn(body) }),
      block("locals", { [id]: new Source(local) }),
    );
  }
  for (const locals of module["locals"] ?? []) blocks.push(block("locals", here(locals)));
  for (const [name, [body]] of entries(module["variable"])) {
    const { type, ephemeral: _, validation = [], ...rest } = body;
    const rules = validation.map((rule: Json) => block("validation", rule));
    blocks.push(block(`variable "${name}"`, { ...rest, type: type && new Source(sourceOf(type)) }, rules));
  }
  if (called) blocks.push(block(`variable "${NAMES}"`, { type: new Source("map(string)") }));
  for (const [name, [body]] of entries(module["output"])) {
    const { precondition: _, ...rest } = body;
    blocks.push(block(`output "${name}"`, { ...here(rest), ...dependsOn(body) }));
  }
  for (const [name, [body]] of entries(module["module"])) {
    const { providers: _, ...rest } = body;
    const instances = [...(names?.get(name) ?? [])].map(([inside, outside]) => [
      inside.replace(/\["?(.*?)"?\]$/, "/$1"),
      outside,
    ]);
    blocks.push(
      block(`module "${name}"`, {
        ...here(rest),
        [NAMES]: Object.fromEntries(instances),
        ...dependsOn(body),
      }),
    );
  }
  if (!called)
    for (const [name, configurations] of entries(module["provider"])) {
      const value = new Source(`jsonencode(${expression(here(configurations))})`);
      blocks.push(block(`output "provider_${name}"`, { value, sensitive: true }));
    }
  return `${blocks.join("\n\n")}\n`;
}

/** A `moved` block for offline use, between addresses of instances. */
export function offlineMove(from: string, to: string): string {
  return block("moved", { from: new Source(offlineAddress(from)), to: new Source(offlineAddress(to)) });
}

/** `module.network.terraform_data.google_compute_network__network` */
export function offlineAddress(address: string): string {
  const [, call = "", local = "", key = ""] =
    /^((?:module\.[\w-]+\.)?)((?:data\.|ephemeral\.)?[\w-]+\.[\w-]+)(\[.*\])?$/.exec(address) ?? [];
  if (!local) throw new Error(`${address} is not the address of an instance`);
  return `${call}terraform_data.${idOf(local)}${key}`;
}

/** The variable by which a module learns what its instances are called. */
const NAMES = "instance_names";

/** The time at which both configurations are evaluated. */
const TIME = '"2024-01-01T00:00:00Z"';

/** Computed attributes that are lists of texts. */
const LISTS = new Set(["ipv4_cidrs", "ipv6_cidrs"]);

/** Computed attributes that are IPv4 addresses: each one of its own, as variables may ask for one. */
const ADDRESSES = new Set(["address"]);

/** Arguments that are Terraform's own. */
const META = new Set(["count", "for_each", "depends_on", "lifecycle", "provider"]);

/** An expression as it stands. */
class Source {
  constructor(readonly text: string) {}
}

/** All arguments of an element, its rules, and what references want besides. */
function inputOf(body: Json, wanted: Wanted, name: string): string {
  const {
    precondition: _,
    postcondition: __,
    prevent_destroy: ___,
    ...lifecycle
  } = body.lifecycle?.[0] ?? {};
  const rules = JSON.stringify([lifecycle, body.provider ?? null]).replace(/[$%]\{/g, "{");
  const meta = { "meta-arguments": rules };
  const own = Object.fromEntries(entries(body).filter(([key]) => !META.has(key)));
  return `merge(${expression(markersOf(wanted, name))}, ${argumentsOf(own, wanted, name)}, ${expression(meta)})`;
}

/** The arguments but those that are null, and blocks of which there are none. */
function argumentsOf(body: Json, wanted: Wanted, name: string): string {
  const result: Record<string, Json> = {};
  for (const [key, value] of entries(body)) {
    if (key === "dynamic") continue;
    const isBlocks = Array.isArray(value) && value.length > 0 && value.every(isObject);
    result[key] = isBlocks ? value.map((item: Json) => blockOf(item, wanted[key], `${name}.${key}`)) : value;
  }
  const dynamic = entries(body.dynamic).flatMap(([label, list]) =>
    list.map((item: Json) => ({ label, ...item })),
  );
  for (const { label, for_each, iterator, content } of dynamic) {
    const loop = iterator ? sourceOf(iterator) : label;
    const inner = mapReferences(content[0], ({ address, attribute }) => {
      const [root, part] = address.split(".");
      return root === loop && (part === "key" || part === "value")
        ? `${loop}_${part}${attribute}`
        : undefined;
    });
    const made = blockOf(inner, wanted[label], `${name}.${label}`).text;
    const list = `[for ${loop}_key, ${loop}_value in ${expression(for_each)} : ${made}]`;
    result[label] = new Source(`concat(${expression(result[label] ?? [])}, ${list})`);
  }
  const labels = expression(dynamic.map(({ label }) => label));
  const missing = `value == null || (contains(${labels}, key) && try(length(value), 1) == 0)`;
  return `{ for key, value in ${expression(result)} : key => value if !(${missing}) }`;
}

function blockOf(body: Json, wanted: Wanted | null | undefined, name: string): Source {
  const inner = argumentsOf(body, wanted ?? {}, name);
  return new Source(wanted ? `merge(${expression(markersOf(wanted, name))}, ${inner})` : inner);
}

/** Computed attributes. All that has something inside is a list of one block, but for the outputs of another state. */
function markersOf(wanted: Wanted, path: string): Json {
  return Object.fromEntries(
    Object.entries(wanted).map(([name, inner]) => {
      const text = `${path}.${name}`;
      if (inner === null && ADDRESSES.has(name))
        return [
          name,
          new Source(`cidrhost("10.0.0.0/8", parseint(substr(sha256(${expression(text)}), 0, 6), 16))`),
        ];
      if (inner === null) return [name, LISTS.has(name) ? [text] : text];
      const nested = markersOf(inner, text);
      return [name, name === "outputs" ? nested : [nested]];
    }),
  );
}

/** A block of HCL; templates as in Terraform's JSON syntax. */
function block(header: string, args: Json, inner: readonly string[] = []): string {
  const lines = entries(args)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `  ${key} = ${expression(value)}`);
  return [`${header} {`, ...lines, ...inner, "}"].join("\n");
}

function expression(value: Json): string {
  if (value instanceof Source) return value.text;
  if (typeof value === "string") return stringToHcl(value, "template");
  if (Array.isArray(value)) return `[${value.map(expression).join(", ")}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const items = entries(value).filter(([, item]) => item !== undefined);
  return `{${items.map(([key, item]) => `(${stringToHcl(key, "template")}) = ${expression(item)}`).join(", ")}}`;
}

function isObject(value: Json): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function entries(value: Json): [string, Json][] {
  return Object.entries(value ?? {});
}

/** What stands between `${` and `}`, or the whole. */
export function sourceOf(text: string): string {
  return /^\$\{([\s\S]*)\}$/.exec(text)?.[1] ?? text;
}

/** Resources, data sources and ephemeral resources of a module. */
export function elementsOf(module: ParsedModule): { address: string; body: Json }[] {
  return ["resource", "data", "ephemeral"].flatMap((mode) =>
    entries(module[mode]).flatMap(([type, named]) =>
      entries(named).map(([name, [body]]) => ({
        address: `${mode === "resource" ? "" : `${mode}.`}${type}.${name}`,
        body,
      })),
    ),
  );
}

/** `google_compute_network` of `google_compute_network.network`, and `data.google_project` of `data.google_project.this`. */
function typeOf(address: string): string {
  return address.slice(0, address.lastIndexOf("."));
}

/** Name of the `terraform_data`, and of the local with its input. */
function idOf(address: string): string {
  return address.replaceAll(".", "__");
}
