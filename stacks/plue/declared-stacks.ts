import type { Registry } from "../../lib/environments/registry";
import type { DeclaredStack } from "../../lib/environments/system";
import type { EnvironmentName, PlueConfig } from "./config";
import { githubIdentities } from "./github-identities";
import { engineerNames } from "./registry/engineer-names";

/** The stacks that belong to no engineer, in the order of a first deployment. */
export const SHARED_STACKS = {
  staging: ["staging-bootstrap", "staging-base", "staging-platform", "staging-access"],
  production: ["production-bootstrap", "production", "production-app"],
} as const;

/** Every stack of Plue, in the order of a first deployment. */
export function declaredStacks(config: PlueConfig, { engineers }: Registry): DeclaredStack[] {
  const identities = githubIdentities(config);
  const shared = (environment: EnvironmentName): DeclaredStack[] =>
    SHARED_STACKS[environment].map((stack) => {
      const { provider, plan, apply } = identities[environment];
      return {
        stack,
        environment,
        ...(stack === "production-app" && { url: `https://${config.production.domain}` }),
        // What makes the identities of workflows is deployed by people.
        identities: stack.endsWith("-bootstrap") ? { provider, plan } : { provider, plan, apply },
      };
    });
  const owned = engineers.map((engineer): DeclaredStack => {
    const names = engineerNames(engineer.name, config.staging.projectId);
    const { provider, plan } = identities.staging;
    return {
      stack: names.stack,
      environment: "staging",
      owner: { engineer, names },
      url: `https://${names.hostLabel}.${config.staging.domain}`,
      identities: { provider, plan, apply: names.deployerEmail },
    };
  });
  return [...shared("staging"), ...owned, ...shared("production")];
}
