import { parse } from "@cdktf/hcl2json";

/**
 * Compares HCL with the Terraform JSON it was rendered from. Both are brought into one form: values as
 * `@cdktf/hcl2json` reads them, and beside them every nested block by its place (the parser does not tell a list of
 * blocks from an attribute that holds a list of objects).
 */
export interface Meaning {
  readonly values: unknown;
  /** Labels of the blocks of one type in one body, in order, by the path of keys that leads to them. */
  readonly blocks: Readonly<Record<string, readonly string[]>>;
}

/** Keys of a body that are blocks, and what is in those. */
export interface Nesting {
  readonly [key: string]: Nesting;
}

/** Nesting of a resource, data source, ephemeral resource or provider. */
export type NestingOf = (kind: string, type: string, name: string) => Nesting;

/** Blocks that an override declares, of which the bindings' own HCL form knows nothing, by type of resource. */
export const OVERRIDDEN: Readonly<Record<string, Nesting>> = {
  google_compute_security_policy: {
    rule: {
      match: { config: {}, expr: {} },
      rate_limit_options: { ban_threshold: {}, rate_limit_threshold: {} },
    },
  },
};

// biome-ignore lint/suspicious/noExplicitAny: Terraform JSON has no one shape
type Json = any;

export async function meaningOfHcl(text: string): Promise<Meaning> {
  // The parser drops the second % of the escape.
  const parsed = await parse("main.tf", text.replaceAll("%%{", PERCENT));
  return inOneForm(parsed, blocksOf(text));
}

/** The order of top-level blocks, and how many `terraform` and `locals` blocks there are, means nothing; nor do empty ones. */
function inOneForm(values: Json, blocks: Readonly<Record<string, readonly string[]>>): Meaning {
  const merged = { ...values };
  for (const key of ["terraform", "locals"])
    if (merged[key]) {
      const bodies: Json[] = merged[key];
      const keys = bodies.flatMap((body) => Object.keys(body));
      if (new Set(keys).size < keys.length) throw new Error(`${key} says ${keys.join(", ")} more than once`);
      merged[key] = keys.length > 0 ? [Object.assign({}, ...bodies)] : undefined;
    }
  const saying = Object.entries(blocks).filter(([path]) => path.includes("/") || merged[path] !== undefined);
  const sorted = saying.map(([path, labels]) => {
    if (path === "terraform" || path === "locals") return [path, [""]];
    return [path, path.includes("/") ? labels : [...labels].sort()];
  });
  return { values: normalize(merged), blocks: Object.fromEntries(sorted) };
}

const PERCENT = "\uE000";

/** Terraform's own blocks, written down a second time so that a mistake in the renderer's table shows. */
interface Shape {
  readonly labels?: number;
  readonly blocks?: Readonly<Record<string, Shape>>;
  readonly literal?: readonly string[] | "all";
  readonly source?: readonly string[];
}

const CONDITIONS: Shape = {};
const PROVISIONER: Shape = { labels: 1, source: ["when", "on_failure"], blocks: { connection: {} } };
const LIFECYCLE: Shape = {
  source: ["ignore_changes", "replace_triggered_by"],
  blocks: { precondition: CONDITIONS, postcondition: CONDITIONS },
};
const META: Shape = {
  source: ["depends_on", "provider"],
  blocks: { lifecycle: LIFECYCLE, provisioner: PROVISIONER, connection: {} },
};
const ENCRYPTION_TARGET: Shape = { blocks: { fallback: { blocks: { fallback: {} } } } };
const ENCRYPTION: Shape = {
  blocks: {
    key_provider: { labels: 2, blocks: { endpoints: {} } },
    method: { labels: 2 },
    state: ENCRYPTION_TARGET,
    plan: ENCRYPTION_TARGET,
    remote_state_data_sources: {
      blocks: { default: ENCRYPTION_TARGET, remote_state_data_source: { ...ENCRYPTION_TARGET, labels: 1 } },
    },
  },
};
const BACKEND: Shape = { literal: "all", blocks: { workspaces: { literal: "all" } } };
const TOP: Readonly<Record<string, Shape>> = {
  terraform: {
    literal: "all",
    source: ["experiments"],
    blocks: {
      backend: { ...BACKEND, labels: 1 },
      cloud: BACKEND,
      encryption: ENCRYPTION,
      required_providers: { literal: "all" },
      provider_meta: { labels: 1 },
    },
  },
  provider: { labels: 1, literal: ["alias", "version"] },
  variable: {
    labels: 1,
    literal: ["default", "description"],
    source: ["type"],
    blocks: { validation: CONDITIONS },
  },
  locals: {},
  output: {
    labels: 1,
    literal: ["description"],
    source: ["depends_on"],
    blocks: { precondition: CONDITIONS },
  },
  module: { labels: 1, literal: ["source", "version"], source: ["providers", "depends_on"] },
  resource: { ...META, labels: 2 },
  data: { ...META, labels: 2 },
  ephemeral: { ...META, labels: 2 },
  moved: { source: ["from", "to"] },
  import: { source: ["to", "provider"] },
  removed: {
    source: ["from"],
    blocks: { lifecycle: { literal: "all" }, connection: {}, provisioner: PROVISIONER },
  },
  check: { labels: 1, blocks: { data: { ...META, labels: 2 }, assert: CONDITIONS } },
};

