import { readConfig } from "../../../stacks/plue/config";
import { DEPLOYER_CLUSTER_ROLES } from "../../../stacks/plue/names";
import { ALICE, BOB, synthesizeStack } from "../../support/program";
import { reviewable } from "../../support/snapshot";
import type { Synthesized } from "../../support/synth";

const stack = synthesizeStack("staging-access");
const POOL = `projects/${readConfig("cdktf.json").staging.projectNumber}/locations/global/workloadIdentityPools/github`;
const access = (...engineers: object[]) =>
  synthesizeStack("staging-access", { engineers: engineers.map((entry) => ({ ...ALICE, ...entry })) });

/** Every grant, as who may do what on what; references as they stand, without `${}`. */
function grants({ json }: Synthesized): string[] {
  const resources: Record<string, Record<string, Record<string, string>>> = json["resource"] ?? {};
  return Object.entries(resources)
    .filter(([type]) => type.endsWith("_iam_member"))
    .flatMap(([type, named]) => Object.values(named).map((grant) => describeGrant(type, grant)))
    .map((line) => line.replace(/\$\{([^}]*)\}/g, "$1"))
    .sort();
}

/** Members of the one role that lets in. */
function whoReachesTheCluster(stack: Synthesized): string[] {
  const bindings = Object.values(stack.resources("google_project_iam_binding"));
  expect(bindings.map(({ role }) => role)).toEqual(["projects/plue-staging/roles/stagingClusterUser"]);
  return bindings.flatMap(({ members }) => members);
}

function describeGrant(type: string, grant: Record<string, string>): string {
  const { role, member, managed_folder, secret_id, service_account_id, repository } = grant;
  const on = managed_folder ?? secret_id ?? service_account_id ?? repository ?? grant["project"];
  return `${member} ${role} on ${type.slice("google_".length, -"_iam_member".length)} ${on}`;
}

test("staging-access in whole", () => {
  expect(reviewable(stack)).toMatchSnapshot();
});

test("what alice and bob, their deployers and their pods may do, and nobody else anything", () => {
  const deployerRole = "projects/plue-staging/roles/stagingDeployer";
  const state = "data.terraform_remote_state.base.outputs";
  const ofEngineer = (name: string) => {
    const deployer = `google_service_account.staging_${name}_deployer`;
    const runtime = `google_service_account.staging_${name}_runtime`;
    return [
      `user:${name}@plue.dev roles/iam.serviceAccountTokenCreator on service_account ${deployer}.name`,
      `group:platform@plue.dev roles/iam.serviceAccountTokenCreator on service_account ${deployer}.name`,
      `${deployer}.member ${deployerRole} on project plue-staging`,
      `${deployer}.member roles/artifactregistry.reader on artifact_registry_repository ${state}.registry_repository_id`,
      `${deployer}.member roles/storage.objectUser on storage_managed_folder google_storage_managed_folder.staging_${name}_state.name`,
      `${deployer}.member roles/storage.objectViewer on storage_managed_folder staging-base/`,
      `serviceAccount:terraform-plan@plue-staging.iam.gserviceaccount.com roles/storage.objectViewer on storage_managed_folder google_storage_managed_folder.staging_${name}_state.name`,
      `${runtime}.member roles/cloudsql.client on project plue-staging`,
      `${runtime}.member roles/cloudsql.instanceUser on project plue-staging`,
      `${runtime}.member roles/cloudtrace.agent on project plue-staging`,
      `${runtime}.member roles/secretmanager.secretAccessor on secret_manager_secret anthropic-api-key`,
      `${runtime}.member roles/secretmanager.secretAccessor on secret_manager_secret github-app-private-key`,
      `serviceAccount:plue-staging.svc.id.goog[${name}/zig-api] roles/iam.workloadIdentityUser on service_account ${runtime}.name`,
    ];
  };
  expect(grants(stack)).toEqual([...ofEngineer("alice"), ...ofEngineer("bob")].sort());
});

