import { saysPublic } from "../../../lib/core/labels";
import { fileOf, resourceType } from "../../../lib/core/resource-types";
import { argument } from "../../../lib/core/terraform-json";
import { atLeast, lacking, lackingIn, type Required, requires } from "./required";
import { at, inProduction, type Rule, resources, rule } from "./rule";

const SQL = "google_sql_database_instance";
const DAYS = 86_400;
/** Days between rotations of a key, at most. */
const MAX_ROTATION = 365;

const PRIVATE_BUCKET: readonly Required[] = [
  { type: "google_storage_bucket", path: "uniform_bucket_level_access", is: true, write: "set it to true" },
  {
    type: "google_storage_bucket",
    path: "public_access_prevention",
    is: "enforced",
    write: 'set it to "enforced", or let Bucket say that it is public (publicRead)',
    where: ({ args }) => !saysPublic(args),
  },
];

export const PROTECTION_RULES: readonly Rule[] = [
  rule("production-refuses-deletion", {
    title: "What holds production's data refuses deletion twice",
    why: "prevent_destroy stops Terraform only while the block is in the code; the API's own protection holds when it is gone.",
    *find(program) {
      for (const block of inProduction(program)) {
        const row = resourceType(block.type);
        if (!row) {
          yield at(block, `may hold data, as its type has no row in ${fileOf(block.type)}: add one`);
          continue;
        }
        const { holdsData } = row;
        if (!holdsData || holdsData.mayEnd || holdsData.mayBeUnprotected) continue;
        if (argument(block.args, "lifecycle", "prevent_destroy") !== true)
          yield at(block, "can be destroyed by Terraform: set lifecycle.prevent_destroy = true");
        yield* lackingIn(
          block,
          holdsData.guards,
          (wrong) => `can be deleted once its block is gone: ${wrong}`,
        );
      }
    },
  }),
  requires("production-can-be-restored", {
    title: "Production's database survives a zone, a mistake and its own deletion",
    why: "A backup a day loses a day; without point-in-time recovery there is no way back to the minute before.",
    production: true,
    all: [
      {
        type: SQL,
        path: "settings.backup_configuration.enabled",
        is: true,
        write: "set it to true",
        where: isPrimary,
      },
      {
        type: SQL,
        path: "settings.backup_configuration.point_in_time_recovery_enabled",
        is: true,
        write: "set it to true",
        where: isPrimary,
      },
      {
        type: SQL,
        path: "settings.backup_configuration.backup_retention_settings.retained_backups",
        is: atLeast(7),
        write: "keep 30",
        where: isPrimary,
      },
      {
        type: SQL,
        path: "settings.retain_backups_on_delete",
        is: true,
        write: "set it to true",
        where: isPrimary,
      },
      {
        type: SQL,
        path: "settings.availability_type",
        is: "REGIONAL",
        write: 'set it to "REGIONAL"',
        where: isPrimary,
      },
    ],
  }),
  rule("production-is-encrypted", {
    title: "What holds production's data is encrypted with keys of our own",
    why: "With a key of our own we decide who decrypts, and destroying it ends all copies.",
    *find(program) {
      for (const block of inProduction(program)) {
        const { encryption = [] } = resourceType(block.type)?.holdsData || {};
        if (typeof encryption !== "string") yield* lackingIn(block, encryption);
      }
    },
  }),
  rule("keys-rotate", {
    title: "Keys rotate once a year or more often, and are never destroyed",
    why: "What one version encrypted is lost or found with it: the less that is, the better.",
    *find(program) {
      for (const block of resources(program, "google_kms_crypto_key")) {
        // Whoever checks signatures knows one version, and Google refuses a period.
        if (String(block.args["purpose"]).startsWith("ASYMMETRIC_")) continue;
        const seconds = Number.parseInt(String(block.args["rotation_period"]), 10);
        if (!(seconds <= MAX_ROTATION * DAYS))
          yield at(
            block,
            `has no rotation_period of ${MAX_ROTATION} days or less: set it to "${90 * DAYS}s"`,
          );
      }
    },
  }),
  rule("buckets-are-private", {
    title: "Access to a bucket is up to IAM alone, and public only where the bucket says so",
    why: "An ACL on one object is invisible in the bucket's policy.",
    *find(program) {
      yield* lacking(program, PRIVATE_BUCKET);
      for (const acl of resources(program, /^google_storage_\w*(acl|access_control)$/))
        yield at(acl, "grants by an ACL: write a google_storage_bucket_iam_member for each grant");
    },
  }),
  requires("apis-stay-enabled", {
    title: "Destroying a stack turns no API off",
    why: "Another stack of the project uses the same API.",
    all: [
      { type: "google_project_service", path: "disable_on_destroy", is: false, write: "set it to false" },
    ],
  }),
];

function isPrimary({ args }: { args: { readonly [key: string]: unknown } }): boolean {
  return args["master_instance_name"] === undefined;
}
