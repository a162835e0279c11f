import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { DECLARED_TYPES } from "../../../stacks/plue/declared-types";
import { checkRules } from "../../../tools/policy/rules";
import { EVERY_SETTING } from "../../support/every-setting";
import { programFiles, projectOf } from "../../support/program";

const files = programFiles(EVERY_SETTING);
const stacks = new Map(
  [...files].flatMap(([path, text]) => {
    const stack = /^stacks\/([^/]+)\/cdk\.tf\.json$/.exec(path)?.[1];
    return stack ? [[stack, JSON.parse(text)] as const] : [];
  }),
);

// For whoever checks it against the providers' schemas.
const folder = process.env["EVERY_SETTING"];
if (folder)
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
}

/** Paths of what a schema knows and no value has. */
function unset(schema: Schema, values: readonly unknown[], path: string): string[] {
  const given = values.filter((value) => value !== undefined);
  if (given.length === 0) return [path];
  const of = (key: string) => given.map((value) => (value as Record<string, unknown>)[key]);
  return [
    ...Object.entries(schema.properties ?? {}).flatMap(([key, inner]) =>
      key === "$schema" ? [] : unset(inner, of(key), `${path}.${key}`),
    ),
    ...(typeof schema.additionalProperties === "object"
      ? unset(
          schema.additionalProperties,
          given.flatMap((value) => Object.values(value as object)),
          `${path}.*`,
        )
      : []),
    ...(schema.items ? unset(schema.items, given.flat(), `${path}[]`) : []),
  ];
}

test("the fixture sets everything that can be set", () => {
  const schema = (file: string) => JSON.parse(readFileSync(file, "utf8"));
  const { plue } = schema("cdktf.schema.json").properties.context.properties;
  expect(unset(plue, [EVERY_SETTING.config], "plue")).toEqual([]);
  expect(
    unset(schema("engineers.schema.json").properties.engineers.items, EVERY_SETTING.engineers, "engineer"),
  ).toEqual([]);
});

test("with every setting on, the program's own policies hold", () => {
  const found = checkRules({ project: projectOf(EVERY_SETTING), stacks, releases: [] });
  expect(found.map(({ stack, address, message }) => `${stack}: ${address} ${message}`)).toEqual([]);
});

test("with every setting on, the identities of CI know every type", () => {
  const types = [...stacks.values()].flatMap(({ resource = {}, data = {} }) => [
    ...Object.keys(resource),
    ...Object.keys(data).map((type) => `data.${type}`),
  ]);
  const asked = types.filter((type) => /^(data\.)?(google|kubernetes|helm)_/.test(type));
  expect([...new Set(asked)].filter((type) => !DECLARED_TYPES.includes(type))).toEqual([]);
});

test("who pushes images writes to the one repository of its environment, and to nothing else of the project", () => {
  for (const [environment, project] of [
    ["staging", "plue-staging"],
    ["production", "plue-prod"],
  ]) {
    const push = `serviceAccount:push-images@${project}.iam.gserviceaccount.com`;
    const grants = [...stacks].flatMap(([stack, { resource }]) =>
      Object.entries<Record<string, { member?: string; role?: string }>>(resource ?? {}).flatMap(
        ([type, named]) =>
          Object.entries(named).flatMap(([id, { member, role }]) =>
            member === push || member?.includes("google_service_account.push_images.")
              ? [[stack, type, id, role]]
              : [],
          ),
      ),
    );
    const stack = environment === "staging" ? "staging-base" : "production";
    expect(grants.filter(([of]) => of === stack || of === `${environment}-bootstrap`)).toEqual([
      [
        stack,
        "google_artifact_registry_repository_iam_member",
        "registry_writers_push",
        "roles/artifactregistry.writer",
      ],
    ]);
  }
});
