import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { SharedRoles, type SharedRolesProps } from "../../../lib/environments/shared-roles";
import { synthesize } from "../../support/synth";

const props: SharedRolesProps = {
  projectId: "p",
  deployerRoleId: "stagingDeployer",
  clusterUserRoleId: "stagingClusterUser",
};
const made = (overrides: Partial<SharedRolesProps> = {}) =>
  synthesize((stack) => {
    new GoogleProvider(stack, "google", {});
    const { deployerRole, clusterUserRole } = new SharedRoles(stack, "roles", { ...props, ...overrides });
    stack.output("names", { value: [deployerRole, clusterUserRole] });
  });

describe("SharedRoles", () => {
  const roles = made();
  const permissions = (id: string): string[] =>
    roles.resource("google_project_iam_custom_role", id)["permissions"];

  test("a deployer may reach the cluster, where IAM gives it nothing more, and make databases", () => {
    expect(roles.resource("google_project_iam_custom_role", "roles_deployer")).toMatchObject({
      project: "p",
      role_id: "stagingDeployer",
    });
    expect([...permissions("roles_deployer")].sort()).toEqual([
      "cloudsql.databases.create",
      "cloudsql.databases.delete",
      "cloudsql.databases.get",
      "cloudsql.instances.get",
      "container.clusters.connect",
      "container.clusters.get",
    ]);
  });

  test("who reaches the cluster may do nothing there by that", () => {
    expect(permissions("roles_cluster_user")).toEqual([
      "container.clusters.connect",
      "container.clusters.get",
      "container.clusters.list",
    ]);
  });

  test("says the names of both", () => {
    expect(roles.outputs["names"]?.["value"]).toEqual([
      "${google_project_iam_custom_role.roles_deployer.name}",
      "${google_project_iam_custom_role.roles_cluster_user.name}",
    ]);
  });
});