test("pods log in to the one instance alone", () => {
  for (const role of ["connect", "login"])
    expect(
      stack.resource("google_project_iam_member", `staging_alice_runtime_sql_${role}`)["condition"]
        .expression,
    ).toBe(
      'resource.service == "sqladmin.googleapis.com" && resource.name == "projects/plue-staging/instances/${data.terraform_remote_state.base.outputs.sql_instance_name}"',
    );
});

test("each engineer's pods have a login to the instance, which goes with her entry", () => {
  const logins = (...engineers: object[]) =>
    Object.values(access(...engineers).resources("google_sql_user")).map(({ name }) => name);
  const [alices, bobs] = ["staging-alice@plue-staging.iam", "staging-bob@plue-staging.iam"];
  expect(logins({}, BOB)).toEqual([alices, bobs]);
  expect(logins({ state: "offboarding" }, BOB)).toEqual([alices, bobs]);
  expect(logins(BOB)).toEqual([bobs]);
});

test("the cluster knows each deployer by its name, and binds the one role to it that staging-platform makes", () => {
  const bindings = Object.values(stack.resources("kubernetes_cluster_role_binding_v1")).map(
    ({ metadata, role_ref, subject }) => [metadata.name, role_ref.name, subject],
  );
  const binding = (name: string) => [
    `tf-staging-${name}`,
    DEPLOYER_CLUSTER_ROLES.cluster,
    [
      {
        api_group: "rbac.authorization.k8s.io",
        kind: "User",
        name: `tf-staging-${name}@plue-staging.iam.gserviceaccount.com`,
      },
    ],
  ];
  expect(bindings).toEqual([binding("alice"), binding("bob")]);
});

test("deployers make databases, and have no right by IAM to the cluster's objects, to IAM, Secrets, logins or the instance itself", () => {
  const bootstrap = synthesizeStack("staging-bootstrap");
  const { permissions, role_id } = bootstrap.resource("google_project_iam_custom_role", "engineers_deployer");
  expect(role_id).toBe("stagingDeployer");
  expect(
    permissions.filter((permission: string) =>
      /setIamPolicy|secrets|iam\.|sql\.users|instances\.(?!get$)|container\.(?!clusters\.(connect|get)$)/.test(
        permission,
      ),
    ),
  ).toEqual([]);
});

test("readers of a namespace reach the cluster, as its engineer does", () => {
  expect(whoReachesTheCluster(access({ readers: ["carol@plue.dev"] }))).toEqual([
    "user:alice@plue.dev",
    "user:carol@plue.dev",
  ]);
});

describe("offboarding", () => {
  const leaving = access(BOB, { state: "offboarding" });
  const alices = grants(leaving).filter((grant) => /alice/.test(grant));

  test("takes the engineer's access away, and leaves the deployer to the platform team for the destroy", () => {
    expect(alices).toEqual(grants(stack).filter((grant) => /alice/.test(grant) && !/^user:/.test(grant)));
    expect(whoReachesTheCluster(leaving)).toEqual(["user:bob@plue.dev"]);
  });

  test("lets the folder of the state go, which refuses before", () => {
    const force = (synthesized: Synthesized, name: string) =>
      synthesized.resource("google_storage_managed_folder", `staging_${name}_state`)["force_destroy"];
    expect([force(stack, "alice"), force(leaving, "alice"), force(leaving, "bob")]).toEqual([
      false,
      true,
      false,
    ]);
  });
});

test("pushes to a branch deploy for who has a GitHub login in the registry, and only those of that login", () => {
  const branches = grants(access({ github: "alice-gh", githubId: "1001" }, BOB)).filter((grant) =>
    grant.startsWith("principalSet:"),
  );
  expect(branches).toEqual([
    `principalSet://iam.googleapis.com/${POOL}/attribute.event_ref_actor/push:refs/heads/staging/alice:1001 roles/iam.workloadIdentityUser on service_account google_service_account.staging_alice_deployer.name`,
  ]);
});

test("without engineers there is nothing but what they would share", () => {
  const empty = synthesizeStack("staging-access", { engineers: [] });
  expect(grants(empty)).toEqual([]);
  expect(empty.resources("google_service_account")).toEqual({});
});
