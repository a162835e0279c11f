import { HclError } from "./expression";
import type { ValueKind } from "./value";

/**
 * What a key of a block's body stands for: an attribute (and how its strings are read) or nested blocks. Terraform's
 * JSON syntax looks the same for both, HCL does not.
 */
export type Grammar = (key: string, value: unknown) => ValueKind | Blocks;

/** Nested blocks of one type. */
export interface Blocks {
  /** How many labels stand between type and body. */
  readonly labels: number;
  /** What the body holds, given the labels. */
  readonly body: (labels: readonly string[]) => Grammar;
}

/** Nested blocks without labels. */
export function blocks(body: Grammar): Blocks {
  return { labels: 0, body: () => body };
}

/** A body without nested blocks. */
export const attributes: Grammar = () => "template";

/** What has blocks by one of the grammars has blocks. */
export function eitherGrammar(grammars: readonly Grammar[]): Grammar {
  const [only, ...more] = grammars;
  if (only && more.length === 0) return only;
  return (key, value) => {
    const kinds = grammars.map((grammar) => grammar(key, value));
    const nested = kinds.filter((kind) => typeof kind === "object");
    if (nested.length === 0) return kinds[0] ?? "template";
    return blocks(eitherGrammar(nested.map((kind) => kind.body([]))));
  };
}

/** Kinds of block whose arguments a provider's schema describes. */
export type SchemaKind = "resource" | "data" | "ephemeral" | "provider";

/** The schema of a resource type, data source, ephemeral resource or provider: which of its keys are blocks. */
export type Schemas = (kind: SchemaKind, type: string) => Grammar;

/** A body of the given keys, and of attributes of one kind besides. */
function body(known: Readonly<Record<string, ValueKind | Blocks>>, others: ValueKind = "template"): Grammar {
  const byKey = new Map(Object.entries(known));
  return (key) => byKey.get(key) ?? others;
}

const TEMPLATES = blocks(attributes);
const LITERALS = blocks(body({}, "literal"));
const CONNECTION = TEMPLATES;

const BACKEND = body({ workspaces: LITERALS }, "literal");
const TERRAFORM = body(
  {
    backend: { labels: 1, body: () => BACKEND },
    cloud: blocks(BACKEND),
    required_providers: blocks(body({}, "requirement")),
    provider_meta: { labels: 1, body: () => attributes },
    experiments: "source",
  },
  "literal",
);
const VARIABLE = body({ type: "source", validation: TEMPLATES }, "literal");
const OUTPUT = body({ value: "template", depends_on: "source", precondition: TEMPLATES }, "literal");
const MODULE = body({ source: "literal", version: "literal", providers: "source", depends_on: "source" });
const MOVED = body({}, "source");
const IMPORT = body({ to: "source", provider: "source" });
const PROVISIONER: Blocks = {
  labels: 1,
  body: () => body({ when: "source", on_failure: "source", connection: CONNECTION }),
};
const REMOVED = body({
  from: "source",
  lifecycle: LITERALS,
  connection: CONNECTION,
  provisioner: PROVISIONER,
});
const LIFECYCLE = blocks(
  body({
    ignore_changes: "source",
    replace_triggered_by: "source",
    precondition: TEMPLATES,
    postcondition: TEMPLATES,
  }),
);

/** Arguments of a schema beside Terraform's own. */
function withMetaArguments(schema: Grammar): Grammar {
  const meta: Readonly<Record<string, ValueKind | Blocks>> = {
    depends_on: "source",
    provider: "source",
    count: "template",
    for_each: "template",
    lifecycle: LIFECYCLE,
    connection: CONNECTION,
    provisioner: PROVISIONER,
    _: blocks(withDynamicBlocks(schema)),
  };
  const own = withDynamicBlocks(schema);
  return (key, value) => (Object.hasOwn(meta, key) ? (meta[key] as ValueKind | Blocks) : own(key, value));
}

/** `dynamic "x"` stands wherever the schema has blocks `x`. */
function withDynamicBlocks(schema: Grammar): Grammar {
  return (key, value) => {
    if (key === "dynamic") return { labels: 1, body: ([label]) => dynamicBlock(schema, label as string) };
    const kind = schema(key, value);
    if (typeof kind !== "object") return kind;
    return { ...kind, body: (labels) => withDynamicBlocks(kind.body(labels)) };
  };
}

function dynamicBlock(schema: Grammar, label: string): Grammar {
  const kind = schema(label, [{}]);
  if (typeof kind !== "object")
    throw new HclError(`${label} is an attribute: there are dynamic blocks, but no dynamic attributes`);
  return body({ iterator: "source", content: blocks(withDynamicBlocks(kind.body([]))) });
}

/** All of a Terraform module. Throws an HclError for what Terraform has no block type for. */
export function moduleGrammar(schemas: Schemas): Grammar {
  const described = (kind: SchemaKind): Blocks => ({
    labels: 2,
    body: ([type]) => withMetaArguments(schemas(kind, type as string)),
  });
  const data = described("data");
  const root: Readonly<Record<string, Blocks>> = {
    terraform: blocks(TERRAFORM),
    provider: {
      labels: 1,
      body: ([name]) => {
        const schema = withDynamicBlocks(schemas("provider", name as string));
        return (key, value) => (key === "alias" || key === "version" ? "literal" : schema(key, value));
      },
    },
    variable: { labels: 1, body: () => VARIABLE },
    locals: TEMPLATES,
    data,
    ephemeral: described("ephemeral"),
    resource: described("resource"),
    module: { labels: 1, body: () => MODULE },
    output: { labels: 1, body: () => OUTPUT },
    check: { labels: 1, body: () => body({ data, assert: TEMPLATES }) },
    moved: blocks(MOVED),
    import: blocks(IMPORT),
    removed: blocks(REMOVED),
  };
  return (key) => {
    const kind = root[key];
    if (!kind) throw new HclError("no block type of Terraform");
    return kind;
  };
}
