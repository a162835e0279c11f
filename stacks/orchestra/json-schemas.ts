import { jsonSchema } from "../../lib/input/fields";
import { cdktfSchema } from "./config";

/** The JSON Schema by which editors complete and check what people write, by file; `npm run schemas` writes it. */
export function jsonSchemas(): Record<string, unknown> {
  return {
    "stacks/orchestra/cdktf.schema.json": jsonSchema(cdktfSchema),
  };
}
