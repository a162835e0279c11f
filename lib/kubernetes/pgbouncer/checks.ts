import { Token } from "cdktf";
import { nameProblem, type PropProblem, problemAt, wholeNumber } from "../../core/invalid-props";
import { mapValues } from "../../core/props";
import type { PgBouncerProps } from "./props";

export const DEFAULT_REPLICAS = 2;
export const DEFAULT_POOL_SIZE = 20;

/** Room for what is put behind the release's name. */
const NAME_LENGTH = 40;

export function problems(props: PgBouncerProps): PropProblem[] {
  const { databases, timeouts = {}, server, login } = props;
  const found: PropProblem[] = [
    ...problemAt(["name"], nameProblem(props.name, NAME_LENGTH)),
    ...wholeNumber(["serverConnections"], props.serverConnections, { from: 1 }),
    ...wholeNumber(["replicas"], props.replicas, { from: 1, to: 100, optional: true }),
    ...wholeNumber(["maxClients"], props.maxClients, { from: 1, to: 100_000, optional: true }),
    ...(["minimum", "reserve", "preparedStatements"] as const).flatMap((prop) =>
      wholeNumber([prop], props[prop], { from: 0, to: 10_000, optional: true }),
    ),
    ...Object.entries(timeouts).flatMap(([name, value]) =>
      wholeNumber(["timeouts", name], value, { from: 0, to: 86_400, unit: "seconds", optional: true }),
    ),
    ...Object.entries(databases).flatMap(([name, { poolSize }]) => [
      ...(/^[a-z_][a-z0-9_]*$/.test(name) && name !== "pgbouncer"
        ? []
        : [
            {
              prop: ["databases", name],
              problem: "is no name for clients",
              instead: "use lower-case letters, digits and _, and not pgbouncer, its console's",
            },
          ]),
      ...wholeNumber(["databases", name, "poolSize"], poolSize, { from: 1, to: 10_000, optional: true }),
    ]),
    ...(["image", "metricsImage"] as const).flatMap((prop) => imageProblems(prop, props[prop])),
  ];
  if (Object.keys(databases).length === 0)
    found.push({ prop: ["databases"], problem: "is empty", instead: "name a database" });
  if (Object.keys(props.clients).length === 0)
    found.push({
      prop: ["clients"],
      problem: "is empty, which is every pod",
      instead: "name a label of those that may connect",
    });
  if (!login.password && !login.identity.databaseUser)
    found.push({
      prop: ["login", "identity"],
      problem: "is no database user",
      instead: "give one with sqlInstance, or a password",
    });
  if ("host" in server) {
    if (!login.password)
      found.push({
        prop: ["login", "password"],
        problem: "is missing, and only Cloud SQL's proxy logs in without",
        instead: "give it, or an instance as server",
      });
    if (!Token.isUnresolved(server.host) && !/^\d+(\.\d+){3}$/.test(server.host))
      found.push({
        prop: ["server", "host"],
        problem: `is "${server.host}"`,
        instead: "give its private address, which the network policy names",
      });
    if (!Token.isUnresolved(server.ca) && !server.ca.includes("-----BEGIN CERTIFICATE-----"))
      found.push({
        prop: ["server", "ca"],
        problem: "is no certificate",
        instead: "give the authority's, PEM",
      });
  }
  if (found.length === 0) found.push(...connectionProblems(props));
  return found;
}

function imageProblems(prop: string, image: string): PropProblem[] {
  if (Token.isUnresolved(image) || /^[^\s@]+@sha256:[0-9a-f]{64}$/.test(image)) return [];
  return [{ prop: [prop], problem: `is "${image}"`, instead: "give it by digest, @sha256:…" }];
}

/** All replicas together, at their most, against what the server has. */
function connectionProblems(props: PgBouncerProps): PropProblem[] {
  const { databases, serverConnections, reserve = 0, replicas = DEFAULT_REPLICAS } = props;
  const pools = Object.values(mapValues(databases, ({ poolSize = DEFAULT_POOL_SIZE }) => poolSize + reserve));
  const most = replicas * pools.reduce((sum, size) => sum + size, 0);
  if (most <= serverConnections) return [];
  return [
    {
      prop: ["serverConnections"],
      problem: `is ${serverConnections}, of which ${replicas} replicas may take ${most}`,
      instead: "make pools or reserve smaller, or raise what the server has",
    },
  ];
}
