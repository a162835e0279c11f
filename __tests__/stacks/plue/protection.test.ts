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
  const production = resourcesOf("production");

  test.each([
    ["google_container_cluster", 1],
    ["google_sql_database_instance", 1],
    ["google_kms_key_ring", 1],
    ["google_kms_crypto_key", 4],
    ["google_artifact_registry_repository", 1],
    ["google_secret_manager_secret", 4],
  ])("Terraform refuses to destroy %s", (type, count) => {
    const guards = Object.values(get("production").resources(type)).map(
      ({ lifecycle }) => lifecycle?.prevent_destroy,
    );
    expect(guards).toEqual(Array(count).fill(true));
  });

  test("what has a deletion protection of its own has it on, which holds when the code is gone too", () => {
    const protectable = production.filter(({ construct }) => "deletionProtection" in construct);
    expect(protectable.map(({ address, block }) => [address, block["deletion_protection"]])).toEqual(
      [
        "google_container_cluster.cluster",
        "google_sql_database_instance.sql",
        "google_secret_manager_secret.sql_admin_secret",
        "google_secret_manager_secret.secrets_anthropic_api_key",
        "google_secret_manager_secret.secrets_github_app_private_key",
        "google_secret_manager_secret.secrets_cloudflare_api_token",
      ].map((address) => [address, true]),
    );
    const { settings } = get("production").resource("google_sql_database_instance", "sql");
    expect(settings).toMatchObject({ deletion_protection_enabled: true, retain_backups_on_delete: true });
  });

  test("the database stays when Terraform is told to drop it, and so does its login", () => {
    expect(get("production").resource("google_sql_database", "sql_databases_plue")).toMatchObject({
      deletion_policy: "ABANDON",
      lifecycle: { prevent_destroy: true },
    });
    expect(get("production").resource("google_sql_user", "application_database_user")).toMatchObject({
      lifecycle: { prevent_destroy: true },
    });
  });

  test("audit logs cannot be deleted before their time", () => {
    expect(get("production").resource("google_storage_bucket", "audit_archive_archive")).toMatchObject({
      force_destroy: false,
      retention_policy: { retention_period: 400 * 24 * 3600 },
    });
  });

  test("the namespace, in which the Git repositories are, stays", () => {
    expect(get("production-app").resource("kubernetes_namespace_v1", "production")["lifecycle"]).toEqual({
      prevent_destroy: true,
    });
  });
});

describe.each(["staging-base", "staging-platform", "staging-alice"])("%s can be destroyed", (name) => {
  const resources = resourcesOf(name);

  test("deletion protection is off wherever there is one, also where it is on by default", () => {
    const protectable = resources.filter(({ construct }) => "deletionProtection" in construct);
    expect(protectable.filter(({ block }) => block["deletion_protection"] !== false)).toEqual([]);
    expect(protectable.length).toBe(name === "staging-base" ? 6 : 0);
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
