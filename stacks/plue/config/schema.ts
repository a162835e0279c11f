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

const environment = (domainIs: string, host: string) => ({
  ...environmentFields,
  domain: domain(domainIs, host),
  network: networkRanges(NETWORK_RANGES),
});

const zoneId = (description: string) =>
  text({
    description,
    format: "a zone id",
    advice: "copy the 32 hexadecimal digits from the zone's overview page",
    pattern: /^[0-9a-f]{32}$/,
    example: "0123456789abcdef0123456789abcdef",
  });

const dnsZone = z
  .strictObject({
    domain: domain("Domain of the zone, which somebody registered.", "plue-staging.dev"),
    cloudflareZoneId: zoneId("The zone's id, from its overview page."),
  })
  .meta({
    description:
      "Zone of its own in Cloudflare, of another registered domain than the product's. Recommended: to a browser, hosts of one domain are one site, and production's cookies travel to requests that an engineer's page makes.",
  });

/** Names of the environments: keys of the configuration, and values of the label `environment`. */
export const ENVIRONMENTS = ["staging", "production"] as const;

/** Shape of `context.plue` in cdktf.json. How values relate to each other is checked by `configRules`. */
export const plueSchema = z
  .strictObject({
    domain: domain("Domain of the product, which is the zone in Cloudflare.", "plue.dev"),
    cloudflareZoneId: zoneId(
      "Cloudflare zone of the domain, from its overview page. Set it before the first deploy.",
    ),
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
    staging: z
      .strictObject({
        ...environment(
          "Domain of all engineers' hosts: one label below the product's, or in `dnsZone`.",
          "staging.plue.dev",
        ),
        dnsZone: dnsZone.optional(),
      })
      .meta({ description: "The environment that engineers share." }),
    production: z
      .strictObject(environment("Domain of the web site: the product's.", "plue.dev"))
      .meta({ description: "The environment of users." }),
  })
  .meta({ description: "What differs between this installation of Plue and another." });

/** Shape of cdktf.json as far as this program reads it; the rest is the CLI's. */
export const cdktfSchema = z
  .looseObject({ context: z.looseObject({ plue: plueSchema }) })
  .meta({ title: "CDK for Terraform, with Plue's configuration" });
