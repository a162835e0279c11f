import type { Block } from "../../lib/core/terraform-json";

/** Constructs of a stack that look alike, with what they hold. One alone is a group of one. */
export interface TreeNode {
  /** Where it is below the stack, unique in its picture: `cluster/sandbox`. */
  readonly id: string;
  /** Last parts of the paths of the constructs that it stands for: `["alice", "bob"]`. */
  readonly names: readonly string[];
  /** What these constructs declare themselves. */
  readonly blocks: readonly Block[];
  readonly children: readonly TreeNode[];
}

/**
 * What contains what in a stack, by construct path. Constructs side by side that hold the same types of resources
 * become one node: sixty engineers' rights are drawn once.
 *
 * @returns the nodes right below the stack
 */
export function containment(blocks: readonly Block[]): TreeNode[] {
  return children([{ path: [], blocks }]);
}

interface Part {
  readonly path: readonly string[];
  readonly blocks: readonly Block[];
}

/** The nodes below constructs that look alike. */
function children(parents: readonly Part[]): TreeNode[] {
  const bySignature = new Map<string, Part[]>();
  for (const parent of parents)
    for (const part of partsBelow(parent)) {
      const signature = shape(part);
      bySignature.set(signature, [...(bySignature.get(signature) ?? []), part]);
    }
  return [...bySignature.values()].map((parts) => {
    const id = (parts[0] as Part).path.join("/");
    const names = [...new Set(parts.map(({ path }) => path.at(-1) as string))];
    return withoutShell({ id, names, blocks: parts.flatMap(own), children: children(parts) });
  });
}

/** A construct that holds nothing but others of one shape is drawn as they are: `secrets: first`, `second`. */
function withoutShell(node: TreeNode): TreeNode {
  const [only, ...others] = node.children;
  if (!only || others.length || node.blocks.length) return node;
  const [first, ...rest] = only.names;
  const names = node.names.length === 1 ? [`${node.names[0]}: ${first}`, ...rest] : only.names;
  return { ...only, names };
}

function partsBelow({ path, blocks }: Part): Part[] {
  const parts = new Map<string, Block[]>();
  for (const block of blocks) {
    const id = block.path[path.length];
    if (id !== undefined) parts.set(id, [...(parts.get(id) ?? []), block]);
  }
  return [...parts].map(([id, its]) => ({ path: [...path, id], blocks: its }));
}

function own({ path, blocks }: Part): Block[] {
  return blocks.filter((block) => block.path.length === path.length);
}

/** Equal for constructs that hold the same types of blocks in the same arrangement, whatever they are called. */
function shape(part: Part): string {
  const types = own(part).map(({ mode, type }) => `${mode} ${type}`);
  return JSON.stringify([types.sort(), partsBelow(part).map(shape).sort()]);
}

/** How many blocks a node holds, at any depth. */
export function blocksWithin(node: TreeNode): Block[] {
  return [...node.blocks, ...node.children.flatMap(blocksWithin)];
}
