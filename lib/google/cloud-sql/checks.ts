import { IPv4 } from "ipaddr.js";
import { cidrProblem, prefixLength } from "../../core/cidr";
import { type PropProblem, problemAt, problemsIn, wholeNumber } from "../../core/invalid-props";
import { extensionProblems } from "./extensions";
import type { CloudSqlProps } from "./props";
import { maxConnections, readTier, tierProblem } from "./tiers";

/** What Cloud SQL would refuse at apply, or worse, accept. */
export function cloudSqlProblems(props: CloudSqlProps): PropProblem[] {
  const { maintenanceWindow, queryInsights, replicas = {} } = props;
  const badTiers = [
    ...problemAt(["tier"], tierProblem(props.tier)),
    ...Object.entries(replicas).flatMap(([key, { tier }]) =>
      tier === undefined ? [] : problemAt(["replicas", key, "tier"], tierProblem(tier)),
    ),
  ];
  return [
    ...networkProblems(props),
    ...authorizedProblems(props),
    ...nameProblems(props),
    ...versionProblems(props),
    ...badTiers,
    ...poolProblems(props),
    ...wholeNumber(["diskSizeGb"], props.diskSizeGb, { from: 10, to: MAX_DISK_GB }),
    ...growthProblems(props),
    ...backupProblems(props),
    ...wholeNumber(["maintenanceWindow", "day"], maintenanceWindow?.day, { from: 1, to: 7, optional: true }),
    ...wholeNumber(["maintenanceWindow", "hour"], maintenanceWindow?.hour, {
      from: 0,
      to: 23,
      optional: true,
    }),
    ...problemsIn(
      ["queryInsights"],
      [
        ...wholeNumber(["queryStringLength"], queryInsights?.queryStringLength, {
          from: 256,
          to: 4500,
          optional: true,
        }),
        ...wholeNumber(["plansPerMinute"], queryInsights?.plansPerMinute, {
          from: 0,
          to: 20,
          optional: true,
        }),
      ],
    ),
    ...flagProblems(props.databaseFlags),
    ...extensionProblems(props.extensions, props.databaseFlags),
    ...wholeNumber(["admin", "passwordVersion"], props.admin?.passwordVersion, { from: 1, optional: true }),
    ...(badTiers.length > 0 ? [] : replicaProblems(props)),
  ];
}

const MAX_DISK_GB = 65_536;

function networkProblems({ network }: CloudSqlProps): PropProblem[] {
  if (network.privateServicesConnection) return [];
  const problem = "has no private services access, without which there is no private address";
  return [{ prop: ["network"], problem, instead: "give it privateServices" }];
}

/** Addresses that are nobody's on the internet: private, shared, link-local. */
const NOT_PUBLIC = ["private", "carrierGradeNat", "linkLocal", "loopback", "unspecified", "multicast"];

function authorizedProblems({ publicAddress }: CloudSqlProps): PropProblem[] {
  return Object.entries(publicAddress?.authorizedNetworks ?? {}).flatMap(([name, range]) => {
    const prop = ["publicAddress", "authorizedNetworks", name];
    const problem = cidrProblem(range);
    if (problem) return problemAt(prop, problem);
    if (prefixLength(range) < 8)
      return [
        { prop, problem: `is ${range}, a large part of the internet`, instead: "name who may connect" },
      ];
    if (NOT_PUBLIC.includes(IPv4.parseCIDR(range)[0].range()))
      return [
        {
          prop,
          problem: `is ${range}, which no client on the internet has`,
          instead: "drop it: the network reaches the private address without",
        },
      ];
    return [];
  });
}

function versionProblems({ databaseVersion = "POSTGRES_16" }: CloudSqlProps): PropProblem[] {
  if (/^POSTGRES_1[3-8]$/.test(databaseVersion)) return [];
  return [
    {
      prop: ["databaseVersion"],
      problem: `is "${databaseVersion}"`,
      instead: "give POSTGRES_13 to POSTGRES_18, such as POSTGRES_16",
    },
  ];
}

