import { dirname } from "node:path";
import type { TerraformStack } from "cdktf";
import type { JsonObject } from "../../lib/hcl/body";
import { sharedPath } from "../command-line/project";
import { cloudSql } from "./definitions/cloud-sql";
import { dns } from "./definitions/dns";
import { gkeCluster } from "./definitions/gke-cluster";
import { networking } from "./definitions/networking";
import { stagingNamespace } from "./definitions/staging-namespace";
import { makeModule, type TerraformModule } from "./module";
import { readSources } from "./read-props";
import { type ModuleUse, usesOf } from "./uses";

export type { ModuleUse, TerraformModule };

const DEFINITIONS = [networking, gkeCluster, cloudSql, dns, stagingNamespace];

let made: readonly TerraformModule[] | undefined;

/** The constructs of which there are modules, as modules. Takes seconds, once. */
export function terraformModules(): readonly TerraformModule[] {
  if (made) return made;
  const sources = readSources(
    // A system's folder has the sources above it.
    dirname(dirname(sharedPath("lib/google"))),
    DEFINITIONS.map(({ file }) => file),
  );
  made = DEFINITIONS.map((definition) => makeModule(definition, sources));
  return made;
}

/** All files of all modules in HCL, by path: `networking/main.tf`. */
export function moduleFiles(): Record<string, string> {
  return Object.fromEntries(
    terraformModules().flatMap(({ definition, files }) =>
      Object.entries(files).map(([name, text]) => [`${definition.name}/${name}`, text]),
    ),
  );
}

/** The modules in Terraform's JSON syntax, by name. */
export function moduleJson(): Record<string, JsonObject> {
  return Object.fromEntries(terraformModules().map(({ definition, config }) => [definition.name, config]));
}

/** The calls of modules that stand for a stack's constructs, in the order of the program. */
export function moduleUses(stack: TerraformStack): ModuleUse[] {
  return usesOf(stack, terraformModules());
}
