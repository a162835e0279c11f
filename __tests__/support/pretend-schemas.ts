import { attributes, blocks, type Grammar, type Schemas } from "../../lib/hcl/grammar";
import type { Nesting, NestingOf } from "./hcl-meaning";

/** A provider with blocks `block` and `other_block` at three levels, and one, `framework`, without blocks. */
const INNER: Nesting = { block: {}, other_block: {} };
const MIDDLE: Nesting = { block: INNER, other_block: INNER };
const OUTER: Nesting = { block: MIDDLE, other_block: MIDDLE };

const hasBlocks = (type: string) => type.startsWith("sdk");

export const pretendNesting: NestingOf = (_, type) => (hasBlocks(type) ? OUTER : {});

export const pretendSchemas: Schemas = (_, type) => (hasBlocks(type) ? grammarOf(OUTER) : attributes);

/** The renderer's view of a nesting. */
export function grammarOf(nesting: Nesting): Grammar {
  return (key) => (Object.hasOwn(nesting, key) ? blocks(grammarOf(nesting[key] as Nesting)) : "template");
}
