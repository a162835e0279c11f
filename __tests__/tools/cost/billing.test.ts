import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { billingOf } from "../../../tools/cost/billing";

/** Types of the resource classes that a file imports from a provider's bindings. */
function resourceTypes(file: string): string[] {
  const modules = readFileSync(file, "utf8").matchAll(/from "(@cdktf\/provider-[a-z-]+\/lib\/[a-z0-9-]+)"/g);
  const names = [...modules].map(([, name]) => name as string).filter((name) => !name.endsWith("/provider"));
  return names.flatMap((name) =>
    Object.entries(require(name) as Record<string, { tfResourceType?: string }>)
      .filter(([exported, { tfResourceType }]) => tfResourceType && !exported.startsWith("Data"))
      .map(([, { tfResourceType }]) => tfResourceType as string),
  );
}

const files = ["lib", "stacks"].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(folder, name)),
);
const types = new Set(files.flatMap(resourceTypes));

test("every type of resource that a construct or stack can make is classified", () => {
  expect(types.size).toBeGreaterThan(40);
  expect([...types].filter((type) => !billingOf(type))).toEqual([]);
});
