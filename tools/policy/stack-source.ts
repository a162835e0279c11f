import { findNodeAtLocation, parseTree } from "jsonc-parser";
import { blocksOf, type TerraformJson } from "../../lib/core/terraform-json";
import type { HclStack } from "../../lib/hcl/hcl-stack";
import { renderModule } from "../../lib/hcl/module";
import type { Subject } from "./model";

/** A synthesized stack in both forms. */
export interface StackSource {
  readonly name: string;
  /** `cdktf.out/stacks/production/cdk.tf.json`: what findings point to. */
  readonly file: string;
  /** Text of that file. */
  readonly text: string;
  readonly json: TerraformJson;
  /** The same as HCL, text by file name: what scanners read. */
  readonly hcl: Readonly<Record<string, string>>;
  /** Its resources and data sources by address. */
  readonly subjects: ReadonlyMap<string, Subject>;
}

/** @param text what the stack was synthesized to */
export function stackSource(stack: HclStack, text: string): StackSource {
  const json = JSON.parse(text) as TerraformJson;
  const name = stack.node.id;
  const file = `cdktf.out/stacks/${name}/cdk.tf.json`;
  const hcl = renderModule(json, stack.hclOptions(json));
  return { name, file, text, json, hcl, subjects: subjectsOf({ name, file, text, json }) };
}

/** A resource or data source of a stack; of anything else, the stack's file. */
export function subjectAt({ name, file, subjects }: StackSource, address: string): Subject {
  const location = { file, startLine: 1, endLine: 1 };
  return subjects.get(address) ?? { resource: `${name}/${address}`, location };
}

function subjectsOf({ name, file, text, json }: Omit<StackSource, "hcl" | "subjects">): Map<string, Subject> {
  const root = parseTree(text);
  const lineAt = lineCounter(text);
  return new Map(
    blocksOf(json, ["resource", "data"]).map((block) => {
      // The property, and not its value alone, which begins behind the name.
      const node = root && findNodeAtLocation(root, [block.mode, block.type, block.name])?.parent;
      const startLine = node ? lineAt(node.offset) : 1;
      const endLine = node ? lineAt(node.offset + node.length) : 1;
      return [
        block.address,
        { resource: `${name}/${block.address}`, location: { file, startLine, endLine } },
      ];
    }),
  );
}

/** Line of a place in a text, for many places. */
function lineCounter(text: string): (offset: number) => number {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return (offset) => {
    let [low, high] = [0, starts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((starts[middle] as number) <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}
