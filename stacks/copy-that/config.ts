import { z } from "zod";
import { releasesSchema } from "../../lib/environments/releases";
import {
  billingAccount,
  domain,
  environmentFields,
  environmentRules,
  iamMembers,
  number,
  repository,
} from "../../lib/input/configuration";
import { type Path, quote } from "../../lib/input/problems";
import { type DeepReadonly, parseJson } from "../../lib/input/read-json";
import { type Finding, textAt, valueAt } from "../../lib/input/source-document";

/** Key of the configuration under `context` in cdktf.json. */
export const SYSTEM = "copy-that";

/** Keys of the configuration, and values of the label `environment`. */
export const ENVIRONMENTS = ["staging", "production"] as const;

/** Services that have a release in each environment. */
const SERVICES = ["api"] as const;

const copyThatSchema = z
  .strictObject({
    billingAccount: billingAccount(
      "Billing account that the budgets watch. Without it there are no budgets.",
    ).optional(),
    githubRepository: repository(
      "Repository of this program: alerts link to its runbooks, and its workflows deploy.",
      "copy-that/infrastructure",
    ),
    githubOwnerId: number(
      "Number of the repository's owner on GitHub, as `gh api repos/<owner>/<name> --jq .owner.id` tells.",
      "1234567",
    ),
    applicationRepository: repository(
      "Repository of the application, whose workflows push images. Without it only people push them.",
      "copy-that/copy-that",
    ).optional(),
    developers: iamMembers(
      "Whom Identity-Aware Proxy lets into staging: IAM members of the organization by a short name.",
      "group:developers@company.com",
    ),
    staging: z
      .strictObject(environmentFields)
      .meta({ description: "Where developers try what is on develop." }),
    production: z
      .strictObject({
        ...environmentFields,
        domain: domain(
          "Domain of the zone that production makes: the API answers at api.<domain>.",
          "copy-that.com",
        ),
      })
      .meta({ description: "The environment of users." }),
  })
  .meta({ description: "What differs between this installation of Copy-That and another." });

/** Shape of cdktf.json as far as this program reads it; the rest is the CLI's. */
export const cdktfSchema = z
  .looseObject({ context: z.looseObject({ [SYSTEM]: copyThatSchema }) })
  .meta({ title: "CDK for Terraform, with Copy-That's configuration" });

/** Shape of releases.json. */
export const releasesFileSchema = releasesSchema(ENVIRONMENTS, SERVICES);

/** `context.copy-that` of cdktf.json: projects, domain and people of this installation. */
export type CopyThatConfig = DeepReadonly<z.output<typeof copyThatSchema>>;
/** `staging` or `production`. */
export type EnvironmentName = (typeof ENVIRONMENTS)[number];
/** What runs where. */
export type CopyThatReleases = Omit<DeepReadonly<z.output<typeof releasesFileSchema>>, "$schema">;

/** @throws {InvalidInputError} with everything that is wrong */
export function parseConfig(text: string, file: string): CopyThatConfig {
  const { context } = parseJson(text, file, cdktfSchema, [configRules]);
  return context[SYSTEM] as CopyThatConfig;
}

/** @throws {InvalidInputError} with everything that is wrong */
export function parseReleases(text: string, file: string): CopyThatReleases {
  const { $schema: _, ...releases } = parseJson(text, file, releasesFileSchema);
  return releases;
}

const ROOT: Path = ["context", SYSTEM];

/** How values relate to each other: of what two environments shared, one would be able to change the other's. */
function configRules(file: unknown): Finding[] {
  const config = valueAt(file, ROOT);
  const shared = (field: string, what: string): Finding[] => {
    const path = ["production", field];
    const own = textAt(config, path);
    if (own === undefined || own !== textAt(config, ["staging", field])) return [];
    return [{ path, message: `${quote(own)} is staging's ${what}: production needs one of its own` }];
  };
  return [
    ...shared("projectId", "project"),
    ...shared("stateBucket", "bucket"),
    ...ENVIRONMENTS.flatMap((environment) => environmentRules(config, [environment])),
  ].map(({ path, message }) => ({ path: [...ROOT, ...path], message }));
}
