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
  /** Runs with a value of an attribute of one's own: `tag`, of the prop `attributes`. */
  attribute(name: string, value: string): string;
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
    attribute: member,
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
  /**
   * Branches whose runs may log in at all: `["main", "develop"]`. Pull requests then log in no more, as their ref is no branch.
   * @default every branch: what a run may be is up to who names its principals
   */
  readonly branches?: readonly string[];
  /**
   * Further attributes of a run, to name in `principals.attribute`: each an expression in CEL over the claims of the token,
   * by the attribute's name (`{tag: 'assertion.ref_type == "tag" ? assertion.ref : ""'}`).
   * @default none
   */
  readonly attributes?: Readonly<Record<string, string>>;
  /**
   * What must hold besides for a run to log in, in CEL over the claims (`assertion.runner_environment == "github-hosted"`).
   * It narrows: repository, owner and events stay what they are.
   * @default nothing
   */
  readonly condition?: string;
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
 * @throws when the repository, an id or a number is none, an attribute or the condition is the same for every run, or a
 *   branch is a pattern; at apply, when the project has another number
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
      attributeMapping: { ...MAPPING, ...mapKeys(props.attributes) },
      attributeCondition: [
        `assertion.repository == "${repository}"`,
        `assertion.repository_owner_id == "${ownerId}"`,
        `assertion.event_name in [${EVENTS.map((event) => `"${event}"`).join(", ")}]`,
        NOT_MERGED,
        ...(props.branches ? [`assertion.ref in [${props.branches.map(refText).join(", ")}]`] : []),
        ...(props.condition ? [`(${props.condition})`] : []),
      ].join(" && "),
      oidc: { issuerUri: ISSUER },
      lifecycle: { preventDestroy: true },
    });
    this.principals = githubPrincipals(name);
    this.provider = provider.name;
  }
}

function mapKeys(attributes: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(attributes).map(([name, cel]) => [`attribute.${name}`, cel]));
}

const refText = (branch: string) => `"refs/heads/${branch}"`;

function problems(props: GithubFederationProps): PropProblem[] {
  const { repository, ownerId, projectNumber, branches, attributes = {}, condition, ...ids } = props;
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
  if (branches?.length === 0)
    found.push({ prop: ["branches"], problem: "is empty, so nobody logs in", instead: "name a branch" });
  for (const [index, branch] of (branches ?? []).entries())
    if (!/^[\w.-]+(\/[\w.-]+)*$/.test(branch) || branch.startsWith("refs/"))
      found.push({
        prop: ["branches", index],
        problem: `is "${branch}", which is no branch`,
        instead: "name one branch, without refs/heads/ and without a pattern",
      });
  for (const [name, cel] of Object.entries(attributes)) {
    const prop = ["attributes", name];
    if (!/^[a-z0-9_]{1,100}$/.test(name) || `attribute.${name}` in MAPPING)
      found.push({
        prop,
        problem: "is no name of an attribute of one's own",
        instead:
          "use lower-case letters, digits and _, and none of event_name, ref, event_ref_actor, ref_environment",
      });
    found.push(...claimProblems(prop, cel, OF_THE_REPOSITORY));
  }
  if (condition !== undefined) found.push(...claimProblems(["condition"], condition, []));
  return found;
}

/** Claims that are the same in each run of the repository. */
const OF_THE_REPOSITORY = [
  "aud",
  "enterprise",
  "iss",
  "repository",
  "repository_id",
  "repository_owner",
  "repository_owner_id",
  "repository_visibility",
];
/** Characters of an expression, at most. */
const CEL_LENGTH = 2048;

/** What keeps an expression in CEL from telling runs apart: of these claims alone it is the same for every branch. */
function claimProblems(prop: PropProblem["prop"], cel: string, same: readonly string[]): PropProblem[] {
  const outsideTexts = cel.replaceAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, '""');
  const claims = [...outsideTexts.matchAll(/\bassertion\.(\w+)/g)].map(([, claim = ""]) => claim);
  if (claims.every((claim) => same.includes(claim)))
    return [
      {
        prop,
        problem: "is the same for every run",
        instead: "name a claim that tells runs apart, such as assertion.ref",
      },
    ];
  if (!isClosed(outsideTexts))
    return [{ prop, problem: "has a bracket or quote that is not closed", instead: "end it" }];
  if (cel.length > CEL_LENGTH)
    return [{ prop, problem: `has ${cel.length} characters`, instead: `use ${CEL_LENGTH} at most` }];
  return [];
}

/** Whether brackets pair up, so that what is put around the expression stays around it. */
function isClosed(cel: string): boolean {
  const open: string[] = [];
  const closes: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };
  for (const character of cel) {
    if ("([{".includes(character)) open.push(character);
    else if (character in closes && open.pop() !== closes[character]) return false;
  }
  // Of quotes those are left that no other closes; after // comes a comment, which would hide what follows.
  return open.length === 0 && !/["'\n]|\/\//.test(cel.replaceAll('""', ""));
}
