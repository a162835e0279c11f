import { CloudSql, type CloudSqlProps } from "../../../lib/google/cloud-sql";
import { extensionFlags } from "../../../lib/google/cloud-sql/extensions";
import type { ModuleDefinition, Props } from "../definition";

const KEY = "The call must depend on the grants of the key.";

export const cloudSql: ModuleDefinition = {
  name: "cloud-sql",
  description:
    "A PostgreSQL instance on a private address, with its databases, read replicas and one optional built-in user.",
  file: "lib/google/cloud-sql/index.ts",
  construct: "CloudSql",
  props: "CloudSqlProps",
  isInstance: (construct) => construct instanceof CloudSql,
  declare: (scope, id, props) => new CloudSql(scope, id, props),
  main: "instance",
  fixed: {
    connectionPool: "Connections are not pooled by Cloud SQL.",
    publicAddress: "The instance has no address on the internet.",
    diskAutoresize: "The disk grows before it is full, and a change of `disk_size_gb` is ignored.",
    "replicas.*.deletionProtection": "Replicas are protected as the primary is.",
  },
  omitted: ["extensions"],
  notes: ["What an extension needs is a flag in `database_flags`."],
  replaced: {
    network: {
      name: "network_id",
      description:
        "Id of the VPC to be reachable from, by private address only. The call must depend on its private services connection.",
    },
    encryptionKey: {
      name: "encryption_key_id",
      description: `Cloud KMS key in the instance's region. Changing it recreates the instance. ${KEY}`,
    },
    "admin.secretEncryptionKey": {
      name: "secret_encryption_key_id",
      description: `Cloud KMS key in the instance's region; the password is then kept in that region alone. ${KEY}`,
    },
    "replicas.*.encryptionKey": {
      name: "encryption_key_id",
      description: `Cloud KMS key in the replica's region; needed when that is not the primary's. ${KEY}`,
    },
  },
  build: ({ network, encryptionKey, admin, replicas, ...props }: Props) => ({
    ...props,
    network: { networkId: network, privateServicesConnection: { fqn: "module.network" } },
    encryptionKey: key(encryptionKey),
    admin: admin && { ...admin, secretEncryptionKey: key(admin.secretEncryptionKey) },
    replicas: mapValues(replicas, (replica: Props) => ({
      ...replica,
      encryptionKey: key(replica.encryptionKey),
    })),
  }),
  read: ({
    network,
    encryptionKey,
    admin,
    replicas,
    extensions,
    databaseFlags,
    ...props
  }: CloudSqlProps) => ({
    ...props,
    databaseFlags: extensions ? { ...extensionFlags(extensions), ...databaseFlags } : databaseFlags,
    network: network.networkId,
    encryptionKey: encryptionKey?.id,
    admin: admin && { ...admin, secretEncryptionKey: admin.secretEncryptionKey?.id },
    replicas: mapValues(replicas, (replica) => ({ ...replica, encryptionKey: replica.encryptionKey?.id })),
  }),
  samples: {
    tier: ["db-custom-2-7680", "db-custom-4-15360"],
    "replicas.*.tier": ["db-custom-8-30720", "db-custom-16-61440"],
  },
  entryNames: { databases: "database", replicas: "replica" },
  computed: {
    "google_sql_database_instance.instance": {
      "settings.edition": edition("var.tier"),
      "settings.backup_configuration.transaction_log_retention_days":
        "${var.backup.point_in_time_recovery ? coalesce(var.backup.transaction_log_retention_days, min(7, var.backup.retained)) : null}",
    },
    "google_sql_database_instance.replica": {
      "settings.edition": edition("coalesce(each.value.tier, var.tier)"),
    },
  },
  defaults: { "backup.transaction_log_retention_days": null },
  outputs: [
    { member: "instanceName" },
    { member: "connectionName" },
    { member: "privateIp" },
    { member: "databases" },
    {
      member: "replicas",
      name: "replica_connection_names",
      part: "connectionName",
      description: "Connection names of the read replicas.",
    },
    { member: "adminName", description: "Name of the built-in user. Null without `admin`." },
    { member: "adminSecretId", description: "Id of the secret with its password. Null without `admin`." },
  ],
  descriptions: {
    databases:
      "Databases to create. One that leaves the list is refused by `prevent_destroy`: `terraform state rm` its address to keep it in the instance, or take that line from main.tf, and it is dropped with its data unless `deletion_protection` is true.",
    replicas:
      "Read replicas by a short name. Each costs as much as its machine type and the primary's disk. To remove one, take `prevent_destroy` from `replica` in main.tf, apply `deletion_protection = false`, and then remove it.",
    admin: "A built-in user with a password, for what IAM users may not do (grants).",
    disk_size_gb:
      "Size of the disk in GB at creation, from 10. Later changes are ignored, as the disk grows by itself: one that has outgrown this would be recreated.",
    deletion_protection:
      "Refuses to delete the instance in Google's API and in the provider. Terraform's own `prevent_destroy` takes no variable: to destroy, remove it from main.tf, apply this as false, and then destroy.",
  },
  rules: [
    {
      path: "name",
      condition: 'can(regex("^[a-z]([a-z0-9-]*[a-z0-9])?$", it)) && length("${var.project_id}:${it}") <= 98',
      message:
        "name has to be lower-case letters, digits and -, first a letter, last no -, and with the project at most 97 of them.",
    },
    {
      path: "replicas",
      condition:
        'alltrue([for key, replica in it : can(regex("^[a-z]([a-z0-9-]*[a-z0-9])?$", coalesce(replica.name, "${var.name}-${key}")))])',
      message:
        "replicas[*].name, or without it the primary's and the key, has to be lower-case letters, digits and -, first a letter, last no -.",
    },
    {
      path: "replicas.*",
      condition:
        "var.encryption_key_id == null || coalesce(it.region, var.region) == var.region || it.encryption_key_id != null",
      message:
        "replicas[*]: the primary is encrypted; one in another region needs an encryption_key_id there.",
    },
    ...["tier", "replicas.*.tier"].map((path) => ({
      path,
      condition: 'can(regex("^db-(f1-micro|g1-small|custom-[0-9]+-[0-9]+|perf-optimized-N-[0-9]+)$", it))',
      message: `${path.replaceAll(".*", "[*]")} has to be a machine type for PostgreSQL: db-f1-micro, db-g1-small, db-custom-<vCPU>-<MiB> or db-perf-optimized-N-<vCPU>.`,
    })),
    {
      path: "disk_size_gb",
      condition: whole(10, 65_536),
      message: "disk_size_gb has to be a whole number from 10 to 65536.",
    },
    {
      path: "disk_autoresize_limit_gb",
      condition: "it >= var.disk_size_gb && it <= 65536 && floor(it) == it",
      message: "disk_autoresize_limit_gb has to be a whole number from disk_size_gb to 65536.",
    },
    {
      path: "backup.retained",
      condition: whole(1, 365),
      message: "backup.retained has to be a whole number from 1 to 365.",
    },
    {
      path: "backup.start_time",
      condition: 'can(regex("^([01][0-9]|2[0-3]):[0-5][0-9]$", it))',
      message: "backup.start_time has to be HH:MM, UTC.",
    },
    {
      path: "backup",
      condition:
        "it.transaction_log_retention_days == null ? true : it.transaction_log_retention_days <= it.retained",
      message: "backup.transaction_log_retention_days cannot be above backup.retained.",
    },
    {
      path: "backup.transaction_log_retention_days",
      condition: 'it >= 1 && it <= (startswith(var.tier, "db-perf-optimized-") ? 35 : 7) && floor(it) == it',
      message:
        "backup.transaction_log_retention_days has to be a whole number from 1 to 7, or to 35 with a tier of db-perf-optimized.",
    },
    {
      path: "high_availability",
      condition: "!it || var.backup.point_in_time_recovery",
      message: "high_availability needs backup.point_in_time_recovery.",
    },
    {
      path: "maintenance_window.day",
      condition: whole(1, 7),
      message: "maintenance_window.day has to be 1 (Monday) to 7.",
    },
    {
      path: "maintenance_window.hour",
      condition: whole(0, 23),
      message: "maintenance_window.hour has to be 0 to 23.",
    },
    {
      path: "query_insights.query_string_length",
      condition: whole(256, 4500),
      message: "query_insights.query_string_length has to be 256 to 4500.",
    },
    {
      path: "query_insights.plans_per_minute",
      condition: whole(0, 20),
      message: "query_insights.plans_per_minute has to be 0 to 20.",
    },
    {
      path: "database_flags",
      condition: '!contains(keys(it), "cloudsql.iam_authentication")',
      message: "database_flags cannot set cloudsql.iam_authentication: use iam_authentication.",
    },
    {
      path: "database_flags",
      condition:
        'try(tonumber(it["max_connections"]) >= 14 && tonumber(it["max_connections"]) <= 262143, !contains(keys(it), "max_connections"))',
      message: "database_flags.max_connections has to be 14 to 262143.",
    },
    {
      path: "admin.password_version",
      condition: "it >= 1 && floor(it) == it",
      message: "admin.password_version has to be a whole number from 1.",
    },
  ],
  example: `module "database" {
  source     = "./modules/cloud-sql"
  depends_on = [module.network]

  project_id        = "my-project"
  region            = "us-central1"
  name              = "main"
  network_id        = module.network.network_id
  tier              = "db-custom-2-8192"
  high_availability = true
  disk_size_gb      = 50
  backup            = { retained = 30, point_in_time_recovery = true }
  databases         = ["app"]
  admin             = { name = "root", secret_id = "database-password", password_version = 1 }

  deletion_protection = true
}`,
};

/** A whole number in a range. */
function whole(from: number, to: number): string {
  return `it >= ${from} && it <= ${to} && floor(it) == it`;
}

function edition(tier: string): string {
  return `\${startswith(${tier}, "db-perf-optimized-") ? "ENTERPRISE_PLUS" : "ENTERPRISE"}`;
}

function key(id: string | undefined) {
  return id === undefined ? undefined : { id, grants: [] };
}

function mapValues<T, R>(map: Readonly<Record<string, T>> | undefined, by: (value: T) => R) {
  return map && Object.fromEntries(Object.entries(map).map(([name, value]) => [name, by(value)]));
}
