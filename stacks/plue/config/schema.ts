import { z } from "zod";
import {
  billingAccount,
  domain,
  environmentFields,
  iamMembers,
  number,
  repository,
} from "../../../lib/input/configuration";
import { text } from "../../../lib/input/fields";
import { networkRanges } from "../../../lib/input/network-ranges";

/** IPv4 ranges of an environment that names none. The chart helm/plue knows that of the nodes, too. */
export const NETWORK_RANGES = {
  nodes: "10.0.0.0/16",
  pods: "10.1.0.0/16",
  services: "10.2.0.0/16",
  privateServices: "10.3.0.0/16",
};

const environment = (title: string, domainIs: string, host: string) =>
  z
    .strictObject({
      ...environmentFields,
      domain: domain(domainIs, host),
      network: networkRanges(NETWORK_RANGES),
    })
    .meta({ description: title });

/** Names of the environments: keys of the configuration, and values of the label `environment`. */
export const ENVIRONMENTS = ["staging", "production"] as const;

/** Shape of `context.plue` in cdktf.json. How values relate to each other is checked by `configRules`. */
export const plueSchema = z
  .strictObject({
    domain: domain("Domain of the product, which is the zone in Cloudflare.", "plue.dev"),
    cloudflareZoneId: text({
      description: "Cloudflare zone of the domain, from its overview page. Set it before the first deploy.",
      format: "a zone id",
      advice: "copy the 32 hexadecimal digits from the zone's overview page",
      pattern: /^[0-9a-f]{32}$/,
      example: "0123456789abcdef0123456789abcdef",
    }),
    billingAccount: billingAccount(
      "Billing account that the budgets watch. Without it there are no budgets.",
    ).optional(),
    githubRepository: repository(
      "Repository of this program: alerts link to its runbooks, and its workflows deploy.",
      "plue/infrastructure",
    ),
    githubOwnerId: number(
      "Number of the repository's owner on GitHub, as `gh api repos/<owner>/<name> --jq .owner.id` tells. Whoever takes over the owner's name has another.",
      "1234567",
    ),
    applicationRepository: repository(
      "Repository of the application, whose workflows push images. Without it only people push them.",
      "plue/plue",
    ).optional(),
    platformTeam: iamMembers(
      "Who administers both environments: IAM members by a short name.",
      "group:platform@plue.dev",
    ),
    staging: environment(
      "The environment that engineers share.",
      "Domain of all engineers' hosts, one label below the product's.",
      "staging.plue.dev",
    ),
    production: environment(
      "The environment of users.",
      "Domain of the web site: the product's.",
      "plue.dev",
    ),
  })
  .meta({ description: "What differs between this installation of Plue and another." });

/** Shape of cdktf.json as far as this program reads it; the rest is the CLI's. */
export const cdktfSchema = z
  .looseObject({ context: z.looseObject({ plue: plueSchema }) })
  .meta({ title: "CDK for Terraform, with Plue's configuration" });