/** What the JSON means, given which keys its providers have as blocks. */
export function meaningOfJson(config: Json, nestingOf: NestingOf): Meaning {
  const blocks: Record<string, string[]> = {};
  const values = bodyOf(config, { blocks: TOP }, [], undefined);
  return inOneForm(values, blocks);

  function bodyOf(body: Json, shape: Shape, path: readonly string[], nesting: Nesting | undefined): Json {
    const result: Record<string, Json> = {};
    for (const [key, value] of Object.entries<Json>(body)) {
      if (key === "//" || value === undefined) continue;
      const own = shape.blocks?.[key];
      const nested = nesting && Object.hasOwn(nesting, key) ? nesting[key] : undefined;
      if (nesting && key === "dynamic") result[key] = dynamicBlocks(value, path, nesting);
      else if (own) collect(value, own, [...path, key], undefined, result, key);
      else if (nested && typeof value !== "string") collect(value, {}, [...path, key], nested, result, key);
      else if (shape.source?.includes(key)) {
        if (value !== null) result[key] = asSource(value);
      } else if (shape.literal === "all" || shape.literal?.includes(key)) result[key] = asLiteral(value, key);
      else result[key] = asTemplate(value);
    }
    return result;
  }

  /** All blocks of one type, as the parser has them: a list of bodies under their labels. */
  function collect(
    value: Json,
    shape: Shape,
    path: readonly string[],
    nesting: Nesting | undefined,
    into: Json,
    key: string,
  ) {
    for (const { labels, body } of labelled(value, shape.labels ?? 0)) {
      const place = [...path.slice(0, -1), key].join("/");
      blocks[place] ??= [];
      blocks[place].push(labels.join("."));
      const inner =
        nesting === undefined && shape.labels !== undefined && DESCRIBED.has(key)
          ? nestingOf(key, labels[0] ?? "", labels[1] ?? "")
          : nesting;
      let target = into;
      let name = key;
      for (const label of labels) {
        target[name] ??= {};
        target = target[name];
        name = label;
      }
      target[name] ??= [];
      target[name].push(bodyOf(body, shape, [...path, ...labels], inner));
    }
  }

  function dynamicBlocks(value: Json, path: readonly string[], nesting: Nesting): Json {
    const result = {};
    for (const { labels, body } of labelled(value, 1)) {
      const label = labels[0] as string;
      collect(
        { [label]: body },
        { labels: 1, source: ["iterator"], blocks: {} },
        [...path, "dynamic"],
        { content: nesting[label] ?? {} },
        result,
        "dynamic",
      );
    }
    return (result as Json).dynamic;
  }
}

const DESCRIBED = new Set(["resource", "data", "ephemeral", "provider"]);

function labelled(value: Json, labels: number): { labels: string[]; body: Json }[] {
  if (value === null || value === undefined) return [];
  const list = Array.isArray(value) ? value : [value];
  if (labels === 0) return list.map((body) => ({ labels: [], body }));
  return list.flatMap((item) =>
    Object.entries(item).flatMap(([label, inner]) =>
      labelled(inner, labels - 1).map((rest) => ({ labels: [label, ...rest.labels], body: rest.body })),
    ),
  );
}

function asSource(value: Json): Json {
  if (typeof value === "string") return value.startsWith("${") ? value : `\${${value}}`;
  if (Array.isArray(value)) return value.map(asSource);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, asSource(item)]));
}

/** Terraform drops a byte order mark at the start of a template in JSON. */
function asTemplate(value: Json): Json {
  return JSON.parse(JSON.stringify(value), (_, item) =>
    typeof item === "string" ? item.replace(/^\uFEFF/, "") : item,
  );
}

/** What Terraform does not evaluate, escaped as a template that says the same. */
function asLiteral(value: Json, key: string): Json {
  if (typeof value === "string") return value.replace(/([$%])\{/g, "$1$1{");
  if (key === "configuration_aliases") return asSource(value);
  if (Array.isArray(value)) return value.map((item) => asLiteral(item, ""));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [asLiteral(name, ""), asLiteral(item, name)]),
  );
}

