import { type Arguments, type Block, blocksOf, type TerraformJson } from "../../lib/core/terraform-json";

const TEMPLATE = /[$%]\{/;
const REFERENCE =
  /\b(?:(data|ephemeral)\.)?([a-z][a-z0-9_-]*)\.([A-Za-z_][A-Za-z0-9_-]*)(?:\.outputs\.(\w+))?/g;

/** Finds references between the blocks of one stack, and to the outputs of others. */
export class ReferenceFinder {
  private readonly known: ReadonlySet<string>;
  private readonly locals: Arguments;
  private readonly ofLocals = new Map<string, ReadonlySet<string>>();

  constructor(json: TerraformJson) {
    this.known = new Set(blocksOf(json, ["resource", "data", "ephemeral"]).map(({ address }) => address));
    this.locals = json.locals ?? {};
  }

  /**
   * Addresses that a block's arguments refer to; an output of another stack as
   * `data.terraform_remote_state.base.outputs.region`. What a block merely waits for (`depends_on`) it does not use.
   */
  of({ args: { depends_on: _, ...args } }: Block): ReadonlySet<string> {
    return this.in(args);
  }

  private in(value: unknown): ReadonlySet<string> {
    const found = new Set<string>();
    for (const text of strings(value)) if (TEMPLATE.test(text)) this.collect(text, found);
    return found;
  }

  private collect(text: string, found: Set<string>): void {
    for (const [, mode, type, name, output] of text.matchAll(REFERENCE)) {
      if (type === "local" && !mode) for (const address of this.ofLocal(name as string)) found.add(address);
      const address = `${mode ? `${mode}.` : ""}${type}.${name}`;
      if (this.known.has(address)) found.add(output ? `${address}.outputs.${output}` : address);
    }
  }

  private ofLocal(name: string): ReadonlySet<string> {
    const before = this.ofLocals.get(name);
    if (before) return before;
    this.ofLocals.set(name, new Set());
    const found = this.in(this.locals[name]);
    this.ofLocals.set(name, found);
    return found;
  }
}

function strings(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return value !== null && typeof value === "object" ? Object.values(value).flatMap(strings) : [];
}
