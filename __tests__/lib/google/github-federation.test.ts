import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { GithubFederation, type GithubFederationProps } from "../../../lib/google/github-federation";
import { synthesize } from "../../support/synth";

const props: GithubFederationProps = {
  projectId: "p",
  projectNumber: "123",
  poolId: "github",
  providerId: "github",
  repository: "owner/name",
  ownerId: "42",
};
const federation = (overrides: Partial<GithubFederationProps> = {}) =>
  synthesize((stack) => {
    new GoogleProvider(stack, "google", {});
    const { principals } = new GithubFederation(stack, "github", { ...props, ...overrides });
    stack.output("members", {
      value: [
        principals.event("pull_request"),
        principals.branch("main"),
        principals.branchOf("staging/alice", "alice-gh"),
        principals.deployment("main", "production"),
      ],
    });
  });

test("trusts tokens of one repository of one owner, for events that nobody from outside can cause", () => {
  const provider = federation().resource("google_iam_workload_identity_pool_provider", "github_provider");
  expect(provider).toMatchObject({
    project: "p",
    workload_identity_pool_id: "${google_iam_workload_identity_pool.github.workload_identity_pool_id}",
    oidc: { issuer_uri: "https://token.actions.githubusercontent.com" },
    attribute_condition:
      'assertion.repository == "owner/name" && assertion.repository_owner_id == "42" && assertion.event_name in ["pull_request", "push", "schedule", "workflow_dispatch"] && !(assertion.event_name == "pull_request" && assertion.ref.startsWith("refs/heads/"))',
  });
});

test("pool and provider refuse to be destroyed, as their names would stay taken", () => {
  const stack = federation();
  expect(stack.resource("google_iam_workload_identity_pool", "github")["lifecycle"]).toMatchObject({
    prevent_destroy: true,
  });
  expect(
    stack.resource("google_iam_workload_identity_pool_provider", "github_provider")["lifecycle"],
  ).toEqual({ prevent_destroy: true });
});

test("members name the pool by the project's number, and one mapped attribute each", () => {
  const pool = "principalSet://iam.googleapis.com/projects/123/locations/global/workloadIdentityPools/github";
  const synthesized = federation();
  const members: string[] = synthesized.outputs["members"]?.["value"];
  expect(members).toEqual([
    `${pool}/attribute.event_name/pull_request`,
    `${pool}/attribute.ref/refs/heads/main`,
    `${pool}/attribute.ref_actor/refs/heads/staging/alice:alice-gh`,
    `${pool}/attribute.ref_environment/refs/heads/main:production`,
  ]);
  const { attribute_mapping: mapping } = synthesized.resource(
    "google_iam_workload_identity_pool_provider",
    "github_provider",
  );
  const used = members.map((member) => /\/(attribute\.\w+)\//.exec(member)?.[1]);
  expect(Object.keys(mapping)).toEqual(expect.arrayContaining(used));
});

test("a project of another number fails the apply, with the file to mend", () => {
  const { lifecycle } = federation().resource("google_iam_workload_identity_pool", "github");
  expect(lifecycle.postcondition).toEqual([
    {
      condition: '${self.name == "projects/123/locations/global/workloadIdentityPools/github"}',
      error_message: expect.stringContaining("Set projectNumber in cdktf.json."),
    },
  ]);
});