/** Strings in Terraform's own normal form; sequences without the white space that means nothing. */
function normalize(value: Json): Json {
  if (typeof value === "string") return tighten(value.replaceAll(PERCENT, "%%{").normalize("NFC"));
  if (Array.isArray(value)) return value.map(normalize);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      const inner = /^\$\{\((.*)\)\}$/s.exec(key)?.[1];
      return [normalize(inner === undefined ? key : `\${${inner}}`), normalize(item)];
    }),
  );
}

/** Drops white space around brackets and operators inside sequences, and commas before a bracket; nothing else. */
function tighten(template: string): string {
  let result = "";
  const modes: ("text" | "code" | "object" | "quote")[] = ["text"];
  for (let i = 0; i < template.length; ) {
    const rest = template.slice(i, i + 3);
    const mode = modes.at(-1);
    if (mode === "text" || mode === "quote") {
      const skip = /^(?:\$\$\{|%%\{)/.test(rest) ? 3 : mode === "quote" && rest.startsWith("\\") ? 2 : 0;
      if (skip) result += template.slice(i, i + skip);
      else if (/^[$%]\{/.test(rest)) modes.push("code");
      else if (mode === "quote" && rest.startsWith('"')) modes.pop();
      const length = skip || (/^[$%]\{/.test(rest) ? 2 : 1);
      if (!skip) result += template.slice(i, i + length);
      i += length;
      continue;
    }
    const space = /^\s+/.exec(template.slice(i))?.[0];
    if (space) {
      const next = template[i + space.length] ?? "";
      if (mode === "object" && space.includes("\n") && !/[{,]$/.test(result) && next !== "}") result += ",";
      else if (!PUNCTUATION.test(result.at(-1) ?? "") && !PUNCTUATION.test(next)) result += " ";
      i += space.length;
      continue;
    }
    const char = template[i] as string;
    if (char === '"') modes.push("quote");
    else if (char === "{") modes.push("object");
    else if (char === "[" || char === "(") modes.push("code");
    else if (/[\])}]/.test(char)) modes.pop();
    if (char === "]" || char === "}") result = result.replace(/,$/, "");
    result += char;
    i++;
  }
  return result;
}

const PUNCTUATION = /[[\](){},=<>!&|?:*/+%~]/;

/** All blocks of a text in HCL, by a scan of its own. */
function blocksOf(text: string): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  let position = 0;
  body([]);
  return found;

  function at(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = position;
    const match = pattern.exec(text);
    if (match) position = pattern.lastIndex;
    return match;
  }

  function body(path: readonly string[]): void {
    for (;;) {
      at(/(?:\s+|#[^\n]*|\/\/[^\n]*)+/y);
      if (position >= text.length || at(/\}/y)) return;
      const header = at(/([\w-]+)((?:[ \t]+"(?:[^"\\]|\\.)*")*)[ \t]*\{/y);
      if (!header) {
        expression();
        continue;
      }
      const labels = [...(header[2] ?? "").matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(
        (match) => match[1] as string,
      );
      const place = [...path, header[1]].join("/");
      found[place] ??= [];
      found[place].push(labels.join("."));
      body([...path, header[1] as string, ...labels]);
    }
  }

  /** An attribute, to the end of its line or to the bracket around it. */
  function expression(): void {
    for (let depth = 0; position < text.length; ) {
      const heredoc = at(/<<-?(\w+)\n/y);
      // A line ends with \n alone: `^` would stand behind \r and U+2028, too.
      if (heredoc) at(new RegExp(`(?:[^\\n]*\\n)*?[ \\t]*${heredoc[1]}[ \\t]*(?=\\r?\\n|$)`, "y"));
      else if (at(/"/y)) quoted();
      else if (at(/[[({]/y)) depth++;
      else if (depth === 0 && /[\n}]/.test(text[position] as string)) return;
      else if (at(/[\])}]/y)) depth--;
      else position++;
    }
  }

  function quoted(): void {
    while (position < text.length && !at(/"/y)) {
      if (at(/\\.|\$\$\{|%%\{/y)) continue;
      if (at(/[$%]\{/y)) sequence();
      else position++;
    }
  }

  function sequence(): void {
    for (let depth = 0; position < text.length; ) {
      if (at(/"/y)) quoted();
      else if (at(/\{/y)) depth++;
      else if (at(/\}/y)) {
        if (depth-- === 0) return;
      } else position++;
    }
  }
}
