import { GITHUB } from "../../../lib/environments/workflow-identities";
import { ENVIRONMENTS } from "../../../stacks/octollm/config";
import type { Synthesized } from "../../support/synth";
import { config, synthesizeOctollm } from "./synthesize";

const stacks = synthesizeOctollm();
const of = (name: string) => stacks.get(name) as Synthesized;

const pairs = ENVIRONMENTS.flatMap((one) =>
  ENVIRONMENTS.filter((other) => other !== one).map((other) => [one, other] as const),
);

test.each(pairs)("nothing of %s names %s's project, bucket or identities", (one, other) => {
  const { projectId, stateBucket } = config[other];
  const own = [...stacks].filter(
    ([name]) => name.startsWith(`octollm-${one}`) || (one === "prod" && name === "octollm-commitment"),
  );
  expect(own.length).toBeGreaterThanOrEqual(4);
  for (const [, { json }] of own) {
    const text = JSON.stringify(json);
    expect(text).not.toMatch(new RegExp(`(?<![\\w-])(${projectId}|${stateBucket})(?![\\w-])`));
    expect(text).not.toContain(`${projectId}.iam.gserviceaccount.com`);
  }
});

test.each(ENVIRONMENTS)("states of %s are in its own bucket, encrypted with its own key", (name) => {
  const bootstrap = of(`octollm-${name}-bootstrap`);
  expect(bootstrap.resource("google_storage_bucket", "state")).toMatchObject({
    project: `octollm-${name}`,
    name: `octollm-${name}-terraform-state`,
    encryption: { default_kms_key_name: "${google_kms_crypto_key.state_keys_state_encryption.id}" },
  });
});

test.each(ENVIRONMENTS)(
  "%s is applied from main in its own GitHub environment, and from nowhere else",
  (name) => {
    const members = Object.values(
      of(`octollm-${name}-bootstrap`).resources("google_service_account_iam_member"),
    ).filter(({ service_account_id }) => /apply/.test(service_account_id));
    expect(members).toHaveLength(1);
    expect(members[0]?.["member"]).toMatch(
      new RegExp(`workloadIdentityPools/${GITHUB.pool}/.*/main:${name}$`),
    );
  },
);

test.each(ENVIRONMENTS)("who applies %s writes the states of what workflows apply, and no other", (name) => {
  const written = Object.values(
    of(`octollm-${name}-bootstrap`).resources("google_storage_managed_folder_iam_member"),
  ).filter(({ role }) => role === "roles/storage.objectUser");
  expect(written.map(({ managed_folder }) => managed_folder).sort()).toEqual([
    `\${google_storage_managed_folder.folder_octollm_${name}.name}`,
    `\${google_storage_managed_folder.folder_octollm_${name}_cluster.name}`,
  ]);
});

test("who applies prod may neither buy nor make a project", () => {
  const roles = Object.values(of("octollm-prod-bootstrap").resources("google_project_iam_member"));
  expect(roles.map(({ role }) => role)).not.toContain("roles/compute.admin");
  const custom = of("octollm-prod-bootstrap").resource("google_project_iam_custom_role", "apply_role");
  expect(
    custom["permissions"].filter((permission: string) =>
      /commitments\.create|projects\.(create|delete)/.test(permission),
    ),
  ).toEqual([]);
});

test("what users have in prod refuses deletion, in the API and in Terraform", () => {
  const prod = of("octollm-prod");
  const protectedTypes = [
    "google_bigquery_dataset",
    "google_container_cluster",
    "google_dns_managed_zone",
    "google_kms_crypto_key",
    "google_redis_instance",
    "google_sql_database_instance",
    "google_storage_bucket",
  ];
  for (const type of protectedTypes)
    for (const args of Object.values(prod.resources(type)))
      expect(args["lifecycle"]?.prevent_destroy).toBe(true);
  for (const args of Object.values(prod.resources("google_sql_database_instance")))
    expect([args["deletion_protection"], args["settings"].deletion_protection_enabled]).toEqual([true, true]);
  expect(prod.resource("google_container_cluster", "cluster")["deletion_protection"]).toBe(true);
});
