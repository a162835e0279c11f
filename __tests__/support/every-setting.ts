import { type PlueConfig, readConfig } from "../../stacks/plue/config";
import type { ProgramProps } from "./program";

const committed = readConfig("cdktf.json");

/** The configuration and the registry with every optional setting, for what has to hold whatever somebody switches on. */
export const EVERY_SETTING = {
  config: {
    ...committed,
    billingAccount: "01A2B3-4C5D6E-7F8091",
    applicationRepository: "plue/plue",
    staging: {
      ...everything(committed.staging, "plue-staging"),
      domain: "plue-staging.dev",
      dnsZone: { domain: "plue-staging.dev", cloudflareZoneId: "1".repeat(32) },
    },
    production: everything(committed.production, "plue-prod"),
  },
  engineers: [
    {
      name: "alice",
      email: "alice@plue.dev",
      github: "alice-gh",
      githubId: "1001",
      state: "active",
      imageTag: "main",
      quota: { cpu: "6", memory: "16Gi", pods: 30, storage: "20Gi" },
      readers: ["carol@plue.dev"],
    },
    { name: "bob", email: "bob@plue.dev", github: "bob-gh", githubId: "1002", state: "offboarding" },
  ],
} satisfies ProgramProps;

function everything<Environment extends PlueConfig["staging"]>(
  environment: Environment,
  project: string,
): Environment {
  const { region } = environment;
  return {
    ...environment,
    zones: [`${region}-a`, `${region}-b`],
    stateKmsKey: `projects/${project}/locations/${region}/keyRings/terraform/cryptoKeys/state`,
    pagerDutyChannel: "Plue on-call (PagerDuty)",
    slackChannel: "Plue alerts (Slack)",
    secretVersions: { "anthropic-api-key": 2 },
    monthlyBudget: { amount: 400, currency: "EUR" },
  };
}
