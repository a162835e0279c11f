import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { EngineerAccess, type EngineerAccessProps } from "../../../lib/environments/engineer-access";
import { SharedAccess } from "../../../lib/environments/shared-access";
import { engineerNames } from "../../../stacks/plue/registry/engineer-names";
import { type Synthesized, synthesize } from "../../support/synth";

const props: Omit<EngineerAccessProps, "shared"> = {
  projectId: "plue-staging",
  names: engineerNames("alice", "plue-staging"),
  email: "alice@plue.dev",
  active: true,
  deployerClusterRole: "deployer",
  stateBucket: "state",
  sqlInstance: "plue-sql",
  registry: { projectId: "plue-images", location: "us-central1", repositoryId: "plue" },
  secretIds: ["anthropic-api-key"],
  kubernetesServiceAccount: "zig-api",
};
const branch = {
  workloadIdentityPool: "projects/123/locations/global/workloadIdentityPools/github",
  name: "staging/alice",
  accountId: "1001",
};
const DEPLOYER = "${google_service_account.alice_deployer.member}";

function access(...overrides: Partial<EngineerAccessProps>[]): Synthesized {
  return synthesize((stack) => {
    new GoogleProvider(stack, "google", {});
    new KubernetesProvider(stack, "kubernetes");
    const shared = new SharedAccess(stack, "shared", {
      projectId: "plue-staging",
      deployerRole: "projects/plue-staging/roles/deployer",
      clusterUserRole: "projects/plue-staging/roles/clusterUser",
      clusterUsers: [],
      sharedStacks: ["staging-base"],
    });
    for (const override of overrides) {
      const own = { ...props, ...override };
      const made = new EngineerAccess(stack, own.names.namespace, { ...own, shared });
      const value = [made.deployerEmail, made.runtimeEmail];
      stack.outputs({ [`${own.names.namespace}_identities`]: { value, description: "" } });
    }
  });
}

/** Who may act as the deployer: role by member. */
function impersonators(synthesized: Synthesized): Record<string, string> {
  return Object.fromEntries(
    Object.values(synthesized.resources("google_service_account_iam_member"))
      .filter(
        ({ service_account_id }) => service_account_id === "${google_service_account.alice_deployer.name}",
      )
      .map(({ member, role }) => [member, role]),
  );
}

