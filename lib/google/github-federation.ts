import { IamWorkloadIdentityPool } from "@cdktf/provider-google/lib/iam-workload-identity-pool";
import { IamWorkloadIdentityPoolProvider } from "@cdktf/provider-google/lib/iam-workload-identity-pool-provider";
import { Construct } from "constructs";
import { expression } from "../core/expression";
import { type PropProblem, rejectProps } from "../core/invalid-props";

const ISSUER = "https://token.actions.githubusercontent.com";

/**
 * Events whose workflows may log in. Not among them: `pull_request_target`, `issue_comment` and `workflow_run`, which
 * run on the default branch on behalf of anybody who can open a pull request or write a comment.
 */
const EVENTS = ["pull_request", "push", "schedule", "workflow_dispatch"] as const;
export type GithubEvent = (typeof EVENTS)[number];

/**
 * Once a pull request is merged, events of it (closed, labeled) have the branch that it was merged into as their ref, and
 * whoever caused them as their actor: they get no token, so that only a push, a schedule or a start by hand is a branch.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/variables
 */
const NOT_MERGED = '!(assertion.event_name == "pull_request" && assertion.ref.startsWith("refs/heads/"))';

/**
 * Claims of GitHub's token by which IAM may tell workflows apart.
 *
 * The subject is for the audit log: `<repository id>/<run id>/<attempt>` leads to the run, which names branch, commit and
 * person (`gh run view <run id>`). Not GitHub's own subject, which holds the names of owner, repository and branch or
 * environment, and the ids of the first two where the repository has immutable ones, in an order that is a setting of the
 * repository: Google refuses a subject of more than 127 bytes, and owner and repository alone may have 140. Ids are
 * numbers, so three of them and the slashes have 62 at most.
 *
 * @see https://docs.github.com/en/actions/reference/security/oidc
 * @see https://github.com/google-github-actions/auth/blob/main/docs/TROUBLESHOOTING.md#subject-exceeds-the-127-byte-limit
 */
const MAPPING = {
  "google.subject": 'assertion.repository_id + "/" + assertion.run_id + "/" + assertion.run_attempt',
  "attribute.event_name": "assertion.event_name",
  "attribute.ref": "assertion.ref",
  // IAM compares one attribute with one value, so what must hold together is one attribute. The actor of a push is who
  // pushed, and of a run that somebody starts by hand who clicked, whoever wrote what then runs: so the event is part of it.
  // By number, as another may take over a login that was given up.
  "attribute.event_ref_actor": 'assertion.event_name + ":" + assertion.ref + ":" + assertion.actor_id',
  "attribute.ref_environment":
    'assertion.ref + ":" + (has(assertion.environment) ? assertion.environment : "")',
} as const;

/** IAM principal sets (`principalSet://…`) of a workload identity pool, each a set of workflow runs. */
export interface GithubPrincipals {
  /** Runs for an event, on any branch. For `pull_request`: of this repository, as GitHub gives forks no token. */
  event(name: GithubEvent): string;
  /** Runs on a branch. */
  branch(name: string): string;
  /**
   * Runs for a push to a branch by this GitHub account (`gh api users/<login> --jq .id`), and for nothing else that happens
   * on the branch.
   */
  pushBy(accountId: string, branch: string): string;
  /** Runs on a branch, in a job that GitHub let into this protected environment. */
  deployment(name: string, environment: string): string;
}

/**
 * The principal sets of a pool, also of one that another stack makes.
 *
 * @param pool `projects/<number>/locations/global/workloadIdentityPools/<pool>`
 */
export function githubPrincipals(pool: string): GithubPrincipals {
  const member = (attribute: string, value: string) =>
    `principalSet://iam.googleapis.com/${pool}/attribute.${attribute}/${value}`;
  const ref = (branch: string) => `refs/heads/${branch}`;
  return {
    event: (name) => member("event_name", name),
    branch: (name) => member("ref", ref(name)),
    pushBy: (accountId, branch) => member("event_ref_actor", `push:${ref(branch)}:${accountId}`),
    deployment: (name, environment) => member("ref_environment", `${ref(name)}:${environment}`),
  };
}

export interface GithubFederationProps {
  /** Id of the Google Cloud project. */
  readonly projectId: string;
  /** Number of the project: names of pools hold it, and plans need them before there is a pool. */
  readonly projectNumber: string;
  /** Id of the pool, 4 to 32 characters. A deleted pool keeps it for 30 days: see the class. */
  readonly poolId: string;
  /** Id of the OIDC provider, 4 to 32 characters, kept as `poolId`. */
  readonly providerId: string;
  /** `owner/name` of the one repository whose workflows may log in. */
  readonly repository: string;
  /** Number of the owner (`gh api users/acme --jq .id`), which no other account can take over as it can the name. */
  readonly ownerId: string;
}

