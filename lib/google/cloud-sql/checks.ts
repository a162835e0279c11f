import type { CloudSqlBackupProps, CloudSqlProps } from "./props";
import { maxConnections, readTier, tierProblem } from "./tiers";

/** What Cloud SQL would refuse at apply, or worse, accept: one line per problem, with what would be right. */
export function cloudSqlProblems(props: CloudSqlProps): string[] {
  const tiers = [props, ...Object.values(props.replicas ?? {})].map(({ tier = props.tier }) => tier);
  const badTiers = [...new Set(tiers)].map(tierProblem).filter((problem) => problem !== undefined);
  return [
    ...(props.network.privateServicesConnection
      ? []
      : [
          "the network has no private services access, without which there is no private address; give it privateServices.",
        ]),
    ...nameProblems(props),
    ...badTiers,
    ...whole("diskSizeGb", props.diskSizeGb, 10, 65_536),
    ...growthProblems(props),
    ...backupProblems(props),
    ...whole("maintenanceWindow.day", props.maintenanceWindow?.day, 1, 7),
    ...whole("maintenanceWindow.hour", props.maintenanceWindow?.hour, 0, 23),
    ...whole("queryInsights.queryStringLength", props.queryInsights?.queryStringLength, 256, 4500),
    ...whole("queryInsights.plansPerMinute", props.queryInsights?.plansPerMinute, 0, 20),
    ...flagProblems(props.databaseFlags),
    ...whole("admin.passwordVersion", props.admin?.passwordVersion, 1, Number.MAX_SAFE_INTEGER),
    ...(badTiers.length > 0 ? [] : replicaProblems(props)),
  ];
}

function nameProblems({ projectId, name, replicas = {} }: CloudSqlProps): string[] {
  const names = [name, ...Object.entries(replicas).map(([key, replica]) => replica.name ?? `${name}-${key}`)];
  return names
    .filter((each) => !/^[a-z]([a-z0-9-]*[a-z0-9])?$/.test(each) || `${projectId}:${each}`.length > 98)
    .map(
      (each) =>
        `"${each}" is no instance name; start with a letter, use a-z, 0-9 and -, and no more than 98 characters with the project and a colon.`,
    );
}

function growthProblems({
  diskSizeGb,
  diskAutoresize = true,
  diskAutoresizeLimitGb: limit,
}: CloudSqlProps): string[] {
  if (limit === undefined) return [];
  if (!diskAutoresize) return ["diskAutoresizeLimitGb limits nothing while diskAutoresize is off; drop one."];
  return whole("diskAutoresizeLimitGb", limit, diskSizeGb, 65_536);
}

function backupProblems({ backup, tier, highAvailability }: CloudSqlProps): string[] {
  return [
    ...whole("backup.retained", backup.retained, 1, 365),
    ...whole(
      "backup.transactionLogRetentionDays",
      backup.transactionLogRetentionDays,
      1,
      Math.min(backup.retained, longestLogRetention(tier)),
    ),
    ...startTimeProblems(backup),
    ...(highAvailability && !backup.pointInTimeRecovery
      ? ["highAvailability needs backup.pointInTimeRecovery; switch it on."]
      : []),
  ];
}

function longestLogRetention(tier: string): number {
  return tierProblem(tier) === undefined && readTier(tier).edition === "ENTERPRISE_PLUS" ? 35 : 7;
}

function startTimeProblems({ startTime = "03:00" }: CloudSqlBackupProps): string[] {
  return /^([01]\d|2[0-3]):[0-5]\d$/.test(startTime)
    ? []
    : [`backup.startTime is "${startTime}"; give HH:MM, UTC.`];
}

function flagProblems(flags: Record<string, string> = {}): string[] {
  const connections = flags["max_connections"];
  return [
    ...("cloudsql.iam_authentication" in flags
      ? ["databaseFlags sets cloudsql.iam_authentication; use the prop iamAuthentication."]
      : []),
    ...(connections === undefined
      ? []
      : whole("databaseFlags.max_connections", Number(connections), 14, 262_143)),
  ];
}

function replicaProblems(props: CloudSqlProps): string[] {
  const onPrimary = maxConnections(props.tier, props.databaseFlags);
  return Object.entries(props.replicas ?? {}).flatMap(([key, replica]) => {
    const { tier = props.tier, region = props.region } = replica;
    const onReplica = maxConnections(tier, props.databaseFlags);
    return [
      // PostgreSQL stops a standby that allows fewer connections than its primary.
      ...(onReplica < onPrimary
        ? [
            `replicas.${key}: ${tier} accepts ${onReplica} connections, the primary ${onPrimary}, and a replica must accept as many; use a larger machine type or set databaseFlags.max_connections.`,
          ]
        : []),
      ...(props.encryptionKey && region !== props.region && !replica.encryptionKey
        ? [`replicas.${key}: the primary is encrypted; give an encryptionKey in ${region}.`]
        : []),
    ];
  });
}

/** A value that may be missing, and otherwise must be a whole number in a range. */
function whole(name: string, value: number | undefined, from: number, to: number): string[] {
  if (value === undefined || (Number.isInteger(value) && value >= from && value <= to)) return [];
  const range = to === Number.MAX_SAFE_INTEGER ? `from ${from}` : `from ${from} to ${to}`;
  return [`${name} is ${value}; give a whole number ${range}.`];
}
