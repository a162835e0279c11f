import type { PropProblem } from "../../core/invalid-props";

/** No flag is needed: `CREATE EXTENSION` is enough. */
const NONE: Readonly<Record<string, string>> = {};

/**
 * Extensions of Cloud SQL for PostgreSQL, with the database flags without which `CREATE EXTENSION` fails.
 * @see https://cloud.google.com/sql/docs/postgres/extensions
 */
const EXTENSIONS = {
  btree_gin: NONE,
  btree_gist: NONE,
  citext: NONE,
  cube: NONE,
  dblink: NONE,
  fuzzystrmatch: NONE,
  google_ml_integration: { "cloudsql.enable_google_ml_integration": "on" },
  hstore: NONE,
  intarray: NONE,
  ltree: NONE,
  pg_bigm: { "cloudsql.enable_pg_bigm": "on" },
  pg_cron: { "cloudsql.enable_pg_cron": "on" },
  pg_hint_plan: { "cloudsql.enable_pg_hint_plan": "on" },
  pg_partman: NONE,
  pg_repack: NONE,
  pg_stat_statements: NONE,
  pg_trgm: NONE,
  pgaudit: { "cloudsql.enable_pgaudit": "on" },
  pgcrypto: NONE,
  pglogical: { "cloudsql.enable_pglogical": "on", "cloudsql.logical_decoding": "on" },
  postgis: NONE,
  postgres_fdw: NONE,
  tablefunc: NONE,
  unaccent: NONE,
  "uuid-ossp": NONE,
  vector: NONE,
} satisfies Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Name of an extension, as `CREATE EXTENSION` takes it. */
export type CloudSqlExtension = keyof typeof EXTENSIONS;

/** The flags that extensions need. */
export function extensionFlags(extensions: readonly CloudSqlExtension[] = []): Record<string, string> {
  return Object.assign({}, ...extensions.map((name) => EXTENSIONS[name] ?? NONE));
}

/** Extensions that are not known, and flags that work against one. */
export function extensionProblems(
  extensions: readonly CloudSqlExtension[] = [],
  flags: Readonly<Record<string, string>> = {},
): PropProblem[] {
  return extensions.flatMap((name, index) => {
    if (!Object.hasOwn(EXTENSIONS, name))
      return [
        {
          prop: ["extensions", index],
          problem: `is "${name}", which is not known here`,
          instead: `take one of ${Object.keys(EXTENSIONS).join(", ")}, or add it to lib/google/cloud-sql/extensions.ts with the flags it needs`,
        },
      ];
    return Object.entries(EXTENSIONS[name])
      .filter(([flag, value]) => flags[flag] !== undefined && flags[flag] !== value)
      .map(([flag, value]) => ({
        prop: ["databaseFlags", flag],
        problem: `is "${flags[flag]}", and the extension ${name} needs "${value}"`,
        instead: "leave it out",
      }));
  });
}
