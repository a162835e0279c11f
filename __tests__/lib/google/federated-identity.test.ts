import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { FederatedIdentity } from "../../../lib/google/federated-identity";
import { synthesize } from "../../support/synth";

const condition = { title: "t", expression: 'resource.name != "x"' };
const stack = synthesize((scope) => {
  new GoogleProvider(scope, "google", {});
  const { email, member } = new FederatedIdentity(scope, "plan", {
    projectId: "p",
    accountId: "terraform-plan",
    displayName: "Plans",
    members: { main: "principalSet://main", pull_request: "principalSet://pull-request" },
    roles: { viewer: { role: "roles/viewer" }, admin: { role: "roles/admin", condition } },
    states: { bucket: "states", reads: { base: "base/" }, writes: { own: "own/" } },
  });
  scope.outputs({ email: { value: email }, member: { value: member } });
});
const MEMBER = "${google_service_account.plan.member}";

test("is a service account without a key, which its members and nobody else become", () => {
  expect(stack.resource("google_service_account", "plan")).toMatchObject({ account_id: "terraform-plan" });
  expect(stack.resources("google_service_account_key")).toEqual({});
  expect(
    Object.values(stack.resources("google_service_account_iam_member")).map(({ member, role }) => [
      member,
      role,
    ]),
  ).toEqual([
    ["principalSet://main", "roles/iam.workloadIdentityUser"],
    ["principalSet://pull-request", "roles/iam.workloadIdentityUser"],
  ]);
});

test("holds its roles in the project, each under its condition", () => {
  expect(stack.resource("google_project_iam_member", "plan_viewer")).toEqual({
    project: "p",
    role: "roles/viewer",
    member: MEMBER,
  });
  expect(stack.resource("google_project_iam_member", "plan_admin")).toMatchObject({
    role: "roles/admin",
    condition,
  });
});

test("reads states, and writes those that are its own", () => {
  const folder = (id: string) => stack.resource("google_storage_managed_folder_iam_member", id);
  const grant = { bucket: "states", member: MEMBER };
  expect(folder("plan_reads_base")).toEqual({
    ...grant,
    managed_folder: "base/",
    role: "roles/storage.objectViewer",
  });
  expect(folder("plan_writes_own")).toEqual({
    ...grant,
    managed_folder: "own/",
    role: "roles/storage.objectUser",
  });
});

test("has roles on what they name, beside those in the project", () => {
  const granted = synthesize((scope) => {
    new GoogleProvider(scope, "google", {});
    new FederatedIdentity(scope, "push", {
      projectId: "p",
      accountId: "push-images",
      displayName: "Pushes",
      members: { main: "principalSet://main" },
      roles: { images: { role: "roles/artifactregistry.writer", on: { repository: "r", location: "l" } } },
    });
  });
  expect(granted.resource("google_artifact_registry_repository_iam_member", "push_images")).toMatchObject({
    project: "p",
    repository: "r",
    location: "l",
    role: "roles/artifactregistry.writer",
  });
  expect(granted.resources("google_project_iam_member")).toEqual({});
});
