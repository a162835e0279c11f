import { z } from "zod";
import { cidrProblem } from "../../lib/core/cidr";
import { printValueProblem } from "../../lib/core/invalid-props";
import { mapValues } from "../../lib/core/props";
import { replaceBillingAccount, replaceFields } from "../../lib/environments/installation";
import type { InstallationValue } from "../../lib/environments/system";
import {
  billingAccount,
  DOMAIN,
  domain,
  environmentFields,
  environmentRules,
  number,
  repository,
  textLike,
} from "../../lib/input/configuration";
import { text } from "../../lib/input/fields";
import { ipv4Range } from "../../lib/input/network-ranges";
import { type Path, quote } from "../../lib/input/problems";
import { type DeepReadonly, parseJson } from "../../lib/input/read-json";
import { type Finding, textAt, valueAt } from "../../lib/input/source-document";
import { adminSecret, OPENAI_API_KEY } from "./names";

/** Names of the environments: keys of the configuration, and values of the label `environment`. */
export const ENVIRONMENTS = ["dev", "staging", "prod"] as const;
export type EnvironmentName = (typeof ENVIRONMENTS)[number];

const digest = (description: string) =>
  text({
    description,
    format: "a digest",
    advice: "write the 64 hexadecimal digits behind sha256:",
    pattern: /^[0-9a-f]{64}$/,
    example: "0123456789abcdef".repeat(4),
    suggest: (wrong) => wrong.trim().replace(/^.*sha256:/, ""),
  });

const nameServer = text({
  description: "Name server of a zone, without a dot at the end.",
  format: "a host name",
  advice: "write it as `gcloud dns managed-zones describe <zone>` tells, without the last dot",
  pattern: DOMAIN,
  example: "ns-cloud-a1.googledomains.com",
  suggest: (wrong) => wrong.trim().toLowerCase().replace(/\.$/, ""),
});

const dsRecord = text({
  description: "Its DS record, output `ds_record`. Without it resolvers do not check the zone's signatures.",
  format: "a DS record",
  advice: "write key tag, algorithm, digest type and digest",
  pattern: /^\d{1,5} \d{1,3} \d{1,3} [0-9A-F]{40,96}$/,
  example: `12345 8 2 ${"0123456789ABCDEF".repeat(4)}`,
  suggest: (wrong) => wrong.trim().replace(/\s+/g, " ").toUpperCase(),
});

const delegations = z
  .record(
    text({
      description: "Label of a zone below the domain.",
      format: "a label",
      advice: "use lower-case letters, digits and hyphens, beginning with a letter",
      pattern: /^[a-z](?:[a-z0-9-]{0,30}[a-z0-9])?$/,
      example: "dev",
    }),
    z
      .strictObject({
        nameServers: z
          .array(nameServer)
          .min(2)
          .meta({ description: "All of its name servers, output `name_servers`.", uniqueItems: true }),
        dsRecord: dsRecord.optional(),
      })
      .meta({ description: "A zone below the domain." }),
  )
  .default({})
  .meta({
    description:
      "Zones below the domain that other name servers answer for, by label: those of dev and staging. The one thing of theirs that prod says.",
    examples: [{ dev: { nameServers: ["ns-cloud-a1.googledomains.com", "ns-cloud-a2.googledomains.com"] } }],
  });

/** Shape of `context.octollm` in cdktf.json. How values relate to each other is checked by {@link configRules}. */
export const octollmSchema = z
  .strictObject({
    domain: domain(
      "Domain of the product: prod's zone, below which are those of dev and staging.",
      "octollm.com",
    ),
    folderId: number("Number of the folder that the projects are in.", "123456789012"),
    billingAccount: billingAccount("Billing account that pays for the projects, and that the budgets watch."),
    githubRepository: repository(
      "Repository of this program: alerts link to its runbooks, and its workflows deploy.",
      "octollm/infrastructure",
    ),
    githubOwnerId: number(
      "Number of the repository's owner on GitHub, as `gh api repos/<owner>/<name> --jq .owner.id` tells. Whoever takes over the owner's name has another.",
      "1234567",
    ),
    applicationRepository: repository(
      "Repository of the application, of the same owner, whose workflows push images and attest them.",
      "octollm/octollm",
    ),
    officeRange: ipv4Range(
      "Range that may connect to the clusters' IP endpoints. Without it there are none, and IAM alone guards the DNS endpoints.",
      "203.0.113.7/32",
    ).optional(),
    sshRange: ipv4Range(
      "Range that may reach port 22 of the machines. By default that of Identity-Aware Proxy, which asks who somebody is.",
      "35.235.240.0/20",
    ).default("35.235.240.0/20"),
    images: z
      .strictObject({
        pgbouncer: digest("Digest of the image `pgbouncer` of the environments' registries."),
        pgbouncerExporter: digest("Digest of the image `pgbouncer-exporter` there."),
      })
      .meta({
        description: "Images that the program itself runs, by digest: PgBouncer's authors publish none.",
      }),
    dev: z
      .strictObject(environmentFields)
      .meta({ description: "The environment of developers: small, on Spot machines." }),
    staging: z.strictObject(environmentFields).meta({ description: "As prod, at half the size." }),
    prod: z
      .strictObject({ ...environmentFields, delegations })
      .meta({ description: "The environment of users." }),
  })
  .meta({ description: "What differs between this installation of OctoLLM and another." });

