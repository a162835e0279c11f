import type { Synthesized } from "./synth";

/** What tells the tokens of two jobs apart. */
export interface Claims {
  readonly repository: string;
  readonly repository_owner_id: string;
  readonly event_name: string;
  readonly ref: string;
  readonly actor: string;
  readonly actor_id: string;
  readonly environment?: string;
}

/**
 * The token that GitHub gives to a job, with all its claims: every id and number is a string, and the environment is not
 * there where the job has none.
 *
 * @param immutable the subject holds the ids of owner and repository, as those of repositories that were made or renamed
 * since July 2026 do
 * @see https://docs.github.com/en/actions/reference/security/oidc
 * @see https://github.blog/changelog/2026-04-23-immutable-subject-claims-for-github-actions-oidc-tokens/
 */
export function tokenOf(claims: Claims, { immutable = false } = {}): Record<string, string> {
  const [owner = "", name = ""] = claims.repository.split("/");
  const pullRequest = claims.event_name === "pull_request";
  const workflow = `${claims.repository}/.github/workflows/deploy.yml@${claims.ref}`;
  const id = "812345678";
  const repository = immutable ? `${owner}@${claims.repository_owner_id}/${name}@${id}` : claims.repository;
  const context =
    claims.environment === undefined
      ? pullRequest
        ? "pull_request"
        : `ref:${claims.ref}`
      : `environment:${claims.environment}`;
  const sha = "c040cae0f0dc81641728557b80f09cfa23b83fe5";
  return {
    jti: "8f1a4c2e-4f0b-4b0c-9f5e-0d5c2b6f7a10",
    aud: "https://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/github/providers/github",
    iss: "https://token.actions.githubusercontent.com",
    sub: `repo:${repository}:${context}`,
    ...claims,
    base_ref: pullRequest ? "main" : "",
    check_run_id: "59876543210",
    head_ref: pullRequest ? "fix" : "",
    job_workflow_ref: workflow,
    job_workflow_sha: sha,
    ref_protected: "true",
    ref_type: claims.ref.startsWith("refs/tags/") ? "tag" : "branch",
    repository_id: id,
    repository_owner: owner,
    repository_visibility: "private",
    run_attempt: "1",
    run_id: "22259804324",
    run_number: "42",
    runner_environment: "github-hosted",
    sha,
    workflow: "Deploy",
    workflow_ref: workflow,
    workflow_sha: sha,
  };
}

/**
 * What Google's Security Token Service makes of a token that a provider's mapping admits.
 *
 * @throws as it answers: the message is its own
 * @see https://docs.cloud.google.com/iam/docs/workload-identity-federation-with-deployment-pipelines
 */
export function mapped(
  mapping: Readonly<Record<string, string>>,
  token: Readonly<Record<string, string>>,
): Map<string, string> {
  const attributes = new Map(
    Object.entries(mapping).map(([attribute, expression]) => {
      const value = evaluate(expression, token);
      if (typeof value !== "string" || /undefined/.test(value))
        throw new Error(`The mapped attribute ${attribute} must be of type STRING`);
      return [attribute, value];
    }),
  );
  const size = (text = "") => Buffer.byteLength(text);
  if (!attributes.get("google.subject")) throw new Error("The mapped attribute google.subject is empty");
  if (size(attributes.get("google.subject")) > 127)
    throw new Error("The size of mapped attribute google.subject exceeds the 127 bytes limit.");
  if ([...attributes.values()].reduce((sum, value) => sum + size(value), 0) > 8192)
    throw new Error("The total size of all mapped attributes exceeds the 8192 bytes limit.");
  return attributes;
}

/** Which service accounts a job may become by its token, worked out from every pool and grant of the stacks. */
export function identitiesOf(stacks: ReadonlyMap<string, Synthesized>, claims: Claims): string[] {
  const assertion = tokenOf(claims);
  const members = [...stacks.values()].flatMap((stack) =>
    Object.values(stack.resources("google_iam_workload_identity_pool_provider")).flatMap((provider) => {
      if (!evaluate(provider["attribute_condition"], assertion)) return [];
      const pool = Object.values(stack.resources("google_iam_workload_identity_pool")).find(
        ({ description }) => description.endsWith(`/${claims.repository}`),
      );
      const postcondition: string = pool?.["lifecycle"].postcondition[0].condition;
      const [, name] = /"([^"]+)"/.exec(postcondition) ?? [];
      return [...mapped(provider["attribute_mapping"], assertion)]
        .filter(([attribute]) => attribute.startsWith("attribute."))
        .map(([attribute, value]) => `principalSet://iam.googleapis.com/${name}/${attribute}/${value}`);
    }),
  );
  const accounts = [...stacks.values()].flatMap((stack) =>
    Object.values(stack.resources("google_service_account_iam_member"))
      .filter(({ member }) => members.includes(member))
      .map(({ service_account_id: id }) => {
        // Of another stack, by its full name.
        const [, email] = /\/serviceAccounts\/(.+)\.iam\.gserviceaccount\.com$/.exec(id) ?? [];
        if (email) return email;
        const [, account = ""] = /google_service_account\.(\w+)\.name/.exec(id) ?? [];
        const { account_id, project } = stack.resource("google_service_account", account);
        return `${account_id}@${project}`;
      }),
  );
  return [...new Set(accounts)].sort();
}

/** The Common Expression Language as far as the stacks use it, which is JavaScript's but for two words. */
function evaluate(expression: string, assertion: object): unknown {
  const script = expression
    .replace(/has\(assertion\.(\w+)\)/g, '("$1" in assertion)')
    .replace(/(assertion\.\w+) in (\[[^\]]*\])/g, "$2.includes($1)");
  return new Function("assertion", `return ${script}`)(assertion);
}
