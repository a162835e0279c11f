import { type HeldData, lossOf, missing, resourceType } from "../../lib/core/resource-types";
import { argument, type Block, blocksOf, type TerraformJson } from "../../lib/core/terraform-json";

/** What keeps resources that hold data from being lost. */
export interface Protection {
  /** Address, or type and how many, where several are protected alike. */
  readonly what: string;
  /** Terraform refuses to plan its end (`prevent_destroy`). */
  readonly inTerraform: boolean;
  /** The API or the provider refuses it; undefined where there is no such switch. */
  readonly byProvider: boolean | undefined;
  /** What remains for how long. */
  readonly kept: string;
}

/** The protections of a stack, of like resources together. */
export function protectionsOf(json: TerraformJson): Protection[] {
  const alike = new Map<
    string,
    { type: string; addresses: string[]; protection: Omit<Protection, "what"> }
  >();
  const blocks = blocksOf(json);
  for (const block of blocks) {
    const inTerraform = argument(block.args, "lifecycle", "prevent_destroy") === true;
    const held = heldBy(block);
    if (!held && !inTerraform) continue;
    const { guards = [], kept = "nothing" } = held ?? {};
    const protection = {
      inTerraform,
      byProvider: guards.length > 0 ? guards.every((guard) => !missing(block, guard, blocks)) : undefined,
      kept: typeof kept === "string" ? kept : kept(block),
    };
    const key = JSON.stringify([block.type, protection]);
    const entry = alike.get(key) ?? { type: block.type, addresses: [], protection };
    entry.addresses.push(block.address);
    alike.set(key, entry);
  }
  return [...alike.values()].map(({ type, addresses, protection }) => ({
    what: addresses.length === 1 ? (addresses[0] as string) : `${type} (${addresses.length})`,
    ...protection,
  }));
}

/** What a resource holds; undefined for nothing. Of a type without a row that is not known. */
function heldBy({ type }: Block): Pick<HeldData, "guards" | "kept"> | undefined {
  const row = resourceType(type);
  return row ? row.holdsData || undefined : { guards: [], kept: lossOf(type) };
}