/**
 * Workload Identity Federation for the workflows of one GitHub repository: a workload identity pool with one OIDC provider,
 * by which runs log in to Google Cloud without a key. By itself it grants nothing; what a run may impersonate is up to who
 * names its `principals`.
 *
 * A pool per repository, as IAM members name a pool and not a provider: in a shared one, branch `main` of either
 * repository would be the same member.
 *
 * Pool and provider refuse to be destroyed: a deleted one keeps its id for 30 days, and an apply meets a 409.
 * `gcloud iam workload-identity-pools undelete` brings it back, `terraform import` into the state.
 *
 * @see https://docs.github.com/en/actions/reference/security/oidc
 * @see https://cloud.google.com/iam/docs/workload-identity-federation-with-deployment-pipelines
 * @throws when the repository, an id or a number is none; at apply, when the project has another number
 * @example
 * ```ts
 * const github = new GithubFederation(stack, "github", {
 *   projectId: "acme-prod",
 *   projectNumber: "123456789012",
 *   poolId: "github",
 *   providerId: "github",
 *   repository: "acme/shop",
 *   ownerId: "12345678",
 * });
 * new FederatedIdentity(stack, "push-images", {
 *   projectId: "acme-prod",
 *   accountId: "push-images",
 *   displayName: "Pushes images",
 *   members: { main: github.principals.branch("main") },
 *   roles: { writer: { role: "roles/artifactregistry.writer" } },
 * });
 * ```
 */
export class GithubFederation extends Construct {
  /** IAM principal sets of the pool, to grant roles to. */
  readonly principals: GithubPrincipals;
  /** Full name of the provider, as `google-github-actions/auth` takes it. */
  readonly provider: string;

  constructor(scope: Construct, id: string, props: GithubFederationProps) {
    super(scope, id);
    rejectProps(this, problems(props));
    const { projectId: project, projectNumber, poolId, repository, ownerId } = props;
    const name = `projects/${projectNumber}/locations/global/workloadIdentityPools/${poolId}`;
    const pool = new IamWorkloadIdentityPool(this, "Resource", {
      project,
      workloadIdentityPoolId: poolId,
      displayName: poolId,
      description: `Workflows of github.com/${repository}`,
      lifecycle: {
        preventDestroy: true,
        postcondition: [
          {
            condition: expression`self.name == ${name}`,
            errorMessage: `${project} has another number than ${projectNumber}: the pool is ${expression`self.name`}. Set projectNumber in cdktf.json.`,
          },
        ],
      },
    });
    const provider = new IamWorkloadIdentityPoolProvider(this, "provider", {
      project,
      workloadIdentityPoolId: pool.workloadIdentityPoolId,
      workloadIdentityPoolProviderId: props.providerId,
      displayName: props.providerId,
      attributeMapping: MAPPING,
      attributeCondition: [
        `assertion.repository == "${repository}"`,
        `assertion.repository_owner_id == "${ownerId}"`,
        `assertion.event_name in [${EVENTS.map((event) => `"${event}"`).join(", ")}]`,
        NOT_MERGED,
      ].join(" && "),
      oidc: { issuerUri: ISSUER },
      lifecycle: { preventDestroy: true },
    });
    this.principals = githubPrincipals(name);
    this.provider = provider.name;
  }
}

function problems({ repository, ownerId, projectNumber, ...ids }: GithubFederationProps): PropProblem[] {
  const found: PropProblem[] = [];
  for (const key of ["poolId", "providerId"] as const)
    if (!/^(?!gcp-)[a-z0-9-]{4,32}$/.test(ids[key]))
      found.push({
        prop: [key],
        problem: `is "${ids[key]}"`,
        instead: "use 4 to 32 lower-case letters, digits and hyphens, not gcp- first",
      });
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository))
    found.push({ prop: ["repository"], problem: `is "${repository}"`, instead: "write owner/name" });
  if (!/^\d+$/.test(ownerId))
    found.push({ prop: ["ownerId"], problem: `is "${ownerId}"`, instead: "give the owner's number" });
  if (!/^\d+$/.test(projectNumber))
    found.push({
      prop: ["projectNumber"],
      problem: `is "${projectNumber}"`,
      instead: "give the project's number",
    });
  return found;
}
