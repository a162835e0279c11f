import { jsonSchema } from "../../lib/input/fields";
import { pgBouncerValuesSchema } from "../../lib/kubernetes/pgbouncer";
import { platformValuesSchema, plueValuesSchema } from "./chart-values";
import { cdktfSchema } from "./config/schema";
import { registrySchema } from "./registry/schema";

/**
 * The JSON Schemas by which editors complete and check what people write, by file name. They are generated from what
 * the program itself checks with; `npm run schemas` writes them.
 */
export function jsonSchemas(): Record<string, unknown> {
  return {
    "engineers.schema.json": jsonSchema(registrySchema),
    "cdktf.schema.json": jsonSchema(cdktfSchema),
  };
}

/** The JSON Schemas by which Helm checks a chart's values, by file; generated and written as {@link jsonSchemas}. */
export function chartSchemas(): Record<string, unknown> {
  return {
    "helm/plue/values.schema.json": jsonSchema(plueValuesSchema),
    "helm/pgbouncer/values.schema.json": jsonSchema(pgBouncerValuesSchema),
    "helm/platform/values.schema.json": jsonSchema(platformValuesSchema),
  };
}
