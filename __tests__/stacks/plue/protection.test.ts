import { TerraformResource } from "cdktf";
import { leaves } from "../../../tools/policy/rules/rule";
import { declareProgram, synthesizeProgram } from "../../support/program";
import type { Synthesized } from "../../support/synth";

const stacks = synthesizeProgram();
const get = (name: string) => stacks.get(name) as Synthesized;
const constructs = declareProgram().node.findAll().filter(TerraformResource.isTerraformResource);

/** Resources of a stack, each as its construct and as its Terraform JSON. */
function resourcesOf(name: string) {
  return constructs
    .filter(({ cdktfStack }) => cdktfStack.node.id === name)
    .map((construct) => {
      const { terraformResourceType: type, friendlyUniqueId: id } = construct;
      return { address: `${type}.${id}`, construct, block: get(name).resource(type, id) };
    });
}

describe("production", () => {
  test("what has a deletion protection of its own has it on, which holds when the code is gone too", () => {
    const protectable = resourcesOf("production").filter(
      ({ construct }) => "deletionProtection" in construct,
    );
    expect(protectable.length).toBeGreaterThan(0);
    expect(protectable.filter(({ block }) => block["deletion_protection"] !== true)).toEqual([]);
  });

  test("audit logs cannot be deleted before their time", () => {
    expect(get("production").resource("google_storage_bucket", "audit_archive_archive")).toMatchObject({
      force_destroy: false,
      retention_policy: { retention_period: 400 * 24 * 3600 },
    });
  });
});

describe.each(["staging-base", "staging-platform", "staging-alice"])("%s can be destroyed", (name) => {
  const resources = resourcesOf(name);

  test("deletion protection is off wherever there is one, also where it is on by default", () => {
    const protectable = resources.filter(({ construct }) => "deletionProtection" in construct);
    expect(protectable.filter(({ block }) => block["deletion_protection"] !== false)).toEqual([]);
  });

  test("nothing else refuses", () => {
    const refusals = resources.flatMap(({ address, block }) =>
      leaves(block)
        .filter(
          ({ path: [...path], value }) =>
            (path.at(-1)?.match(/^(prevent_destroy|deletion_protection_enabled)$/) && value !== false) ||
            (path.at(-1) === "force_destroy" && value !== true) ||
            (path.at(-1) === "deletion_policy" && value === "PREVENT"),
        )
        .map(({ path }) => `${address}.${path.join(".")}`),
    );
    expect(refusals).toEqual([]);
  });
});

test("destroying a stack of a project turns off no API that the others need", () => {
  for (const name of ["staging-base", "production"])
    for (const service of Object.values(get(name).resources("google_project_service")))
      expect(service).toMatchObject({ disable_on_destroy: false });
});
