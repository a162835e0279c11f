import { BootstrapStack, type BootstrapStackProps } from "../../../lib/environments/bootstrap-stack";
import { synthesizeOne } from "../../support/synth";

const FIELDS = {
  projectId: "acme-dev",
  projectNumber: "123456789012",
  region: "us-central1",
  stateBucket: "acme-dev-terraform-state",
  alertEmails: { team: "team@acme.example" },
  secretVersions: {},
  monthlyBudget: { amount: 100 },
};

function bootstrap(props: Partial<BootstrapStackProps> = {}) {
  return synthesizeOne("acme-dev-bootstrap", (app) => {
    new BootstrapStack(app, {
      environment: "dev",
      prefix: "acme-dev-",
      fields: FIELDS,
      stacks: ["acme-dev-bootstrap", "acme-dev"],
      repository: "acme/infrastructure",
      ownerId: "12345678",
      planners: ({ event }) => ({ pull_request: event("pull_request") }),
      appliers: ({ branch }) => ({ main: branch("main") }),
      types: ["google_sql_database_instance", "data.google_project"],
      applyRoles: { predefined: ["roles/cloudkms.admin"], grants: ["roles/cloudsql.client"] },
      ...props,
    });
  });
}

test("the state's key may have other names, and stays out of reach for who applies under them too", () => {
  const stack = bootstrap({ stateKey: { ring: "terraform", name: "state-encryption" } });
  expect(stack.resource("google_kms_key_ring", "state_keys")).toMatchObject({ name: "terraform" });
  expect(stack.resource("google_kms_crypto_key", "state_keys_state_encryption")).toMatchObject({
    name: "state-encryption",
  });
  expect(stack.resource("google_project_iam_member", "apply_cloudkms_admin").condition.expression).toBe(
    '!resource.name.startsWith("projects/acme-dev/locations/us-central1/keyRings/terraform")',
  );
});

test("both identities have the permissions of the types, and may grant what the stacks grant alone", () => {
  const stack = bootstrap();
  const { permissions } = stack.resource("google_project_iam_custom_role", "plan_role");
  expect(permissions).toContain("cloudsql.instances.get");
  expect(permissions).toContain("resourcemanager.projects.get");
  expect(stack.resource("google_project_iam_member", "apply_iam").condition.expression).toContain(
    "hasOnly(['roles/cloudsql.client'])",
  );
});

test("who applies writes every state but the one of the bootstrap; who plans reads them all", () => {
  const grants = Object.values(bootstrap().resources("google_storage_managed_folder_iam_member"));
  const of = (role: string) =>
    grants.filter((grant) => grant["role"] === role).map(({ managed_folder }) => managed_folder);
  expect(of("roles/storage.objectUser")).toEqual(["${google_storage_managed_folder.folder_acme_dev.name}"]);
  expect(of("roles/storage.objectViewer").sort()).toEqual([
    "${google_storage_managed_folder.folder_acme_dev.name}",
    "${google_storage_managed_folder.folder_acme_dev_bootstrap.name}",
  ]);
});

test("the bucket of another environment is used, and not made", () => {
  const stack = bootstrap({ stateOwner: { ...FIELDS, projectId: "acme-prod" } });
  expect(stack.resources("google_storage_bucket")).toEqual({});
  expect(stack.resource("google_storage_bucket_iam_member", "plan_bucket_reader")).toMatchObject({
    bucket: "acme-dev-terraform-state",
    role: "projects/acme-prod/roles/terraformStateSettings",
  });
});

test("without a billing account nobody gets a role on one", () => {
  expect(bootstrap().resources("google_billing_account_iam_member")).toEqual({});
  const stack = bootstrap({ billingAccount: "012345-6789AB-CDEF01" });
  expect(Object.values(stack.resources("google_billing_account_iam_member")).map(({ role }) => role)).toEqual(
    ["roles/billing.costsManager", "roles/billing.viewer"],
  );
});

test("what people alone apply is planned by workflows, and neither its states nor its types are theirs to write", () => {
  const types = ["google_sql_database_instance", "google_compute_region_commitment"];
  const byPeople = { stacks: ["acme-dev"], types: ["google_compute_region_commitment"] };
  const permissions = (props: Partial<BootstrapStackProps>, role: string) =>
    bootstrap({ types, ...props }).resource("google_project_iam_custom_role", role)["permissions"];
  expect(permissions({}, "apply_role")).toContain("compute.commitments.create");
  expect(permissions({ byPeople }, "apply_role")).not.toContain("compute.commitments.create");
  expect(permissions({ byPeople }, "plan_role")).toContain("compute.commitments.get");
  const written = Object.values(
    bootstrap({ byPeople }).resources("google_storage_managed_folder_iam_member"),
  ).filter(({ role }) => role === "roles/storage.objectUser");
  expect(written).toEqual([]);
});

test("who applies may be called otherwise", () => {
  const account = (stack: ReturnType<typeof bootstrap>) =>
    stack.resource("google_service_account", "apply")["account_id"];
  expect([account(bootstrap()), account(bootstrap({ applyAccountId: "github-actions-dev" }))]).toEqual([
    "terraform-apply",
    "github-actions-dev",
  ]);
});

test("who reports drift writes logs, and nothing else; without one there is no such account", () => {
  expect(Object.keys(bootstrap().resources("google_service_account"))).toEqual(["apply", "plan"]);
  const stack = bootstrap({
    driftReporters: ({ deployment }) => ({ main: deployment("main", "drift") }),
  });
  expect(stack.resource("google_service_account", "report_drift")["account_id"]).toBe("report-drift");
  const grants = Object.entries(stack.json["resource"] as Record<string, Record<string, object>>).flatMap(
    ([type, resources]) =>
      Object.values(resources)
        .map((args) => args as { member?: string; role?: string })
        .filter(({ member }) => member === "${google_service_account.report_drift.member}")
        .map(({ role }) => [type, role]),
  );
  expect(grants).toEqual([["google_project_iam_member", "roles/logging.logWriter"]]);
});
