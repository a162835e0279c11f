import { workflowIdentities } from "../../../lib/environments/workflow-identities";
import { type PlueConfig, readConfig } from "../../../stacks/plue/config";
import { engineerNames } from "../../../stacks/plue/registry/engineer-names";
import { synthesizeProgram } from "../../support/program";
import { reviewable } from "../../support/snapshot";
import type { Synthesized } from "../../support/synth";

const config = readConfig("cdktf.json");
const stacks = synthesizeProgram();
const of = (environment: string) => stacks.get(`${environment}-bootstrap`) as Synthesized;

describe.each(["staging", "production"] as const)("%s-bootstrap", (environment) => {
  const stack = of(environment);

  test("in whole", () => {
    expect(reviewable(stack)).toMatchSnapshot();
  });

  test("makes the identities that workflows are told of before anything is deployed", () => {
    const { projectId } = config[environment];
    const { plan, apply, report } = workflowIdentities(config[environment]);
    const told = environment === "production" ? [apply, plan, report] : [apply, plan];
    expect(
      Object.values(stack.resources("google_service_account")).map(({ account_id }) => account_id),
    ).toEqual(told.map((email) => email.replace(`@${projectId}.iam.gserviceaccount.com`, "")));
  });

  test("puts a folder over the state of each shared stack", () => {
    const folders = Object.values(stack.resources("google_storage_managed_folder")).map(({ name }) => name);
    const shared = [...stacks.keys()].filter(
      (name) => name.startsWith(environment) && !/-(alice|bob)$/.test(name),
    );
    expect(folders.sort()).toEqual(shared.map((name) => `${name}/`).sort());
  });

  test("refuses to give up what keeps its name for ever, or what nothing can be read without", () => {
    const guarded = Object.entries<Record<string, { lifecycle?: { prevent_destroy?: boolean } }>>(
      stack.json["resource"],
    ).flatMap(([type, named]) =>
      Object.values(named).flatMap(({ lifecycle }) => (lifecycle?.prevent_destroy ? [type] : [])),
    );
    const pool = ["google_iam_workload_identity_pool", "google_iam_workload_identity_pool_provider"];
    const store = ["google_kms_crypto_key", "google_kms_key_ring", "google_storage_bucket"];
    expect(guarded.sort()).toEqual(environment === "production" ? [...pool, ...store] : pool);
  });
});

test("a bucket that both environments share is made in production's project alone", () => {
  expect(Object.keys(of("staging").resources("google_storage_bucket"))).toEqual([]);
  expect(of("production").resource("google_storage_bucket", "state")).toMatchObject({
    project: "plue-prod",
    name: "plue-terraform-state",
    uniform_bucket_level_access: true,
    public_access_prevention: "enforced",
    force_destroy: false,
    versioning: { enabled: true },
    soft_delete_policy: { retention_duration_seconds: 30 * 86_400 },
    encryption: { default_kms_key_name: "${google_kms_crypto_key.state_keys_state.id}" },
  });
});

test("what plue bootstrap made is taken over by import", () => {
  expect(of("production").json["import"]).toEqual([
    {
      to: "google_kms_key_ring.state_keys",
      id: "projects/plue-prod/locations/us-central1/keyRings/terraform-state",
    },
    {
      to: "google_kms_crypto_key.state_keys_state",
      id: "projects/plue-prod/locations/us-central1/keyRings/terraform-state/cryptoKeys/state",
    },
    { to: "google_storage_bucket.state", id: "plue-prod/plue-terraform-state" },
  ]);
  expect(of("staging").json["import"]).toBeUndefined();
});

test("the state's key and bucket are out of reach for who applies production", () => {
  const conditions = Object.values(of("production").resources("google_project_iam_member")).flatMap(
    ({ role, condition }) => (condition ? [[role, condition.expression]] : []),
  );
  expect(Object.fromEntries(conditions)).toMatchObject({
    "roles/cloudkms.admin":
      '!resource.name.startsWith("projects/plue-prod/locations/us-central1/keyRings/terraform-state")',
    "${google_project_iam_custom_role.apply_role.name}":
      'resource.type != "storage.googleapis.com/Bucket" || resource.name != "projects/_/buckets/plue-terraform-state"',
  });
});

test("who reports drift may write logs of production's project, and nothing else anywhere", () => {
  const held = [...stacks].flatMap(([name, stack]) =>
    Object.entries<Record<string, { member?: string; role?: string }>>(stack.json["resource"]).flatMap(
      ([type, named]) =>
        Object.values(named)
          .filter(({ member }) => /report[-_]drift/.test(member ?? ""))
          .map(({ role }) => [name, type, role]),
    ),
  );
  expect(held).toEqual([["production-bootstrap", "google_project_iam_member", "roles/logging.logWriter"]]);
});

test.each(["staging", "production"])("who plans %s cannot write logs", (environment) => {
  const stack = of(environment);
  const member = "${google_service_account.plan.member}";
  const roles = Object.values(stack.resources("google_project_iam_member"))
    .filter((grant) => grant["member"] === member)
    .map(({ role }) => role);
  expect(roles).toEqual(["${google_project_iam_custom_role.plan_role.name}"]);
  const { permissions } = stack.resource("google_project_iam_custom_role", "plan_role");
  expect(permissions.filter((permission: string) => permission.startsWith("logging.logEntries"))).toEqual([]);
});

test("a key of somebody else's is used and not made", () => {
  const stateKmsKey = "projects/keys/locations/us-central1/keyRings/r/cryptoKeys/k";
  const production = { ...config.production, stateKmsKey };
  const stack = synthesizeProgram({ config: { ...config, production } }).get("production-bootstrap");
  expect(stack?.resource("google_storage_bucket", "state")["encryption"]).toEqual({
    default_kms_key_name: stateKmsKey,
  });
  expect(stack?.resources("google_kms_crypto_key")).toEqual({});
});

test("without a billing account and an application's repository there is nothing for them", () => {
  const { billingAccount: _, ...rest } = config;
  const stack = synthesizeProgram({ config: rest as PlueConfig }).get("staging-bootstrap");
  expect(stack?.resources("google_billing_account_iam_member")).toEqual({});
  expect(Object.keys(stack?.resources("google_iam_workload_identity_pool") ?? {})).toEqual(["github"]);
});

test("no identity of CI has the name of an engineer's", () => {
  const ids = Object.values(of("staging").resources("google_service_account")).map(
    ({ account_id }) => account_id,
  );
  const { deployerAccountId, runtimeAccountId } = engineerNames("x", "plue-staging");
  for (const prefix of [deployerAccountId, runtimeAccountId].map((id) => id.slice(0, -1)))
    expect(ids.filter((id) => id.startsWith(prefix))).toEqual([]);
});
