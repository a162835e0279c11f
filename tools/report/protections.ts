import { SECONDS_PER_DAY } from "../../lib/core/props";
import { argument, type Block, blocksOf, type TerraformJson } from "../../lib/core/terraform-json";

/** What keeps resources that hold data from being lost. */
export interface Protection {
  /** Address, or type and how many, where several are protected alike. */
  readonly what: string;
  /** Terraform refuses to plan its end (`prevent_destroy`). */
  readonly inTerraform: boolean;
  /** The API or the provider refuses it; undefined where there is no such switch. */
  readonly byProvider: boolean | undefined;
  /** What remains for how long. */
  readonly kept: string;
}

interface Keeper {
  /** Argument by which the provider or the API refuses. */
  readonly guard?: readonly string[];
  readonly kept?: (block: Block) => string;
}

/** Types that hold what cannot be made again, or that take such things down with them. */
const KEEPERS: Readonly<Record<string, Keeper>> = {
  google_artifact_registry_repository: { kept: () => "tagged images" },
  google_container_cluster: { guard: ["deletion_protection"] },
  google_kms_crypto_key: { kept: () => "versions, 30 days after they are destroyed" },
  google_secret_manager_secret: {
    guard: ["deletion_protection"],
    kept: ({ args }) => {
      const seconds = Number.parseInt(String(args["version_destroy_ttl"] ?? 0), 10);
      return seconds
        ? `versions, ${Math.round(seconds / SECONDS_PER_DAY)} days after they are destroyed`
        : "nothing";
    },
  },
  google_sql_database: {},
  google_sql_database_instance: {
    guard: ["settings", "deletion_protection_enabled"],
    kept: keptBackups,
  },
  google_storage_bucket: {
    kept: ({ args }) => {
      const seconds = Number(argument(args, "retention_policy", "retention_period") ?? 0);
      return seconds ? `objects, for ${Math.round(seconds / SECONDS_PER_DAY)} days` : "nothing";
    },
  },
  google_storage_managed_folder: {},
  kubernetes_namespace_v1: {},
};

/** Whether the end of a resource of this type takes something along that cannot be made again. */
export function holdsData(type: string): boolean {
  return type in KEEPERS;
}

/** The protections of a stack, of like resources together. */
export function protectionsOf(json: TerraformJson): Protection[] {
  const alike = new Map<
    string,
    { type: string; addresses: string[]; protection: Omit<Protection, "what"> }
  >();
  for (const block of blocksOf(json)) {
    const inTerraform = argument(block.args, "lifecycle", "prevent_destroy") === true;
    const keeper = KEEPERS[block.type] ?? (inTerraform ? {} : undefined);
    if (!keeper) continue;
    const protection = {
      inTerraform,
      byProvider: keeper.guard && argument(block.args, ...keeper.guard) === true,
      kept: keeper.kept?.(block) ?? "nothing",
    };
    const key = JSON.stringify([block.type, protection]);
    const entry = alike.get(key) ?? { type: block.type, addresses: [], protection };
    entry.addresses.push(block.address);
    alike.set(key, entry);
  }
  return [...alike.values()].map(({ type, addresses, protection }) => ({
    what: addresses.length === 1 ? (addresses[0] as string) : `${type} (${addresses.length})`,
    ...protection,
  }));
}

function keptBackups({ args }: Block): string {
  const backup = (...path: string[]) => argument(args, "settings", "backup_configuration", ...path);
  if (backup("enabled") !== true) return "nothing: no backups";
  const days = backup("transaction_log_retention_days");
  return [
    `${backup("backup_retention_settings", "retained_backups") ?? 7} daily backups`,
    backup("point_in_time_recovery_enabled") === true
      ? `any point in time of ${days ?? 7} days`
      : "no point-in-time recovery",
    ...(argument(args, "settings", "retain_backups_on_delete") === true
      ? ["backups outlive the instance"]
      : []),
  ].join(", ");
}
