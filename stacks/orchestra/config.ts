import { z } from "zod";
import {
  billingAccount,
  domain,
  environmentFields,
  environmentRules,
  number,
  repository,
} from "../../lib/input/configuration";
import { text } from "../../lib/input/fields";
import { type Path, quote } from "../../lib/input/problems";
import { type DeepReadonly, parseJson } from "../../lib/input/read-json";
import { type Finding, textAt, valueAt } from "../../lib/input/source-document";

/** Key of the configuration under `context` in cdktf.json. */
export const SYSTEM = "orchestra";

/** The one environment: key of the configuration, and value of the label `environment`. */
export const PRODUCTION = "production";

const bucket = (description: string, example: string) =>
  text({
    description: `${description} Unique in the world. Another one starts empty.`,
    format: "a bucket name",
    advice: 'use 3 to 63 lower-case letters, digits, hyphens and "_", without "google"',
    pattern: /^(?!goog)(?!.*google)[a-z0-9][a-z0-9_-]{1,61}[a-z0-9]$/,
    example,
  });

const name = (description: string, example: string) =>
  text({
    description,
    format: "a name",
    advice: "use letters, digits, hyphens and underscores, as `gcloud builds` shows it",
    pattern: /^[A-Za-z0-9][\w-]{0,99}$/,
    example,
  });

const buildImage = (description: string, example: string) =>
  z
    .strictObject({
      image: text({
        description: "The image, with a tag for whoever reads it.",
        format: "an image",
        advice: "write it as docker pull takes it, without a digest",
        pattern: /^[a-z0-9][a-z0-9./_-]*(?::[\w][\w.-]{0,127})?$/,
        example,
      }),
      digest: text({
        description:
          "Digest of the image that is run, as `docker buildx imagetools inspect <image>` tells, without `sha256:`.",
        format: "a digest",
        advice: "write its 64 hexadecimal digits in lower case",
        pattern: /^[0-9a-f]{64}$/,
        example: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        suggest: (wrong) =>
          wrong
            .trim()
            .toLowerCase()
            .replace(/^sha256:/, ""),
      }),
    })
    .meta({ description });

const orchestraSchema = z
  .strictObject({
    billingAccount: billingAccount(
      "Billing account that the budget watches. Without it there is no budget.",
    ).optional(),
    githubRepository: repository(
      "Repository of this program: alerts link to its runbooks, and its workflows deploy.",
      "orchestra/infrastructure",
    ),
    githubOwnerId: number(
      "Number of the repository's owner on GitHub, as `gh api repos/<owner>/<name> --jq .owner.id` tells.",
      "1234567",
    ),
    application: z
      .strictObject({
        connection: name("Cloud Build's connection to GitHub, made by hand once.", "github"),
        repository: name("The application's repository, as the connection calls it.", "orchestra-orchestra"),
      })
      .meta({
        description: "Repository of the application, whose main branch Cloud Build builds and deploys.",
      }),
    buildImages: z
      .strictObject({
        go: buildImage("Tests the server.", "golang:1.23"),
        rust: buildImage("Tests the engine.", "rust:1.80"),
        node: buildImage("Tests and builds the frontend.", "node:20"),
        lint: buildImage("Checks the server's source.", "golangci/golangci-lint:v1.61"),
        docker: buildImage("Builds and pushes images.", "gcr.io/cloud-builders/docker"),
        gcloud: buildImage("Deploys.", "gcr.io/google.com/cloudsdktool/google-cloud-cli:slim"),
      })
      .meta({ description: "Images that the build's steps run." }),
    production: z
      .strictObject({
        ...environmentFields,
        domain: domain(
          "Domain of the zone that Cloud DNS answers for: api.<domain> and app.<domain> are in it.",
          "orchestra.dev",
        ),
        storageBucket: bucket("Bucket of the users' files.", "orchestra-storage"),
        frontendBucket: bucket("Bucket of the frontend, which everybody reads.", "orchestra-frontend"),
      })
      .meta({ description: "The one environment." }),
  })
  .meta({ description: "What differs between this installation of Orchestra and another." });

/** Shape of cdktf.json as far as this program reads it; the rest is the CLI's. */
export const cdktfSchema = z
  .looseObject({ context: z.looseObject({ orchestra: orchestraSchema }) })
  .meta({ title: "CDK for Terraform, with Orchestra's configuration" });

/** `context.orchestra` of cdktf.json: project, domain and people of this installation. */
export type OrchestraConfig = DeepReadonly<z.output<typeof orchestraSchema>>;

/** Configuration of the environment. */
export type OrchestraFields = OrchestraConfig[typeof PRODUCTION];

/** @throws {InvalidInputError} with everything that is wrong */
export function parseConfig(text: string, file: string): OrchestraConfig {
  return parseJson(text, file, cdktfSchema, [configRules]).context.orchestra;
}

const ROOT: Path = ["context", SYSTEM];
const BUCKETS = ["stateBucket", "storageBucket", "frontendBucket"];

/** How values relate to each other: what everybody reads is in no bucket with anything else. */
function configRules(file: unknown): Finding[] {
  const config = valueAt(file, ROOT);
  const buckets = BUCKETS.map((field) => textAt(config, [PRODUCTION, field]));
  const shared = BUCKETS.flatMap((field, index): Finding[] => {
    const own = buckets[index];
    const first = buckets.indexOf(own);
    if (own === undefined || first === index) return [];
    return [
      {
        path: [PRODUCTION, field],
        message: `${quote(own)} is the ${BUCKETS[first]} already: name another`,
      },
    ];
  });
  return [...shared, ...environmentRules(config, [PRODUCTION])].map(({ path, message }) => ({
    path: [...ROOT, ...path],
    message,
  }));
}
