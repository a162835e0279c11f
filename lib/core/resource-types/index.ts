import { CLOUDFLARE, CLOUDFLARE_DATA } from "./cloudflare";
import { GOOGLE, GOOGLE_DATA } from "./google";
import { KUBERNETES } from "./kubernetes";
import type { DataSourceType, ResourceType } from "./row";

export type * from "./row";
export { given, missing } from "./row";

/**
 * Everything that is known of each type of resource that a stack may declare. A stack with a type that has no row is
 * refused at synthesis; so nothing that asks the table can take what nobody thought of for harmless.
 */
export const RESOURCE_TYPES: Readonly<Record<string, ResourceType>> = {
  ...GOOGLE,
  ...KUBERNETES,
  ...CLOUDFLARE,
  // Its values are its arguments.
  terraform_data: { holdsData: false, billing: {} },
};

/** The same of data sources. */
export const DATA_SOURCE_TYPES: Readonly<Record<string, DataSourceType>> = {
  ...GOOGLE_DATA,
  ...CLOUDFLARE_DATA,
  terraform_remote_state: { reads: "outputs of a stack that is checked itself" },
};

/** The row of a type of resource; undefined where there is none. */
export function resourceType(type: string): ResourceType | undefined {
  return Object.hasOwn(RESOURCE_TYPES, type) ? RESOURCE_TYPES[type] : undefined;
}

/** The row of a type of data source; undefined where there is none. */
export function dataSourceType(type: string): DataSourceType | undefined {
  return Object.hasOwn(DATA_SOURCE_TYPES, type) ? DATA_SOURCE_TYPES[type] : undefined;
}

/** The file in which a type has its row, or would have it. */
export function fileOf(type: string): string {
  const provider = type.replace(/^helm_/, "kubernetes_").split("_")[0] as string;
  const file = ["google", "kubernetes", "cloudflare"].includes(provider) ? provider : "index";
  return `lib/core/resource-types/${file}.ts`;
}

/** What ends with a resource of this type, and may not without a question; undefined for nothing. */
export function lossOf(type: string): string | undefined {
  const row = resourceType(type);
  if (!row) return `whether it holds data is not known: ${type} has no row in ${fileOf(type)}`;
  return row.holdsData && !row.holdsData.mayEnd ? row.holdsData.what : undefined;
}

/**
 * What a plan of these types reads in a project, as IAM permissions, each once, sorted.
 * @param types types of resources, and of data sources with `data.` before them
 * @throws on a type without a row
 */
export function planPermissions(types: readonly string[]): string[] {
  return unique(types.flatMap((type) => rowOf(type).plan ?? []));
}

/**
 * What applying these types needs, as IAM permissions besides predefined roles, each once, sorted.
 * @param types see {@link planPermissions}
 * @throws on a type without a row
 */
export function applyPermissions(types: readonly string[]): string[] {
  return unique(
    types.flatMap((type) => {
      const { apply = [] } = rowOf(type);
      return typeof apply === "string" ? [] : apply;
    }),
  );
}

function rowOf(type: string): ResourceType | DataSourceType {
  const data = /^data\.(.+)$/.exec(type)?.[1];
  const row = data === undefined ? resourceType(type) : dataSourceType(data);
  if (!row) throw new Error(`${type} has no row in ${fileOf(data ?? type)}`);
  return row;
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort();
}
