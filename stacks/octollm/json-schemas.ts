import { jsonSchema } from "../../lib/input/fields";
import { chartValuesSchema } from "./application-base";
import { cdktfSchema } from "./config";

/** The JSON Schemas by which editors complete and check what people write, by file name; `npm run schemas` writes them. */
export function jsonSchemas(): Record<string, unknown> {
  return { "stacks/octollm/cdktf.schema.json": jsonSchema(cdktfSchema) };
}

/** The JSON Schemas by which Helm checks a chart's values, by file; generated and written as {@link jsonSchemas}. */
export function chartSchemas(): Record<string, unknown> {
  return { "stacks/octollm/helm/application-base/values.schema.json": jsonSchema(chartValuesSchema) };
}
