import { jsonSchema } from "../../lib/input/fields";
import { cdktfSchema, releasesFileSchema } from "./config";

/** The JSON Schemas by which editors complete and check what people write, by file; `npm run schemas` writes them. */
export function jsonSchemas(): Record<string, unknown> {
  return {
    "stacks/copy-that/cdktf.schema.json": jsonSchema(cdktfSchema),
    "stacks/copy-that/releases.schema.json": jsonSchema(releasesFileSchema),
  };
}
