import type { JsonObject } from "../../lib/hcl/body";
import { renderModule } from "../../lib/hcl/module";
import { type ModuleDefinition, ModuleGapError, outputName, type Rule } from "./definition";
import { type Field, shapesByPath } from "./fields";
import { type General, generalize } from "./generalize";
import { moduleFields } from "./module-fields";
import type { Sources } from "./read-props";
import { readme } from "./readme";
import { renderConfig } from "./render";
import { pathsIn, type TreeObject } from "./tree";
import { variableBlocks } from "./variables";

/** A construct as a Terraform module. */
export interface TerraformModule {
  readonly definition: ModuleDefinition;
  readonly general: General;
  /** The variables that come of props. */
  readonly fields: readonly Field[];
  readonly config: JsonObject;
  /** In HCL, by file name; with a README. */
  readonly files: Readonly<Record<string, string>>;
}

/** Makes the module of a construct. */
export function makeModule(definition: ModuleDefinition, sources: Sources): TerraformModule {
  const general = generalize(definition, moduleFields(definition, sources));
  const body = renderConfig(definition, general) as Record<
    string,
    Record<string, Record<string, JsonObject>>
  >;
  definition.adjust?.(body);
  const { fields } = general;
  rejectUnseen(definition, general);
  const rules: readonly Rule[] = definition.rules ?? [];
  const outputs = body["output"] as unknown as Record<string, JsonObject>;
  const docs = sources.members(definition.file, definition.construct);
  const config: JsonObject = {
    terraform: { required_version: ">= 1.11.0", required_providers: requiredProviders(body, general.base) },
    variable: {
      ...variableBlocks(fields, { defaults: general.defaults, rules }),
      ...ownVariables(definition, general.base),
    },
    ...body,
    output: Object.fromEntries(
      definition.outputs.map((output) => {
        const name = outputName(output);
        const description = output.description ?? docs.get(output.member);
        return [
          name,
          {
            ...(description && { description: forUsers(description) }),
            ...outputs[name],
            ...(output.sensitive && { sensitive: true }),
          },
        ];
      }),
    ),
  };
  const hcl = renderModule(config, {
    schemas: general.schemas,
    origin: (address) => {
      const origin = general.elements.get(address);
      return origin && { path: address, section: "", index: origin.index };
    },
  });
  return { definition, general, fields, config, files: { ...hcl, "README.md": readme(definition, config) } };
}

/** Advice to whoever writes a stack in TypeScript is none to the module's user. */
function forUsers(description: string): string {
  return description
    .replace(/ ?(Declare a stack output[^.]*\.|\{@link[^}]*\})/g, "")
    .replace(/ Undefined without/g, " Null without");
}

/** A prop that is nowhere in what comes out would be lost without a word. */
function rejectUnseen(definition: ModuleDefinition, general: General): void {
  const isUsed = usedBy(definition, general);
  const unseen = [...shapesByPath(general.fields).keys()].filter(
    (path) => !path.endsWith(".*") && !isUsed(path),
  );
  if (unseen.length > 0)
    throw new ModuleGapError(
      `module ${definition.name}: nothing that ${definition.construct} declares shows ${unseen.join(", ")}; say in tools/modules/definitions/${definition.name}.ts what it decides (\`cases\`, \`computed\`), or leave it out (\`omitted\`, \`fixed\`).`,
    );
}

/** Is a variable, or a part of one, used anywhere? */
function usedBy(definition: ModuleDefinition, general: General): (path: string) => boolean {
  const paths = [...pathsIn(general.tree), ...pathsIn(general.base["variable"] ?? null)];
  const conditions = [...JSON.stringify(general.tree).matchAll(/"path":"([^"]*)"/g)].map(
    ([, path]) => path as string,
  );
  const all = [...paths, ...conditions, ...(definition.rules ?? []).map(({ path }) => path)].map((path) =>
    path.replaceAll("@", "*"),
  );
  const words = new Set(JSON.stringify([definition.computed ?? {}, definition.rules ?? []]).match(/\w+/g));
  const kinds = Object.entries(definition.kinds ?? {}).flatMap(([path, each]) =>
    each.map(({ by }) => `${path}.*.${by}`),
  );
  return (path) =>
    [...all, ...kinds].some(
      (each) => each === path || each.startsWith(`${path}.`) || path.startsWith(`${each}.`),
    ) || words.has(path.split(".").at(-1) as string);
}

/** Variables that the construct declares itself. */
function ownVariables({ variables = {} }: ModuleDefinition, base: TreeObject): Record<string, JsonObject> {
  return Object.fromEntries(
    Object.entries((base["variable"] ?? {}) as Record<string, JsonObject>).map(([name, block]) => {
      const text = JSON.stringify({ ...block, ...variables[name] });
      const inside = text.replace(/\uE000([^\uE001]*)\uE001/g, (_, path: string) => `\${var.${path}}`);
      // Quotes around nothing but a reference, inside an expression.
      return [name, JSON.parse(inside.replace(/\\"\$\{([\w.]+)\}\\"/g, "$1")) as JsonObject];
    }),
  );
}

/** Of the versions that the bindings are made for, or later ones that promise to be compatible. */
function requiredProviders(
  body: Record<string, Record<string, Record<string, JsonObject>>>,
  base: TreeObject,
): JsonObject {
  const { required_providers: known } = base["terraform"] as unknown as {
    required_providers: Record<string, { source: string; version: string }>;
  };
  const used = new Set<string>();
  for (const section of ["resource", "data", "ephemeral"])
    for (const [type, named] of Object.entries(body[section] ?? {}))
      for (const { provider } of Object.values(named)) used.add(String(provider ?? type.replace(/_.*/, "")));
  return Object.fromEntries(
    [...used].sort().map((name) => {
      const { source, version } = known[name] as { source: string; version: string };
      return [
        name,
        {
          source: source.includes("/") ? source : `hashicorp/${source}`,
          version: `~> ${version.replace(/\.\d+$/, "")}`,
        },
      ];
    }),
  );
}
