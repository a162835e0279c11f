import { z } from "zod";
import { cdktfSchema } from "./config";

/** The JSON Schema by which editors complete and check what people write, by file; `npm run schemas` writes it. */
export function jsonSchemas(): Record<string, unknown> {
  return {
    "stacks/orchestra/cdktf.schema.json": z.toJSONSchema(cdktfSchema, { io: "input", target: "draft-7" }),
  };
}
