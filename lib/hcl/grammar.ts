import { HclError } from "./tokens";
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

/** A body of which is not known what are blocks: the strings of either are templates. */
export const untyped: Grammar = () => "template";

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

/** A body of the given keys and no other: of another it is not known whether it is a block. */
function members(block: string, known: Readonly<Record<string, ValueKind | Blocks>>): Grammar {
  return (key) => {
    if (Object.hasOwn(known, key)) return known[key] as ValueKind | Blocks;
    throw new HclError(`the block ${block} has ${Object.keys(known).join(", ")}, and nothing else`);
  };
}

const TEMPLATES = blocks(attributes);
const LITERALS = blocks(body({}, "literal"));
const CONNECTION = TEMPLATES;

const BACKEND = body({ workspaces: LITERALS }, "literal");
/** What encrypts state or plans; of OpenTofu. */
const ENCRYPTION_TARGET: Grammar = body({ fallback: blocks((key, value) => ENCRYPTION_TARGET(key, value)) });
/** A key provider or an encryption method. `endpoints` is AWS KMS's; other objects are attributes. */
const ENCRYPTION_PART: Blocks = { labels: 2, body: () => body({ endpoints: TEMPLATES }) };
/** @see https://opentofu.org/docs/language/state/encryption/ */
const ENCRYPTION = members("encryption", {
  key_provider: ENCRYPTION_PART,
  method: ENCRYPTION_PART,
  state: blocks(ENCRYPTION_TARGET),
  plan: blocks(ENCRYPTION_TARGET),
  remote_state_data_sources: blocks(
    body({
      default: blocks(ENCRYPTION_TARGET),
      remote_state_data_source: { labels: 1, body: () => ENCRYPTION_TARGET },
    }),
  ),
});
const TERRAFORM = members("terraform", {
  backend: { labels: 1, body: () => BACKEND },
  cloud: blocks(BACKEND),
  encryption: blocks(ENCRYPTION),
  required_version: "literal",
  required_providers: blocks(body({}, "requirement")),
  provider_meta: { labels: 1, body: () => attributes },
  experiments: "source",
  language: "source",
});
const VARIABLE = body({ type: "type", validation: TEMPLATES }, "literal");
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
  if (schema === untyped) return untyped;
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
