import { z } from "zod";
import { OWNER_LABEL } from "../../../lib/environments/registry";
import { toAscii } from "../../../lib/input/characters";
import { number } from "../../../lib/input/configuration";
import { googleAccount, text } from "../../../lib/input/fields";
import { quote } from "../../../lib/input/problems";
import {
  canonicalName,
  MAX_NAME_LENGTH,
  RESERVED_NAMES,
  RESERVED_PREFIXES,
  whyReserved,
} from "./engineer-names";
import { bytes, cpu, QUOTA_BOUNDS } from "./quota";

const name = text({
  description: [
    "What everything of this engineer is called; another name is another environment.",
    "It becomes the namespace and the host label (63 characters), the database plue_<name> (63, with _ for -),",
    "the database user staging-<name>@<project>.iam (63), the service accounts staging-<name> and tf-staging-<name>",
    `(30 each), the stack and state prefix staging-<name>. The tightest leaves ${MAX_NAME_LENGTH} characters.`,
  ].join(" "),
  format: "a DNS label",
  advice: "use lower-case letters, digits and hyphens, beginning with a letter",
  pattern: /^[a-z](?:[a-z0-9-]*[a-z0-9])?$/,
  example: "bob",
  maxLength: { value: MAX_NAME_LENGTH, reason: "the service account tf-staging-<name> may have 30" },
  suggest: (wrong) => {
    const canonical = canonicalName(wrong);
    if (canonical === undefined || canonical.length > MAX_NAME_LENGTH || whyReserved(canonical))
      return undefined;
    return canonical;
  },
})
  .refine((value) => !whyReserved(value), {
    error: ({ input }) => `${quote(input)} is reserved: ${whyReserved(String(input))}. Choose another name`,
  })
  .meta({
    not: {
      anyOf: [
        { enum: Object.keys(RESERVED_NAMES) },
        { pattern: `^(?:${Object.keys(RESERVED_PREFIXES).join("|")})` },
      ],
    },
  });

const quota = z
  .strictObject({
    cpu: cpu({
      description: "CPU that all pods together may request.",
      ...QUOTA_BOUNDS.cpu,
      example: "6",
    }).optional(),
    memory: bytes({
      description: "Memory that all pods together may request.",
      ...QUOTA_BOUNDS.memory,
      example: "16Gi",
    }).optional(),
    pods: z
      .int()
      .min(QUOTA_BOUNDS.pods.min)
      .max(QUOTA_BOUNDS.pods.max)
      .meta({
        description: `Pods that may exist at once. From ${QUOTA_BOUNDS.pods.min} to ${QUOTA_BOUNDS.pods.max}.`,
        examples: [30],
      })
      .optional(),
    storage: bytes({
      description: "Size of all persistent volumes together.",
      ...QUOTA_BOUNDS.storage,
      example: "20Gi",
    }).optional(),
  })
  .meta({
    description: [
      "Room in the shared cluster, where the usual does not suffice; what is left out keeps the usual.",
      "The least holds one release and its rolling update, without a run beside them; the most is the larger part of what the sandbox pool can grow to.",
    ].join(" "),
    examples: [{ cpu: "6", memory: "16Gi" }],
  });

const engineer = z
  .strictObject({
    name,
    email: googleAccount(
      "Google account of the engineer: may impersonate the deployer of the stack and work in the namespace.",
      "bob@plue.dev",
    ),
    github: text({
      description:
        "GitHub login whose pushes to the branch staging/<name> deploy the stack. Without it no push deploys; the engineer still can by hand.",
      format: "a GitHub login",
      advice: "write it as the profile page does, capitals included, without @",
      pattern: /^[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*(?:_[A-Za-z0-9]+)?$/,
      example: "bob-plue",
      maxLength: { value: 39, reason: "GitHub's own are no longer" },
      suggest: (wrong) =>
        toAscii(wrong)
          .trim()
          .replace(/^(?:https:\/\/github\.com\/|@)/, ""),
    }).optional(),
    githubId: number(
      "Number of that GitHub account, as `gh api users/<login> --jq .id` tells: by it Google knows who pushed. Whoever takes over a login has another.",
      "1234567",
    ).optional(),
    state: z
      .enum(["active", "offboarding"])
      .default("active")
      .meta({
        description: [
          "offboarding takes the engineer's right to deploy away and lets what she has be destroyed: set it, deploy",
          "staging-access, let the platform team destroy her stack, then remove the entry. An entry removed at once leaves",
          "its resources behind.",
        ].join(" "),
        examples: ["active"],
      }),
    imageTag: text({
      description:
        "Moving image tag that the release follows: CI moves it with every push. By default the name.",
      format: "an image tag",
      advice: 'use letters, digits, "_", "." and "-"',
      pattern: /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/,
      example: "main",
    }).optional(),
    quota: quota.optional(),
    readers: z
      .array(googleAccount("Google account.", "carol@plue.dev"))
      .default([])
      .meta({
        description:
          "Who else may look into the namespace: read its objects and logs, change nothing, see no secret.",
        examples: [["carol@plue.dev"]],
        uniqueItems: true,
      }),
  })
  .transform((entry) => ({
    ...entry,
    imageTag: entry.imageTag ?? entry.name,
    /** What everything that takes labels is labelled with, of what is hers. A field that labels is written here. */
    labels: { [OWNER_LABEL]: entry.name },
  }));

/** Shape of engineers.json. What one entry means for another is checked by `registryRules`. */
export const registrySchema = z
  .strictObject({
    $schema: z.string().optional(),
    engineers: z.array(engineer).meta({
      description:
        "Everybody with a staging environment. One entry a line, sorted: two changes then merge as whole entries, or conflict.",
      examples: [[{ name: "bob", email: "bob@plue.dev" }]],
    }),
  })
  .meta({ title: "Engineers with a staging environment", examples: [{ engineers: [] }] });
