import { z } from "zod";
import { nearestRegion, REGION_NAMES, zonesOf } from "../google/regions";
import { ADDRESS, ADDRESSES_OF, emailAddress, NO_ADDRESS, plain, text, tidyAddress } from "./fields";
import { type Path, quote } from "./problems";
import type { DeepReadonly } from "./read-json";
import { type Finding, listAt, valueAt } from "./source-document";

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

/** A domain of a Cloudflare zone, a host, or what hosts are below. */
export const domain = (description: string, example: string) =>
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
export const number = (description: string, example: string) =>
  text({
    description,
    format: "a number",
    advice: "write its digits in quotes",
    pattern: /^\d{1,20}$/,
    example,
  });

/** A repository on GitHub, `owner/name`. */
export const repository = (description: string, example: string) =>
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
  refused: [
    {
      like: new RegExp(`^(?!(?:${REGION_NAMES.join("|")})$)`),
      because:
        "is no region that is known here (one that Google opened since is a line of lib/google/regions.ts)",
    },
  ],
  suggest: (wrong) => nearestRegion(plain(wrong).replace(/-[a-z]$/, "")),
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
export const named = (value: z.ZodString, description: string, example: Record<string, string>) =>
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
    .check(({ value: entries, issues }) => {
      const names = new Map<unknown, string>();
      for (const [name, input] of Object.entries(entries)) {
        const message = `${quote(input)} is ${quote(names.get(input))} already: remove one of them`;
        if (names.has(input)) issues.push({ code: "custom", path: [name], input, message });
        else names.set(input, name);
      }
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

/** A Cloud Billing account. */
export const billingAccount = (description: string) =>
  text({
    description,
    format: "a billing account",
    advice: "write three groups of six hexadecimal digits in capitals",
    pattern: /^[0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{6}$/,
    example: "01A2B3-4C5D6E-7F8091",
    suggest: (wrong) =>
      plain(wrong)
        .replace(/^billingaccounts\//, "")
        .toUpperCase(),
  });

/** The member as IAM would take it: of the kind that its address is of where that is known, else a group. */
function suggestMember(wrong: string): string {
  const [, given, address = ""] = /^(?:([a-z]+):)?(.*)$/s.exec(tidyAddress(plain(wrong))) ?? [];
  if (ADDRESSES_OF.serviceAccounts.test(address)) return `serviceAccount:${address}`;
  if (ADDRESSES_OF.groups.test(address)) return `group:${address}`;
  if (ADDRESSES_OF.people.test(address)) return `user:${address}`;
  return `${given === "user" ? given : "group"}:${address}`;
}

const ofKind = (kind: string, { source }: RegExp) => new RegExp(`^${kind}:.*${source}`);

/**
 * IAM members by a short name.
 *
 * @see https://cloud.google.com/iam/docs/principal-identifiers
 */
export const iamMembers = (description: string, example: string) =>
  named(
    text({
      description: "An IAM member.",
      format: "an IAM member",
      advice: "write its kind, a colon and its address",
      pattern: new RegExp(`^(?:group|user|serviceAccount):${ADDRESS.source}$`),
      slips: NO_ADDRESS,
      refused: [
        {
          like: ofKind("(?:user|group)", ADDRESSES_OF.serviceAccounts),
          because: "is a service account, which IAM takes as serviceAccount: and no other kind",
        },
        {
          like: /^serviceAccount:(?!.*\.gserviceaccount\.com$)/,
          because: "is no service account: their addresses are below gserviceaccount.com",
        },
        {
          like: ofKind("user", ADDRESSES_OF.groups),
          because: "is a group, which IAM takes as group: and no other kind",
        },
        {
          like: ofKind("group", ADDRESSES_OF.people),
          because: "is a person, whom IAM takes as user: and no other kind",
        },
      ],
      example,
      suggest: suggestMember,
    }),
    description,
    { platform: example },
  );

/** ISO 4217 */
const currency = text({
  description: "Currency of the amount: the billing account's own, as Google refuses any other.",
  format: "a currency",
  advice: "write its three capital letters",
  pattern: /^[A-Z]{3}$/,
  example: "USD",
  suggest: (wrong) => plain(wrong).toUpperCase(),
});

const monthlyBudget = z
  .strictObject({
    amount: z
      .int()
      .min(1)
      .max(1_000_000_000)
      .meta({ description: "Whole units of the currency.", examples: [400] }),
    currency: currency.optional(),
  })
  .meta({
    description:
      "Spend a month beyond which the budget notifies, also when only forecast. It stops nothing. Without a currency it is in the billing account's.",
    examples: [{ amount: 400, currency: "USD" }],
  });

/**
 * What the configuration of every environment says, whatever the system: the shape of an object to which a system adds
 * its own.
 */
export const environmentFields = {
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
  alertEmails,
  pagerDutyChannel: displayName("PagerDuty").optional(),
  slackChannel: displayName("Slack").optional(),
  secretVersions,
  monthlyBudget,
};

const shape = z.strictObject(environmentFields);
/** One environment's configuration, as far as every system has it. */
export type EnvironmentFields = DeepReadonly<z.output<typeof shape>>;

/** What relates the fields of one environment to each other. @param path of the environment in the configuration */
export function environmentRules(configuration: unknown, path: Path): Finding[] {
  const environment = valueAt(configuration, path);
  const region = textLike(REGION, valueAt(environment, ["region"]));
  const zones = listAt(environment, ["zones"]);
  return zones.flatMap((given, index): Finding[] => {
    const at = [...path, "zones", index];
    const zone = textLike(ZONE, given);
    if (region === undefined || zone === undefined) return [];
    if (!zone.startsWith(`${region}-`))
      return [
        {
          path: at,
          message: `${quote(zone)} is not in ${quote(region)}: for instance ${quote(zonesOf(region)[0] ?? `${region}-a`)}`,
        },
      ];
    const known = zonesOf(region);
    if (known.length > 0 && !known.includes(zone))
      return [
        {
          path: at,
          message: `${quote(zone)} is no zone that is known here: ${quote(region)} has ${known.map(quote).join(", ")} (one that Google opened since is a letter in lib/google/regions.ts)`,
        },
      ];
    if (zones.indexOf(zone) < index)
      return [{ path: at, message: `${quote(zone)} is listed already: remove it here` }];
    return [];
  });
}

/** A text of this form; undefined for everything else, which the schema refuses by itself. */
export function textLike(pattern: RegExp, value: unknown): string | undefined {
  return typeof value === "string" && pattern.test(value) ? value : undefined;
}