/** `context.octollm` of cdktf.json: projects, places, domain and people of this installation. */
export type OctollmConfig = DeepReadonly<z.output<typeof octollmSchema>>;

/** Shape of cdktf.json as far as this program reads it; the rest is the CLI's. */
export const cdktfSchema = z
  .looseObject({ context: z.looseObject({ octollm: octollmSchema }) })
  .meta({ title: "CDK for Terraform, with OctoLLM's configuration" });

/**
 * @param file what to call the text in messages
 * @throws {InvalidInputError} with everything that is wrong
 */
export function parseConfig(content: string, file: string): OctollmConfig {
  return parseJson(content, file, cdktfSchema, [configRules]).context.octollm;
}

const ROOT: Path = ["context", "octollm"];

/** How the values of the configuration relate to each other. Values that are wrong by themselves are left out of it. */
function configRules(file: unknown): Finding[] {
  const config = valueAt(file, ROOT);
  return [
    ...ENVIRONMENTS.flatMap((environment) => environmentRules(config, [environment])),
    ...ofItsOwn(config, "projectId", "a project"),
    ...ofItsOwn(config, "stateBucket", "a bucket"),
    ...sameOwner(config),
    ...ENVIRONMENTS.flatMap((environment) => secretRule(config, environment)),
    ...["officeRange", "sshRange"].flatMap((key) => rangeRule(config, key)),
  ].map(({ path, message }) => ({ path: [...ROOT, ...path], message }));
}

/** Nobody in one environment's project shall reach another's, nor its states. */
function ofItsOwn(config: unknown, field: string, what: string): Finding[] {
  const seen = new Map<string, EnvironmentName>();
  return ENVIRONMENTS.flatMap((environment): Finding[] => {
    const path = [environment, field];
    const value = textAt(config, path);
    const first = value === undefined ? undefined : seen.get(value);
    if (value !== undefined && first === undefined) seen.set(value, environment);
    return first === undefined
      ? []
      : [{ path, message: `${quote(value)} is ${first}'s: give ${environment} ${what} of its own` }];
  });
}

/** githubOwnerId stands for the owner of both. */
function sameOwner(config: unknown): Finding[] {
  const path = ["applicationRepository"];
  const [owner, other] = [["githubRepository"], path].map((at) => textAt(config, at)?.split("/", 1)[0]);
  if (owner === undefined || other === undefined || owner.toLowerCase() === other.toLowerCase()) return [];
  return [
    {
      path,
      message: `${quote(other)} is another owner than ${quote(owner)} of githubRepository, for whom githubOwnerId stands`,
    },
  ];
}

function secretRule(config: unknown, environment: EnvironmentName): Finding[] {
  const path = [environment, "secretVersions"];
  const known: string[] = [OPENAI_API_KEY, adminSecret(environment)];
  return Object.keys(valueAt(config, path) ?? {})
    .filter((secretId) => !known.includes(secretId))
    .map((secretId) => ({
      path,
      message: `${quote(secretId)} has no version to set: there are ${known.join(", ")}`,
    }));
}

function rangeRule(config: unknown, key: string): Finding[] {
  const range = textLike(/^[\d.]+\/\d+$/, valueAt(config, [key]));
  const problem = range === undefined ? undefined : cidrProblem(range);
  return problem ? [{ path: [key], message: printValueProblem(problem) }] : [];
}

/**
 * The configuration with other values of what belongs to the installation. Domains stay, as addresses in state are made of
 * them, and so do state buckets, as a backend takes no variables.
 *
 * @param replace called with each of the values in the same order every time
 */
export function replaceInstallation(
  config: OctollmConfig,
  replace: (value: InstallationValue) => string,
): OctollmConfig {
  const { dev, staging, prod } = config;
  const environments = mapValues({ dev, staging, prod }, (fields, name) =>
    replaceFields(fields, name, replace),
  );
  return {
    ...config,
    ...environments,
    billingAccount: replaceBillingAccount(config.billingAccount, replace),
  } as OctollmConfig;
}
