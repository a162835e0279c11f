import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { SharedAccess, type SharedAccessProps } from "../../../lib/environments/shared-access";
import { type Synthesized, synthesize } from "../../support/synth";

const props: SharedAccessProps = {
  projectId: "p",
  deployerRoleId: "stagingDeployer",
  clusterUserRoleId: "stagingClusterUser",
  clusterUsers: ["carol@plue.dev", "alice@plue.dev", "carol@plue.dev"],
  sharedStacks: ["staging-base"],
};

function shared(overrides: Partial<SharedAccessProps> = {}): [Synthesized, SharedAccess] {
  let made: SharedAccess | undefined;
  const synthesized = synthesize((stack) => {
    new GoogleProvider(stack, "google", {});
    made = new SharedAccess(stack, "shared", { ...props, ...overrides });
    const { deployerRole, stateFolders } = made;
    stack.outputs({
      role: { value: deployerRole, description: "" },
      folders: { value: stateFolders, description: "" },
    });
  });
  return [synthesized, made as SharedAccess];
}

describe("SharedAccess", () => {
  const [access] = shared();
  const permissions = (id: string): string[] =>
    access.resource("google_project_iam_custom_role", id)["permissions"];

  test("a deployer may make a namespace, a role binding and a database, and little else", () => {
    expect(access.resource("google_project_iam_custom_role", "shared_deployer")).toMatchObject({
      project: "p",
      role_id: "stagingDeployer",
    });
    expect([...permissions("shared_deployer")].sort()).toEqual([
      "cloudsql.databases.create",
      "cloudsql.databases.delete",
      "cloudsql.databases.get",
      "cloudsql.instances.get",
      "container.clusters.connect",
      "container.clusters.get",
      "container.namespaces.create",
      "container.namespaces.delete",
      "container.namespaces.get",
      "container.roleBindings.create",
      "container.roleBindings.get",
    ]);
  });

  test("each person reaches the cluster once, and may do nothing there by that", () => {
    expect(permissions("shared_cluster_user")).toEqual([
      "container.clusters.connect",
      "container.clusters.get",
      "container.clusters.list",
    ]);
    expect(access.resource("google_project_iam_binding", "shared_cluster_users")).toEqual({
      project: "p",
      role: "${google_project_iam_custom_role.shared_cluster_user.name}",
      members: ["user:alice@plue.dev", "user:carol@plue.dev"],
    });
  });

  test("without people there is nobody to bind", () => {
    expect(shared({ clusterUsers: [] })[0].resources("google_project_iam_binding")).toEqual({});
  });

  test("says its role, and the folder of each shared state, which it does not make", () => {
    expect(access.outputs["folders"]?.["value"]).toEqual({ "staging-base": "staging-base/" });
    expect(access.resources("google_storage_managed_folder")).toEqual({});
    expect(access.outputs["role"]?.["value"]).toBe("${google_project_iam_custom_role.shared_deployer.name}");
  });
});
