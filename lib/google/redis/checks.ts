import { cidrProblem, prefixLength } from "../../core/cidr";
import { nameProblem, type PropProblem, problemAt, wholeNumber } from "../../core/invalid-props";
import { configProblems } from "./configs";
import { DEFAULT_VERSION, type RedisProps } from "./props";

const MAX_NAME = 40;
const READ_REPLICAS_FROM_GB = 5;

/** What Memorystore would refuse, and the one thing that it accepts and we do not. */
export function redisProblems(props: RedisProps): PropProblem[] {
  const { maintenanceWindow: window, version = DEFAULT_VERSION } = props;
  return [
    ...problemAt(["name"], nameProblem(props.name, MAX_NAME)),
    ...wholeNumber(["memorySizeGb"], props.memorySizeGb, { from: 1, to: 300 }),
    ...versionProblems(version),
    ...addressProblems(props),
    ...replicaProblems(props),
    ...authProblems(props),
    ...configProblems(props.configs ?? {}, version),
    ...persistenceProblems(props),
    ...wholeNumber(["maintenanceWindow", "day"], window?.day, { from: 1, to: 7, optional: !window }),
    ...wholeNumber(["maintenanceWindow", "hour"], window?.hour, { from: 0, to: 23, optional: !window }),
  ];
}

function versionProblems(version: string): PropProblem[] {
  if (/^REDIS_(6_X|7_0|7_2)$/.test(version)) return [];
  return [
    {
      prop: ["version"],
      problem: `is "${version}", which Memorystore for Redis does not have`,
      instead: "give REDIS_6_X, REDIS_7_0 or REDIS_7_2; later engines are Valkey",
    },
  ];
}

function addressProblems(props: RedisProps): PropProblem[] {
  const { network, connectMode = "PRIVATE_SERVICE_ACCESS", reservedIpRange: range, tier, zone } = props;
  const found: PropProblem[] = [];
  const peered = connectMode === "DIRECT_PEERING";
  if (!peered && !network.privateServicesConnection)
    found.push({
      prop: ["network"],
      problem: "has no private services access, of which the instance would have its address",
      instead: "give it privateServices, or set connectMode to DIRECT_PEERING",
    });
  if (range !== undefined && peered) {
    const problem = cidrProblem(range);
    const least = props.readReplicas ? 28 : 29;
    found.push(...problemAt(["reservedIpRange"], problem));
    if (!problem && prefixLength(range) > least)
      found.push({
        prop: ["reservedIpRange"],
        problem: `"${range}" has too few addresses`,
        instead: `give a /${least}`,
      });
  } else if (range !== undefined) found.push(...problemAt(["reservedIpRange"], nameProblem(range)));
  if (props.alternativeZone !== undefined && tier === "BASIC")
    found.push({
      prop: ["alternativeZone"],
      problem: "is for a replica, and BASIC has none",
      instead: "drop it",
    });
  else if (props.alternativeZone !== undefined && props.alternativeZone === zone)
    found.push({ prop: ["alternativeZone"], problem: `is ${zone} again`, instead: "give another zone" });
  return found;
}

function replicaProblems({ tier, memorySizeGb, replicaCount, readReplicas }: RedisProps): PropProblem[] {
  const found: PropProblem[] = [];
  if (readReplicas && tier === "BASIC")
    found.push({ prop: ["readReplicas"], problem: "needs replicas", instead: "set tier to STANDARD_HA" });
  if (readReplicas && memorySizeGb < READ_REPLICAS_FROM_GB)
    found.push({
      prop: ["readReplicas"],
      problem: `needs ${READ_REPLICAS_FROM_GB} GB, and memorySizeGb is ${memorySizeGb}`,
      instead: "raise that, or leave readReplicas out",
    });
  if (replicaCount === undefined) return found;
  const prop = ["replicaCount"];
  if (tier === "BASIC")
    found.push(...wholeNumber(prop, replicaCount, { from: 0, to: 0 }).map(saying("set tier to STANDARD_HA")));
  else if (readReplicas) found.push(...wholeNumber(prop, replicaCount, { from: 1, to: 5 }));
  else
    found.push(
      ...wholeNumber(prop, replicaCount, { from: 1, to: 1 }).map(
        saying("give 1, or switch readReplicas on, with which it may be up to 5"),
      ),
    );
  return found;
}

const saying =
  (instead: string) =>
  (problem: PropProblem): PropProblem => ({ ...problem, instead });

function authProblems({ authEnabled }: RedisProps): PropProblem[] {
  if (!authEnabled) return [];
  return [
    {
      prop: ["authEnabled"],
      problem: "makes a password that Terraform reads into its state, for whoever may plan",
      instead: "leave it out: TLS, the private address and the network's firewall keep others out",
    },
  ];
}

function persistenceProblems({ persistence }: RedisProps): PropProblem[] {
  const { startTime } = persistence ?? {};
  if (startTime === undefined || /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/.test(startTime)) return [];
  return [
    {
      prop: ["persistence", "startTime"],
      problem: `is "${startTime}"`,
      instead: 'give a moment in UTC such as "2026-01-01T03:00:00Z"',
    },
  ];
}