describe("EngineerAccess", () => {
  const alice = access({});

  test("makes the two identities and says their addresses", () => {
    expect(alice.resource("google_service_account", "alice_deployer")).toMatchObject({
      project: "plue-staging",
      account_id: "tf-staging-alice",
    });
    expect(alice.resource("google_service_account", "alice_runtime")).toMatchObject({
      project: "plue-staging",
      account_id: "staging-alice",
    });
    expect(alice.outputs["alice_identities"]?.["value"]).toEqual([
      "${google_service_account.alice_deployer.email}",
      "${google_service_account.alice_runtime.email}",
    ]);
  });

  test("the deployer writes its own state and reads the shared one, and no other", () => {
    expect(alice.resource("google_storage_managed_folder", "alice_state")).toEqual({
      bucket: "state",
      name: "staging-alice/",
      force_destroy: false,
    });
    expect(
      Object.values(alice.resources("google_storage_managed_folder_iam_member")).map(
        ({ bucket, managed_folder, member, role }) => [bucket, managed_folder, member, role],
      ),
    ).toEqual([
      ["state", "staging-base/", DEPLOYER, "roles/storage.objectViewer"],
      ["state", "${google_storage_managed_folder.alice_state.name}", DEPLOYER, "roles/storage.objectUser"],
    ]);
  });

  test("the deployer holds the shared role and looks up images where they are", () => {
    expect(alice.resource("google_project_iam_member", "alice_deployer_project")).toEqual({
      project: "plue-staging",
      role: "projects/plue-staging/roles/deployer",
      member: DEPLOYER,
    });
    expect(alice.resource("google_artifact_registry_repository_iam_member", "alice_deployer_images")).toEqual(
      {
        project: "plue-images",
        location: "us-central1",
        repository: "plue",
        role: "roles/artifactregistry.reader",
        member: DEPLOYER,
      },
    );
  });

  test("the deployer is bound to the cluster's role of deployers, while she leaves too", () => {
    for (const one of [alice, access({ active: false })])
      expect(one.resource("kubernetes_cluster_role_binding_v1", "alice_deployer_cluster")).toEqual({
        metadata: { name: "tf-staging-alice" },
        role_ref: { api_group: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "deployer" },
        subject: [
          {
            kind: "User",
            api_group: "rbac.authorization.k8s.io",
            name: "tf-staging-alice@plue-staging.iam.gserviceaccount.com",
          },
        ],
      });
  });

  test("only the engineer may act as her deployer, unless a branch or operators are named", () => {
    expect(impersonators(alice)).toEqual({ "user:alice@plue.dev": "roles/iam.serviceAccountTokenCreator" });
    expect(impersonators(access({ branch, operators: { platform: "group:platform@plue.dev" } }))).toEqual({
      "group:platform@plue.dev": "roles/iam.serviceAccountTokenCreator",
      "user:alice@plue.dev": "roles/iam.serviceAccountTokenCreator",
      "principalSet://iam.googleapis.com/projects/123/locations/global/workloadIdentityPools/github/attribute.event_ref_actor/push:refs/heads/staging/alice:1001":
        "roles/iam.workloadIdentityUser",
    });
  });

  test("with a branch in the application's repository, her pushes there push images, until she leaves", () => {
    const imageBranch = {
      workloadIdentityPool: "projects/123/locations/global/workloadIdentityPools/images",
      account: "projects/p/serviceAccounts/push@p.iam.gserviceaccount.com",
    };
    const of = (overrides: Partial<EngineerAccessProps>) =>
      access(overrides).resources("google_service_account_iam_member")["alice_images_branch"];
    expect(of({ branch, imageBranch })).toMatchObject({
      service_account_id: imageBranch.account,
      role: "roles/iam.workloadIdentityUser",
      member:
        "principalSet://iam.googleapis.com/projects/123/locations/global/workloadIdentityPools/images/attribute.event_ref_actor/push:refs/heads/staging/alice:1001",
    });
    expect([of({ imageBranch }), of({ branch, imageBranch, active: false })]).toEqual([undefined, undefined]);
  });

  test("who plans reads the state, and no more", () => {
    const planner = "serviceAccount:plan@plue-staging.iam.gserviceaccount.com";
    const grants = Object.values<Record<string, Record<string, string>>>(
      access({ stateReaders: { planner } }).json["resource"],
    ).flatMap((named) => Object.values(named).filter(({ member }) => member === planner));
    expect(grants.map(({ managed_folder, role }) => [managed_folder, role])).toEqual([
      ["${google_storage_managed_folder.alice_state.name}", "roles/storage.objectViewer"],
    ]);
  });

  test("the runtime identity gets the instance and secrets, and belongs to the namespace's service account", () => {
    expect(alice.resource("google_project_iam_member", "alice_runtime_sql_login")).toMatchObject({
      project: "plue-staging",
      condition: { expression: expect.stringContaining('"projects/plue-staging/instances/plue-sql"') },
    });
    expect(
      alice.resource("google_secret_manager_secret_iam_member", "alice_runtime_anthropic_api_key"),
    ).toMatchObject({
      project: "plue-staging",
      secret_id: "anthropic-api-key",
      member: "${google_service_account.alice_runtime.member}",
    });
    expect(alice.resource("google_service_account_iam_member", "alice_runtime_pods")["member"]).toBe(
      "serviceAccount:plue-staging.svc.id.goog[alice/zig-api]",
    );
  });

  test("the runtime identity is a login of the instance, once it exists, and has no password", () => {
    expect(alice.resource("google_sql_user", "alice_database_user")).toEqual({
      project: "plue-staging",
      instance: "plue-sql",
      name: "staging-alice@plue-staging.iam",
      type: "CLOUD_IAM_SERVICE_ACCOUNT",
      depends_on: ["google_service_account.alice_runtime"],
    });
  });

  test("offboarding takes deployment from the engineer and her branch, keeps operators, and frees the state folder", () => {
    const operators = { platform: "group:platform@plue.dev" };
    const leaving = access({ active: false, branch, operators });
    expect(impersonators(leaving)).toEqual({
      "group:platform@plue.dev": "roles/iam.serviceAccountTokenCreator",
    });
    expect(leaving.resource("google_storage_managed_folder", "alice_state")["force_destroy"]).toBe(true);
    const gone = Object.keys(
      access({ branch, operators }).resources("google_service_account_iam_member"),
    ).filter((id) => !(id in leaving.resources("google_service_account_iam_member")));
    expect(gone).toEqual(["alice_deployer_branch", "alice_deployer_engineer"]);
    for (const type of ["google_service_account", "google_project_iam_member", "google_sql_user"])
      expect(leaving.resources(type)).toEqual(alice.resources(type));
  });

  test("a second engineer shares nothing of the first but what is shared", () => {
    const both = access({}, { names: engineerNames("bob", "plue-staging"), email: "bob@plue.dev" });
    for (const [type, made] of Object.entries<Record<string, object>>(alice.json["resource"]))
      expect(both.resources(type)).toMatchObject(made);
    const of = (name: string) =>
      Object.values<Record<string, object>>(both.json["resource"]).flatMap((made) =>
        Object.entries(made).filter(([id]) => id.startsWith(name)),
      );
    const bobs = of("bob");
    expect(bobs.length).toBe(of("alice").length);
    expect(JSON.stringify(bobs)).not.toMatch(/alice/);
  });
});