function poolProblems({ connectionPool, tier }: CloudSqlProps): PropProblem[] {
  if (!connectionPool || tierProblem(tier) || readTier(tier).edition === "ENTERPRISE_PLUS") return [];
  return [
    {
      prop: ["connectionPool"],
      problem: `is of the edition Enterprise Plus, and ${tier} is not`,
      instead: "use PgBouncer beside the application, or take a db-perf-optimized-N-<vCPU>",
    },
  ];
}

function nameProblems({ projectId, name, replicas = {} }: CloudSqlProps): PropProblem[] {
  const names = [
    { prop: ["name"], name },
    ...Object.entries(replicas).map(([key, replica]) => ({
      prop: ["replicas", key],
      name: replica.name ?? `${name}-${key}`,
    })),
  ];
  return names
    .filter(
      (each) => !/^[a-z]([a-z0-9-]*[a-z0-9])?$/.test(each.name) || `${projectId}:${each.name}`.length > 98,
    )
    .map((each) => ({
      prop: each.prop,
      problem: `"${each.name}" is no instance name`,
      instead:
        "start with a letter, use a-z, 0-9 and -, and no more than 98 characters with the project and a colon",
    }));
}

function growthProblems({
  diskSizeGb,
  diskAutoresize = true,
  diskAutoresizeLimitGb: limit,
}: CloudSqlProps): PropProblem[] {
  const prop = ["diskAutoresizeLimitGb"];
  if (limit === undefined || diskAutoresize)
    return wholeNumber(prop, limit, { from: diskSizeGb, to: MAX_DISK_GB, optional: true });
  return [{ prop, problem: "limits nothing while diskAutoresize is off", instead: "drop one of the two" }];
}

function backupProblems({ backup, tier, highAvailability }: CloudSqlProps): PropProblem[] {
  const { retained, transactionLogRetentionDays, startTime = "03:00" } = backup;
  const longest = Math.min(retained, longestLogRetention(tier));
  const found = problemsIn(
    ["backup"],
    [
      ...wholeNumber(["retained"], retained, { from: 1, to: 365 }),
      ...wholeNumber(["transactionLogRetentionDays"], transactionLogRetentionDays, {
        from: 1,
        to: longest,
        optional: true,
      }),
    ],
  );
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(startTime))
    found.push({ prop: ["backup", "startTime"], problem: `is "${startTime}"`, instead: "give HH:MM, UTC" });
  if (highAvailability && !backup.pointInTimeRecovery)
    found.push({
      prop: ["highAvailability"],
      problem: "needs backup.pointInTimeRecovery",
      instead: "switch that on",
    });
  return found;
}

function longestLogRetention(tier: string): number {
  return tierProblem(tier) === undefined && readTier(tier).edition === "ENTERPRISE_PLUS" ? 35 : 7;
}

function flagProblems(flags: Record<string, string> = {}): PropProblem[] {
  const connections = flags["max_connections"];
  const found = wholeNumber(
    ["databaseFlags", "max_connections"],
    connections === undefined ? undefined : Number(connections),
    { from: 14, to: 262_143, optional: true },
  );
  if ("cloudsql.iam_authentication" in flags)
    found.push({
      prop: ["databaseFlags", "cloudsql.iam_authentication"],
      problem: "is what the prop iamAuthentication sets",
      instead: "use that",
    });
  return found;
}

function replicaProblems(props: CloudSqlProps): PropProblem[] {
  const onPrimary = maxConnections(props.tier, props.databaseFlags);
  return Object.entries(props.replicas ?? {}).flatMap(([key, replica]) => {
    const { tier = props.tier, region = props.region } = replica;
    const onReplica = maxConnections(tier, props.databaseFlags);
    const found: PropProblem[] = [];
    // PostgreSQL stops a standby that allows fewer connections than its primary.
    if (onReplica < onPrimary)
      found.push({
        prop: ["replicas", key, "tier"],
        problem: `${tier} accepts ${onReplica} connections, and a replica must as many as the primary, ${onPrimary}`,
        instead: "use a larger machine type, or set databaseFlags.max_connections",
      });
    if (props.encryptionKey && region !== props.region && !replica.encryptionKey)
      found.push({
        prop: ["replicas", key, "encryptionKey"],
        problem: "is missing, and the primary is encrypted",
        instead: `give a key in ${region}`,
      });
    return found;
  });
}
