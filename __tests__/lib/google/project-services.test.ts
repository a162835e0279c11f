import { ArtifactRegistryRepository } from "@cdktf/provider-google/lib/artifact-registry-repository";
import { ComputeNetwork } from "@cdktf/provider-google/lib/compute-network";
import { DataGoogleIamPolicy } from "@cdktf/provider-google/lib/data-google-iam-policy";
import { DataGoogleProject } from "@cdktf/provider-google/lib/data-google-project";
import { ProjectIamCustomRole } from "@cdktf/provider-google/lib/project-iam-custom-role";
import { ProjectIamMember } from "@cdktf/provider-google/lib/project-iam-member";
import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { SqlDatabaseInstance } from "@cdktf/provider-google/lib/sql-database-instance";
import { GoogleContainerCluster } from "@cdktf/provider-google-beta/lib/google-container-cluster";
import { GoogleProjectServiceIdentity } from "@cdktf/provider-google-beta/lib/google-project-service-identity";
import { GoogleBetaProvider } from "@cdktf/provider-google-beta/lib/provider";
import { Testing } from "cdktf";
import { Construct } from "constructs";
import type { Stack } from "../../../lib/core/stack";
import { ProjectServices } from "../../../lib/google/project-services";
import { DataResource } from "../../support/data-resource";
import { synthesize } from "../../support/synth";

/** A stack that enables some APIs, by their short names, before or after what needs them. */
function build(apis: string[], rest: (stack: Stack) => void, order: "before" | "after" = "before") {
  return synthesize((stack) => {
    new GoogleProvider(stack, "google", {});
    if (order === "after") rest(stack);
    new ProjectServices(stack, "services", {
      projectId: "project",
      services: apis.map((api) => `${api}.googleapis.com`),
    });
    if (order === "before") rest(stack);
  });
}

describe("ProjectServices: enabling", () => {
  test("enables each API, and leaves it enabled on a destroy", () => {
    const stack = build(["container", "storage-api"], () => {});
    expect(Object.keys(stack.resources("google_project_service"))).toEqual([
      "services_container",
      "services_storage_api",
    ]);
    expect(stack.resource("google_project_service", "services_container")).toEqual({
      project: "project",
      service: "container.googleapis.com",
      disable_on_destroy: false,
      disable_dependent_services: false,
    });
  });
});

describe("ProjectServices: ordering", () => {
  test.each(["before", "after"] as const)(
    "everything waits for its API, declared %s it or deep inside a construct",
    (order) => {
      const stack = build(
        ["compute", "artifactregistry"],
        (scope) => {
          new ComputeNetwork(scope, "network", { name: "n" });
          new ArtifactRegistryRepository(new Construct(new Construct(scope, "a"), "b"), "images", {
            repositoryId: "images",
            format: "DOCKER",
          });
        },
        order,
      );
      expect(stack.resource("google_compute_network", "network").depends_on).toEqual([
        "google_project_service.services_compute",
      ]);
      expect(stack.resource("google_artifact_registry_repository", "a_b_images").depends_on).toEqual([
        "google_project_service.services_artifactregistry",
      ]);
    },
  );

  test("data sources wait too", () => {
    const stack = build(["cloudresourcemanager"], (scope) => {
      new DataGoogleProject(scope, "project", { projectId: "project" });
    });
    expect(stack.data("google_project", "project").depends_on).toEqual([
      "google_project_service.services_cloudresourcemanager",
    ]);
  });

  test("google-beta's resources wait too", () => {
    const stack = build(["container"], (scope) => {
      const provider = new GoogleBetaProvider(scope, "google-beta", {});
      new GoogleContainerCluster(scope, "cluster", { provider, name: "c", location: "us-central1" });
    });
    expect(stack.resource("google_container_cluster", "cluster").depends_on).toEqual([
      "google_project_service.services_container",
    ]);
  });

  test("what a resource depends on already stays", () => {
    const stack = build(["compute", "sqladmin"], (scope) => {
      const network = new ComputeNetwork(scope, "network", { name: "n" });
      new SqlDatabaseInstance(scope, "db", { databaseVersion: "POSTGRES_16", dependsOn: [network] });
    });
    expect(stack.resource("google_sql_database_instance", "db").depends_on).toEqual([
      "google_compute_network.network",
      "google_project_service.services_sqladmin",
    ]);
  });

  test("of types that are called alike each waits for its own API", () => {
    const stack = build(["cloudresourcemanager", "iam"], (scope) => {
      new ProjectIamMember(scope, "member", { project: "p", role: "r", member: "m" });
      new ProjectIamCustomRole(scope, "role", { roleId: "r", title: "r", permissions: [] });
    });
    const waitsFor = (type: string, id: string) => stack.resource(type, id).depends_on;
    expect(waitsFor("google_project_iam_member", "member")).toEqual([
      "google_project_service.services_cloudresourcemanager",
    ]);
    expect(waitsFor("google_project_iam_custom_role", "role")).toEqual([
      "google_project_service.services_iam",
    ]);
  });

  test("a service agent waits for the API whose agent it is", () => {
    const stack = build(["sqladmin"], (scope) => {
      const provider = new GoogleBetaProvider(scope, "google-beta", {});
      new GoogleProjectServiceIdentity(scope, "agent", { provider, service: "sqladmin.googleapis.com" });
    });
    expect(stack.resource("google_project_service_identity", "agent").depends_on).toEqual([
      "google_project_service.services_sqladmin",
    ]);
  });

  test("neither the APIs themselves nor other providers nor what calls no API wait for anything", () => {
    const stack = build(["serviceusage"], (scope) => {
      new DataResource(scope, "local");
      new DataGoogleIamPolicy(scope, "policy", {});
    });
    expect(stack.resource("google_project_service", "services_serviceusage")).not.toHaveProperty(
      "depends_on",
    );
    expect(stack.resource("terraform_data", "local")).not.toHaveProperty("depends_on");
    expect(stack.data("google_iam_policy", "policy")).not.toHaveProperty("depends_on");
  });

  test("synthesizing twice adds nothing twice", () => {
    let network: ComputeNetwork | undefined;
    const stack = build(["compute"], (scope) => {
      network = new ComputeNetwork(scope, "network", { name: "n" });
      Testing.synth(scope, true);
    });
    expect(network?.dependsOn).toHaveLength(1);
    expect(stack.resource("google_compute_network", "network").depends_on).toHaveLength(1);
  });
});
