import { readFileSync } from "node:fs";
import type { JsonObject } from "../../../lib/hcl/body";
import { rejectComputed } from "../../../tools/modules/computed";
import { moduleFiles, moduleJson, terraformModules } from "../../../tools/modules/files";
import { prepare } from "../../../tools/modules/prepare";
import { variantsOf } from "../../../tools/modules/samples";
import { meaningOfHcl, meaningOfJson, type Nesting } from "../../support/hcl-meaning";
import { fmtDiff, testWithTerraform } from "../../support/terraform";

const modules = terraformModules().map((module) => [module.definition.name, module] as const);
const hclOf = (files: Readonly<Record<string, string>>) =>
  Object.entries(files).flatMap(([name, text]) => (name.endsWith(".tf") ? [text] : []));

/** Rows of the README's table under a heading, as the names in its first column. */
function tableNames(readme: string, heading: string): string[] {
  const section = readme.split(`## ${heading}\n`)[1]?.split("\n## ")[0] ?? "";
  return [...section.matchAll(/^\| `([^`]+)` \|/gm)].map(([, name]) => name as string);
}

describe("the modules", () => {
  test("are those of the infrastructure document's layout, each with the same files", () => {
    const files = ["README.md", "main.tf", "outputs.tf", "variables.tf", "versions.tf"];
    expect(Object.keys(moduleFiles()).sort()).toEqual(
      ["cloud-sql", "dns", "gke-cluster", "networking", "staging-namespace"].flatMap((name) =>
        files.map((file) => `${name}/${file}`),
      ),
    );
    expect(Object.keys(moduleJson())).toHaveLength(5);
  });

  test("are shown in docs/modules.md with an example that is tested, and with each prop that is fixed", () => {
    const page = readFileSync("docs/modules.md", "utf8");
    expect(page).toContain(modules[0]?.[1].definition.example);
    for (const [, { definition }] of modules)
      for (const prop of Object.keys(definition.fixed)) expect(page).toContain(`\`${prop}\``);
  });

  testWithTerraform("are as terraform fmt leaves them", () => {
    expect(fmtDiff(moduleFiles())).toBe("");
  });

  test("show what leads into a cluster in no plan", () => {
    const { output } = moduleJson()["gke-cluster"] as Record<string, Record<string, JsonObject>>;
    const sensitive = Object.entries(output ?? {}).filter(([, { sensitive }]) => sensitive === true);
    expect(sensitive.map(([name]) => name)).toEqual(["endpoint", "ca_certificate"]);
  });

  test("name no machine, no backend and no provider configuration", () => {
    expect(JSON.stringify(moduleFiles())).not.toMatch(/\/work\/|\/home\/|backend|provider \\"/);
  });
});

describe.each(modules)("module %s", (_, module) => {
  const { config, files, definition } = module;
  const variables = config["variable"] as Record<string, JsonObject>;
  const outputs = config["output"] as Record<string, JsonObject>;

  test("means the same in HCL and in JSON", async () => {
    const hcl = await meaningOfHcl(hclOf(files).join("\n"));
    const { schemas } = module.general;
    const nestingOf = (kind: string, type: string, name: string): Nesting => {
      const body = (config[kind] as Record<string, Record<string, JsonObject>>)[type]?.[name] ?? {};
      return nesting(body, schemas(kind as "resource", type));
    };
    expect(hcl).toEqual(meaningOfJson(config, nestingOf));
  });

  // The command itself asks twice only with everything given.
  test("has no value that is computed where something is left out, switched off or chosen otherwise", () => {
    const { fields } = module.general;
    for (const variant of variantsOf(fields, definition.cases ?? {})) {
      const [one, other] = ([0, 1] as const).map((round) => prepare(definition, fields, [variant], round));
      expect(() => rejectComputed(definition, one?.tree ?? {}, other?.tree ?? {})).not.toThrow();
    }
  });

  test("uses each of its variables", () => {
    const { variable: _, ...body } = config;
    const text = JSON.stringify(body) + JSON.stringify(Object.values(variables));
    for (const name of Object.keys(variables)) expect(text).toMatch(new RegExp(`var\\.${name}\\b`));
  });

  test("describes each variable and output, as the construct's docstrings do", () => {
    for (const [name, { description }] of Object.entries({ ...variables, ...outputs }))
      expect([name, description]).toEqual([name, expect.stringMatching(/\S/)]);
  });

  test("has a README with exactly its inputs and outputs", () => {
    const readme = files["README.md"] as string;
    expect(tableNames(readme, "Inputs")).toEqual(Object.keys(variables));
    expect(tableNames(readme, "Outputs")).toEqual(Object.keys(outputs));
    for (const reason of Object.values(definition.fixed)) expect(readme).toContain(reason);
  });

  test("leaves no trace of how it was made", () => {
    expect(Object.values(files).join("")).not.toMatch(/[zy]q\d+[zy]|\b(77|88)\d{6}\b|[\uE000\uE001]/);
  });
});

/** Keys of a body that are blocks, by a schema. */
function nesting(
  body: unknown,
  grammar: ReturnType<(typeof modules)[number][1]["general"]["schemas"]>,
): Nesting {
  const bodies = (Array.isArray(body) ? body : [body]) as JsonObject[];
  const found: Record<string, Nesting> = {};
  for (const each of bodies) {
    const dynamic = Object.entries((each["dynamic"] ?? {}) as Record<string, unknown>).map(
      ([label, block]) => [label, [block].flat().map((one) => (one as JsonObject)["content"])] as const,
    );
    for (const [key, value] of [...Object.entries(each), ...dynamic]) {
      const kind = grammar(key, [{}]);
      if (typeof kind === "object") found[key] = { ...found[key], ...nesting(value, kind.body([])) };
    }
  }
  return found;
}
