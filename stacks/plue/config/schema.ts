import { z } from "zod";
import { emailAddress, plain, text } from "../../../lib/input/fields";
import { quote } from "../../../lib/input/problems";

/** `https://Plue.dev/` and `plue.dev.` are `plue.dev`. */
const hostOf = (wrong: string) =>
  plain(wrong)
    .replace(/^[a-z]+:\/\//, "")
    .replace(/[/:?#].*$/, "")
    .replace(/^\*?\.|\.$/g, "");

/** A domain of two labels or more. */
export const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;
/** A Google Cloud region. */
export const REGION = /^[a-z]+-[a-z]+\d{1,2}$/;
/** A zone of a Google Cloud region. */
export const ZONE = /^[a-z]+-[a-z]+\d{1,2}-[a-z]$/;

const domain = (description: string, example: string) =>
  text({
    description,
    example,
    format: "a domain",
    advice: "write its labels in lower case with dots between, no scheme and no slash",
    pattern: DOMAIN,
    maxLength: { value: 200, reason: "253 are all that DNS has for a host, whose own label needs room" },
    suggest: hostOf,
  });

const projectId = text({
  description: "Google Cloud project. Another one is another cloud: nothing moves.",
  format: "a project id",
  advice: "use 6 to 30 lower-case letters, digits and hyphens, beginning with a letter",
  pattern: /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/,
  example: "plue-staging",
});

/** A number that some service gave, as text: it may be longer than JSON's numbers are exact. */
const number = (description: string, example: string) =>
  text({
    description,
    format: "a number",
    advice: "write its digits in quotes",
    pattern: /^\d{1,20}$/,
    example,
  });

const repository = (description: string, example: string) =>
  text({
    description,
    format: "a repository",
    advice: "write owner and name",
    pattern: /^[A-Za-z0-9][A-Za-z0-9-]{0,38}\/[\w.-]{1,100}$/,
    example,
    suggest: (wrong) =>
      wrong
        .trim()
        .replace(/^.*github\.com[/:]/, "")
        .replace(/\.git$/, ""),
  });

const region = text({
  description: "Google Cloud region of everything regional. Another one recreates cluster and database.",
  format: "a region",
  advice: "write it as Google Cloud does, without a zone's letter",
  pattern: REGION,
  example: "us-central1",
  suggest: (wrong) => plain(wrong).replace(/-[a-z]$/, ""),
});

const zone = text({
  description: "A zone of the region.",
  format: "a zone",
  advice: "write the region, a hyphen and a letter",
  pattern: ZONE,
  example: "us-central1-a",
});

const stateBucket = text({
  description:
    "Storage bucket of the Terraform state. Another one moves nothing: run `terraform init -migrate-state` in each stack.",
  format: "a bucket name",
  advice: 'use 3 to 63 lower-case letters, digits, hyphens and "_", without "google"',
  pattern: /^(?!goog)(?!.*google)[a-z0-9][a-z0-9_-]{1,61}[a-z0-9]$/,
  example: "plue-terraform-state",
  suggest: (wrong) =>
    plain(wrong)
      .replace(/^gs:\/\//, "")
      .replace(/\/.*$/, ""),
});

const stateKmsKey = text({
  description:
    "Cloud KMS key that encrypts the state, if it shall be another than the one that `plue bootstrap` makes.",
  format: "a key name",
  advice: "write it in full",
  pattern: /^projects\/[a-z0-9-]+\/locations\/[a-z0-9-]+\/keyRings\/[\w-]{1,63}\/cryptoKeys\/[\w-]{1,63}$/,
  example: "projects/plue-staging/locations/us-central1/keyRings/terraform/cryptoKeys/state",
});

const displayName = (service: string) =>
  text({
    description: `Display name of the ${service} channel, which is made by hand once in Cloud Monitoring: its key is a secret that Terraform would keep in state.`,
    format: "a display name",
    advice: "write it as Cloud Monitoring shows it",
    pattern: /^[^\p{C}\s](?:[^\p{C}]{0,510}[^\p{C}\s])?$/u,
    example: `Plue on-call (${service})`,
    suggest: (wrong) => wrong.replace(/\s+/g, " ").trim(),
  });

/** Values by a short name that becomes a part of Terraform addresses. */
const named = (value: z.ZodString, description: string, example: Record<string, string>) =>
  z
    .record(
      text({
        description: "A short name, part of Terraform addresses.",
        format: "a short name",
        advice: "use lower-case letters, digits and hyphens, beginning with a letter",
        pattern: /^[a-z](?:[a-z0-9-]{0,30}[a-z0-9])?$/,
        example: "platform",
      }),
      value,
    )
    .refine((entries) => Object.keys(entries).length > 0, {
      error: `nobody is named here: give at least one, for instance ${quote(example)}`,
    })
    .meta({ description, examples: [example], minProperties: 1 });

const alertEmails = named(
  emailAddress("Address that gets the alerts.", "platform@plue.dev"),
  "Who gets alerts and budget notices by e-mail: addresses by a short name of the channel.",
  { platform: "platform@plue.dev" },
);

const secretVersions = z
  .record(
    text({
      description: "Id of a secret.",
      format: "a secret id",
      advice: "use letters, digits, hyphens and underscores",
      pattern: /^[A-Za-z0-9_-]{1,255}$/,
      example: "anthropic-api-key",
    }),
    z.int().min(1).max(1_000_000),
  )
  .default({})
  .meta({
    description:
      "Version of each secret that is in use, 1 where nothing is said; `plue secrets rotate` raises it. Releases read this version of Secret Manager's; for the database administrator a new number makes a new password.",
    examples: [{ "anthropic-api-key": 2 }],
  });

const environment = (title: string, domainIs: string, host: string) =>
  z
    .strictObject({
      projectId,
      projectNumber: number(
        "Number of the project, as `gcloud projects describe <project>` tells.",
        "123456789012",
      ),
      region,
      zones: z
        .array(zone)
        .min(1)
        .meta({ description: "Zones of the nodes. By default Google's choice.", uniqueItems: true })
        .optional(),
      stateBucket,
      stateKmsKey: stateKmsKey.optional(),
      domain: domain(domainIs, host),
      alertEmails,
      pagerDutyChannel: displayName("PagerDuty").optional(),
      slackChannel: displayName("Slack").optional(),
      secretVersions,
      monthlyBudgetUsd: z
        .int()
        .min(1)
        .max(1_000_000)
        .meta({
          description:
            "Spend in US dollars a month beyond which the budget notifies, also when only forecast. It stops nothing.",
          examples: [400],
        }),
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
    billingAccount: text({
      description: "Billing account that the budgets watch. Without it there are no budgets.",
      format: "a billing account",
      advice: "write three groups of six hexadecimal digits in capitals",
      pattern: /^[0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{6}$/,
      example: "01A2B3-4C5D6E-7F8091",
      suggest: (wrong) =>
        plain(wrong)
          .replace(/^billingaccounts\//, "")
          .toUpperCase(),
    }).optional(),
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
    platformTeam: named(
      text({
        description: "An IAM member.",
        format: "an IAM member",
        advice: "write its kind, a colon and its address",
        pattern: /^(?:group|user|serviceAccount):[a-z0-9][a-z0-9._%+'-]*@[a-z0-9-]+(?:\.[a-z0-9-]+)+$/,
        example: "group:platform@plue.dev",
        suggest: (wrong) =>
          plain(wrong)
            .replace("serviceaccount:", "serviceAccount:")
            .replace(/^(?=[^:]*$)/, "group:"),
      }),
      "Who administers both environments: IAM members by a short name.",
      { platform: "group:platform@plue.dev" },
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
