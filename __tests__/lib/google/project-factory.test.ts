import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { ProjectFactory, type ProjectFactoryProps } from "../../../lib/google/project-factory";
import { synthesize } from "../../support/synth";

const made = (changes: Partial<ProjectFactoryProps> = {}) =>
  synthesize((stack) => {
    new GoogleProvider(stack, "google");
    const { number, projectId } = new ProjectFactory(stack, "project", {
      projectId: "acme-dev",
      displayName: "Acme Development",
      parent: { folderId: "123" },
      billingAccount: "012345-6789AB-CDEF01",
      ...changes,
    });
    stack.outputs({ number: { value: number }, id: { value: projectId } });
  });
const project = (changes: Partial<ProjectFactoryProps> = {}) =>
  made(changes).resource("google_project", "project");

describe("ProjectFactory", () => {
  test("is a project that is paid for, protected twice, and without the network that Google makes", () => {
    expect(project()).toEqual({
      project_id: "acme-dev",
      name: "Acme Development",
      folder_id: "123",
      billing_account: "012345-6789AB-CDEF01",
      auto_create_network: false,
      deletion_policy: "PREVENT",
      lifecycle: { prevent_destroy: true },
    });
  });

  test("is in an organization, with labels", () => {
    const made = project({ parent: { organizationId: "9" }, labels: { environment: "dev" } });
    expect(made).toMatchObject({ org_id: "9", labels: { environment: "dev" } });
    expect(made["folder_id"]).toBeUndefined();
  });

  test("may be destroyed where it is not protected", () => {
    const unprotected = project({ deletionProtection: false });
    expect(unprotected["deletion_policy"]).toBe("DELETE");
    expect(unprotected["lifecycle"]).toBeUndefined();
  });

  test("enables its APIs once it is there", () => {
    const services = (stack: ReturnType<typeof made>) =>
      Object.values(stack.resources("google_project_service")).map(({ project, service }) => [
        project,
        service,
      ]);
    const id = "${google_project.project.project_id}";
    expect(services(made())).toEqual([
      [id, "cloudresourcemanager.googleapis.com"],
      [id, "serviceusage.googleapis.com"],
    ]);
    expect(services(made({ services: ["run.googleapis.com"] }))).toEqual([[id, "run.googleapis.com"]]);
  });

  test("does not wait for an API of its own", () => {
    expect(project()["depends_on"]).toBeUndefined();
  });

  test("is taken over where it is there already", () => {
    expect(made({ adopt: true }).json["import"]).toEqual([{ to: "google_project.project", id: "acme-dev" }]);
    expect(made().json["import"]).toBeUndefined();
  });

  test("tells its id and number, which wait for it", () => {
    const { outputs } = made();
    expect(outputs["number"]?.["value"]).toBe("${google_project.project.number}");
    expect(outputs["id"]?.["value"]).toBe("${google_project.project.project_id}");
  });
});
