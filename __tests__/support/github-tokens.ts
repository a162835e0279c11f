import type { Synthesized } from "./synth";

/** Claims of a token that GitHub gives to a job. */
export interface Claims {
  readonly repository: string;
  readonly repository_owner_id: string;
  readonly event_name: string;
  readonly ref: string;
  readonly actor: string;
  readonly environment?: string;
}

/** Which service accounts a job may become by its token, worked out from every pool and grant of the stacks. */
export function identitiesOf(stacks: ReadonlyMap<string, Synthesized>, claims: Claims): string[] {
  const assertion = { ...claims, sub: `repo:${claims.repository}:…` };
  const members = [...stacks.values()].flatMap((stack) =>
    Object.values(stack.resources("google_iam_workload_identity_pool_provider")).flatMap((provider) => {
      if (!evaluate(provider["attribute_condition"], assertion)) return [];
      const pool = Object.values(stack.resources("google_iam_workload_identity_pool")).find(
        ({ description }) => description.endsWith(`/${claims.repository}`),
      );
      const postcondition: string = pool?.["lifecycle"].postcondition[0].condition;
      const [, name] = /"([^"]+)"/.exec(postcondition) ?? [];
      return Object.entries<string>(provider["attribute_mapping"])
        .filter(([attribute]) => attribute.startsWith("attribute."))
        .map(([attribute, expression]) => {
          const value = evaluate(expression, assertion);
          return `principalSet://iam.googleapis.com/${name}/${attribute}/${value}`;
        });
    }),
  );
  const accounts = [...stacks.values()].flatMap((stack) =>
    Object.values(stack.resources("google_service_account_iam_member"))
      .filter(({ member }) => members.includes(member))
      .map(({ service_account_id: id }) => {
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
