import { dataSourceType } from "../../../lib/core/resource-types";
import { looksSecret, saysSecret, words } from "../../../lib/core/secret-text";
import { leaves } from "./rule";

// biome-ignore lint/suspicious/noExplicitAny: Terraform JSON has no one shape
type Json = Record<string, any>;

/** Resource types that are called after a secret, and why their state holds none. */
const HARMLESS_TYPES: Readonly<Record<string, string>> = {
  google_secret_manager_secret: "a name; values are versions",
  google_secret_manager_secret_iam_member: "a grant",
  google_secret_manager_secret_version: "its value is write-only, which the arguments are checked for",
};

/** Resource types that are not called after a secret, and whose state holds one all the same. */
const SECRET_TYPES = new Set(["google_apikeys_key", "google_sql_ssl_cert"]);

/** By type, the argument that makes the API make up a secret, which the provider then reads into the state. */
const SECRET_SWITCHES: Readonly<Record<string, string>> = { google_redis_instance: "auth_enabled" };

/** An ephemeral value as it stands, without anything around it. */
const EPHEMERAL = /^\$\{ephemeral\.(\w+)\.(\w+)\.\w+\}$/;

/**
 * Every place of a stack's Terraform JSON by which a secret would land in state or in a plan, as "path: why"; none is
 * what must be.
 *
 * The rules are about kinds of names, not about arguments somebody thought of: whatever is called after a secret takes
 * an ephemeral value, if it is write-only, or the name of a secret, and nothing else.
 *
 * @param secretIds ids of secrets in Secret Manager, which are no secrets
 */
export function exposedSecrets(json: Json, secretIds: ReadonlySet<string> = new Set()): string[] {
  const found: string[] = [];
  for (const type of Object.keys(json["resource"] ?? {})) {
    if (SECRET_TYPES.has(type) || (saysSecret(type) && !(type in HARMLESS_TYPES)))
      found.push(`resource.${type}: its state holds a secret`);
    if (type.startsWith("random_"))
      found.push(`resource.${type}: its state holds the value, which is random for a reason`);
  }
  for (const [type, argument] of Object.entries(SECRET_SWITCHES))
    for (const [id, args] of Object.entries<Json>(json["resource"]?.[type] ?? {}))
      if (args[argument] !== undefined && args[argument] !== false)
        found.push(`resource.${type}.${id}.${argument}: its state then holds a password`);
  for (const type of Object.keys(json["data"] ?? {}))
    if (!dataSourceType(type)) found.push(`data.${type}: not known to be without secrets`);
  for (const name of Object.keys(json["variable"] ?? {}))
    if (saysSecret(name)) found.push(`variable.${name}: its value lands in the plan`);

  const { terraform: _, ephemeral: declared = {}, ...sections } = json;
  for (const { path, value } of leaves(sections)) {
    const why = typeof value === "string" ? whyExposed(path, value, json, secretIds) : undefined;
    if (why) found.push(`${path.join(".")}: ${why}`);
  }
  // An ephemeral resource may be of any type, and its arguments are not kept; but what made its value is in the code.
  for (const { path, value } of leaves(declared))
    if (typeof value === "string" && looksSecret(value))
      found.push(`ephemeral.${path.join(".")}: looks like a secret`);
  return found;
}

function whyExposed(
  path: readonly string[],
  value: string,
  json: Json,
  secretIds: ReadonlySet<string>,
): string | undefined {
  const key = path.filter((part) => !/^\d+$/.test(part)).at(-1) ?? "";
  const section = path[0];
  if (section === "resource" && key.endsWith("_wo")) return whyNotWriteOnly(path, value, json);
  if (/\bephemeral\./.test(value))
    return section === "provider" ? undefined : "an ephemeral value in an argument that is kept";
  if (looksSecret(value)) return "looks like a secret";
  const reference = references(value).find(refersToSecret);
  if (reference) return `refers to a secret, ${reference}`;
  const isName =
    secretIds.has(value) || /^\$\{google_secret_manager_secret\.\w+\.(id|secret_id|name)\}$/.test(value);
  const suspicious = isArgumentOfSecret(path);
  return suspicious && !isName ? "a secret in an argument that is kept" : undefined;
}

/** A write-only argument has an ephemeral value of this stack, and a version by which Terraform knows when to send it. */
function whyNotWriteOnly(path: readonly string[], value: string, json: Json): string | undefined {
  const [, type = "", id = ""] = EPHEMERAL.exec(value) ?? [];
  if (!json["ephemeral"]?.[type]?.[id])
    return "write-only, but not fed by an ephemeral resource of this stack";
  const block = path.slice(0, -1).reduce((at, part) => at[part], json);
  return Number.isInteger(block[`${path.at(-1)}_version`]) ? undefined : "write-only, but without a version";
}

/** Whether the argument at the end of the path is called after a secret, or one around it is sensitive as a whole. */
function isArgumentOfSecret([section = "", ...rest]: readonly string[]): boolean {
  // An output is called by its name, and "value" says nothing; a resource is called by type and logical id.
  const names = section === "output" ? rest.slice(0, 1) : rest.slice(PREFIX[section] ?? 0);
  const keys = names.filter((part) => !/^\d+$/.test(part));
  // Says which secret Cloud Run reads.
  if (keys.at(-2) === "secret_key_ref") return false;
  return saysSecret(keys.at(-1) ?? "") || keys.some((key) => words(key).includes("sensitive"));
}

/** How many keys of a section come before the arguments: type and logical id, or the provider's name. */
const PREFIX: Readonly<Record<string, number>> = {
  resource: 2,
  data: 2,
  provider: 1,
  variable: 1,
  module: 1,
};

/** What the expressions of a string refer to: `google_sql_user.admin.password`. */
function references(value: string): string[] {
  const expressions = [...value.matchAll(/\$\{(.*?)\}/gs)].map(([, expression = ""]) => expression);
  return expressions.flatMap((expression) => {
    const bare = expression.replace(/"(?:[^"\\]|\\.)*"/g, '""');
    return bare.match(/\b[a-zA-Z_][\w-]*(?:\.[\w-]+|\[[^\]]*\])+/g) ?? [];
  });
}

function refersToSecret(reference: string): boolean {
  const parts = reference.replace(/\[[^\]]*\]/g, "").split(".");
  // Before the attributes: data, type and name; var or local, which have names alone; or type and name.
  const attributes = parts.slice(parts[0] === "data" ? 3 : ["var", "local"].includes(parts[0] ?? "") ? 1 : 2);
  return attributes.some(saysSecret);
}
