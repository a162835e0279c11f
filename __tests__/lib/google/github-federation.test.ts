import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { GithubFederation, type GithubFederationProps } from "../../../lib/google/github-federation";
import { type Claims, mapped, tokenOf } from "../../support/github-tokens";
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
        principals.pushBy("1001", "staging/alice"),
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
    `${pool}/attribute.event_ref_actor/push:refs/heads/staging/alice:1001`,
    `${pool}/attribute.ref_environment/refs/heads/main:production`,
  ]);
  const { attribute_mapping: mapping } = synthesized.resource(
    "google_iam_workload_identity_pool_provider",
    "github_provider",
  );
  const used = members.map((member) => /\/(attribute\.\w+)\//.exec(member)?.[1]);
  expect(Object.keys(mapping)).toEqual(expect.arrayContaining(used));
});

describe("the subject of a token, of which Google takes 127 bytes", () => {
  const mapping = federation().resource("google_iam_workload_identity_pool_provider", "github_provider")[
    "attribute_mapping"
  ];
  // The longest that GitHub and cdktf.json accept, and a branch of as many characters as a file may have in a name.
  const longest: Claims = {
    repository: `${"o".repeat(39)}/${"r".repeat(100)}`,
    repository_owner_id: "123456789",
    event_name: "push",
    ref: `refs/heads/${"b".repeat(244)}`,
    actor: "a".repeat(39),
    actor_id: "123456789",
  };
  const jobs: Record<string, Partial<Claims>> = {
    "of a branch": {},
    "of a pull request": { event_name: "pull_request", ref: "refs/pull/123456/merge" },
    "of an environment": { environment: "e".repeat(255) },
  };
  const forms = [{ immutable: false }, { immutable: true }];

  test.each(Object.entries(jobs))("is as short %s with names as long as they may be", (_, claims) => {
    for (const form of forms) {
      const token = tokenOf({ ...longest, ...claims }, form);
      expect(token["sub"]?.length).toBeGreaterThan(127);
      expect(mapped(mapping, token).get("google.subject")).toBe("812345678/22259804324/1");
    }
  });

  test("has room for ids of 20 digits, and is another in each run, attempt and repository", () => {
    const token = tokenOf(longest);
    const digits = "9".repeat(20);
    const grown = { ...token, repository_id: digits, run_id: digits, run_attempt: digits };
    expect(mapped(mapping, grown).get("google.subject")).toHaveLength(62);
    const subjects = ["repository_id", "run_id", "run_attempt"].map((claim) =>
      mapped(mapping, { ...token, [claim]: "7" }).get("google.subject"),
    );
    expect(new Set(subjects).size).toBe(3);
  });
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

describe("narrowed", () => {
  const provider = (changes: Partial<GithubFederationProps>) =>
    federation(changes).resource("google_iam_workload_identity_pool_provider", "github_provider");
  const { attribute_condition: plain, attribute_mapping: usual } = provider({});

  test("to branches, it takes no token of another", () => {
    expect(provider({ branches: ["main", "develop"] })["attribute_condition"]).toBe(
      `${plain} && assertion.ref in ["refs/heads/main", "refs/heads/develop"]`,
    );
  });

  test("by a condition, all that it asks anyway still holds", () => {
    const condition = 'assertion.ref_type == "tag" || assertion.ref == "refs/heads/main"';
    expect(provider({ condition })["attribute_condition"]).toBe(`${plain} && (${condition})`);
  });

  test("has attributes of one's own beside the usual, which principals name", () => {
    const tag = 'assertion.ref_type == "tag" ? assertion.ref : ""';
    expect(provider({ attributes: { tag } })["attribute_mapping"]).toEqual({
      ...usual,
      "attribute.tag": tag,
    });
    let member = "";
    synthesize((stack) => {
      new GoogleProvider(stack, "google", {});
      member = new GithubFederation(stack, "github", {
        ...props,
        attributes: { tag },
      }).principals.attribute("tag", "refs/tags/v1");
    });
    expect(member).toBe(
      "principalSet://iam.googleapis.com/projects/123/locations/global/workloadIdentityPools/github/attribute.tag/refs/tags/v1",
    );
  });
});
