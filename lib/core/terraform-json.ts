import { namingIds } from "../hcl/module";

/** Arguments of one block, in Terraform's spelling. */
export type Arguments = Readonly<Record<string, unknown>>;

type Section = Readonly<Record<string, Readonly<Record<string, Arguments>>>>;

/** One stack as synthesized: the content of its `cdk.tf.json`. */
export interface TerraformJson {
  readonly resource?: Section;
  readonly data?: Section;
  readonly ephemeral?: Section;
  readonly locals?: Arguments;
  readonly output?: Readonly<Record<string, Arguments>>;
  readonly variable?: Readonly<Record<string, Arguments>>;
  readonly provider?: Readonly<Record<string, readonly Arguments[]>>;
  readonly [section: string]: unknown;
}

/** Synthesized stacks by name. */
export type Stacks = ReadonlyMap<string, TerraformJson>;

export type Mode = "resource" | "data" | "ephemeral";

/** A resource, data source or ephemeral resource of a stack. */
export interface Block {
  readonly mode: Mode;
  /** `google_sql_user` */
  readonly type: string;
  /** Logical id: `sql_admin`. */
  readonly name: string;
  /** `google_sql_user.sql_admin`, `data.google_project.budget_project`. */
  readonly address: string;
  /** Its construct, and the constructs around it below the stack, outermost first: `["sql", "admin"]`. */
  readonly path: readonly string[];
  readonly args: Arguments;
}

/** The blocks of a stack in these modes, in the order of the file. */
export function blocksOf(json: TerraformJson, modes: readonly Mode[] = ["resource"]): Block[] {
  return modes.flatMap((mode) =>
    Object.entries(json[mode] ?? {}).flatMap(([type, named]) =>
      Object.entries(named).map(([name, { "//": comment, ...args }]) => ({
        mode,
        type,
        name,
        address: `${mode === "resource" ? "" : `${mode}.`}${type}.${name}`,
        path: constructPath(comment, name),
        args,
      })),
    ),
  );
}

/** What is at a path of nested arguments, of which blocks that may occur once are objects or lists of one. */
export function argument(args: unknown, ...path: readonly string[]): unknown {
  let value = args;
  for (const key of path) {
    if (Array.isArray(value)) value = value[0];
    value = value !== null && typeof value === "object" ? (value as Arguments)[key] : undefined;
  }
  return value;
}

function constructPath(comment: unknown, name: string): readonly string[] {
  const path = argument(comment, "metadata", "path");
  if (typeof path !== "string") return [name];
  const named = namingIds(path.split("/").slice(1));
  return named.length ? named : [name];
}
