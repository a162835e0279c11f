import { Token } from "cdktf";
import { hostname, isHostName, recordNameProblem } from "../../core/dns-zone";
import { nameProblem, type PropProblem, problemAt, problemsIn, wholeNumber } from "../../core/invalid-props";
import type { CloudDnsZoneProps, DelegatedZone } from "./props";
import { type CloudDnsRecordProps, nameOf, TYPES } from "./records";

/** What is wrong with a zone's props. */
export function problems(props: CloudDnsZoneProps): PropProblem[] {
  const { zoneName, networks, dnssec, records = {}, delegations = {} } = props;
  const found = problemAt(["name"], nameProblem(props.name));
  if (!isHostName(zoneName) && !/^[a-z0-9-]+$/.test(zoneName))
    found.push({
      prop: ["zoneName"],
      problem: `is "${zoneName}", which is no domain`,
      instead: 'give one in small letters without a dot at the end, such as "example.com"',
    });
  if (networks?.length === 0)
    found.push({
      prop: ["networks"],
      problem: "is empty, so nobody could ask the zone",
      instead: "name one at least, or leave it out for a public zone",
    });
  if (networks && dnssec)
    found.push({
      prop: ["dnssec"],
      problem: "is given for a private zone",
      instead: "leave it out, as Cloud DNS signs public ones alone",
    });
  return [...found, ...recordsProblems(zoneName, records), ...delegationProblems(props, delegations)];
}

function recordsProblems(
  zoneName: string,
  records: Readonly<Record<string, CloudDnsRecordProps>>,
): PropProblem[] {
  const byName = new Map<string, string[]>();
  const found = Object.entries(records).flatMap(([key, record]) => {
    const name = nameOf(key, record);
    const others = byName.get(name) ?? [];
    byName.set(name, [...others, key]);
    const where = record.name === undefined ? [] : ["name"];
    const same = others.find((other) => records[other]?.type === record.type);
    return problemsIn(
      ["records", key],
      [
        ...problemAt(where, recordNameProblem(name, zoneName)),
        ...(same === undefined
          ? []
          : [
              {
                prop: ["type"],
                problem: `is ${record.type}, which "${name}" has by "${same}"`,
                instead: "give that one all the values",
              },
            ]),
        ...recordProblems(name, record),
      ],
    );
  });
  for (const [name, keys] of byName) {
    const alias = keys.find((key) => records[key]?.type === "CNAME");
    if (alias !== undefined && keys.length > 1)
      found.push({
        prop: ["records", alias],
        problem: `is a CNAME, and "${name}" has another record`,
        instead: "leave one of them out, as DNS allows a CNAME alone",
      });
  }
  return found;
}

function recordProblems(name: string, { type, values, ttl }: CloudDnsRecordProps): PropProblem[] {
  const known = Object.hasOwn(TYPES, type) ? TYPES[type] : undefined;
  if (!known)
    return [
      {
        prop: ["type"],
        problem: `is "${type}"`,
        instead: `give one of ${Object.keys(TYPES).join(", ")}`,
      },
    ];
  const found = wholeNumber(["ttl"], ttl, { from: 1, to: 86_400, unit: "seconds", optional: true });
  if (name === "@" && type === "NS")
    found.push({
      prop: ["type"],
      problem: "is NS for the zone itself, whose name servers Cloud DNS writes down",
      instead: "leave it out",
    });
  if (name === "@" && type === "CNAME")
    found.push({
      prop: ["type"],
      problem: "is CNAME for the zone itself, beside its NS and SOA records",
      instead: "give A and AAAA records",
    });
  if (Token.isUnresolved(values)) return found;
  if (values.length === 0)
    found.push({ prop: ["values"], problem: "is empty", instead: "give one at least" });
  if (type === "CNAME" && values.length > 1)
    found.push({
      prop: ["values"],
      problem: `has ${values.length} entries for a CNAME`,
      instead: "give one",
    });
  for (const [index, value] of values.entries()) {
    if (Token.isUnresolved(value)) continue;
    if (!known.is(value))
      found.push({ prop: ["values", index], problem: `is "${value}"`, instead: `give ${known.give}` });
    if (values.indexOf(value) !== index)
      found.push({
        prop: ["values", index],
        problem: `is "${value}", which is there already`,
        instead: "name it once",
      });
  }
  return found;
}

function delegationProblems(
  { zoneName, networks, records = {} }: CloudDnsZoneProps,
  delegations: Readonly<Record<string, DelegatedZone>>,
): PropProblem[] {
  if (networks && Object.keys(delegations).length > 0)
    return [
      {
        prop: ["delegations"],
        problem: "are given for a private zone, where nobody follows them",
        instead: "leave them out, as a network takes the longest of its zones",
      },
    ];
  const taken = new Set(
    Object.entries(records).flatMap(([key, record]) =>
      record.type === "NS" ? [hostname(nameOf(key, record), zoneName)] : [],
    ),
  );
  return Object.entries(delegations).flatMap(([key, { zoneName: child, nameServers }]) => {
    const at = (name: string) => ["delegations", key, name];
    const found: PropProblem[] = [];
    if (!isHostName(child) || !child.endsWith(`.${zoneName}`))
      found.push({
        prop: at("zoneName"),
        problem: `is "${child}", which is not below ${zoneName}`,
        instead: `give a zone such as "dev.${zoneName}"`,
      });
    if (taken.has(child))
      found.push({
        prop: at("zoneName"),
        problem: `is "${child}", which has NS records already`,
        instead: "give them once",
      });
    taken.add(child);
    if (Token.isUnresolved(nameServers)) return found;
    if (nameServers.length === 0)
      found.push({ prop: at("nameServers"), problem: "is empty", instead: "name one at least" });
    for (const [index, server] of nameServers.entries())
      if (!Token.isUnresolved(server) && !(server.endsWith(".") && isHostName(server.slice(0, -1))))
        found.push({
          prop: [...at("nameServers"), index],
          problem: `is "${server}"`,
          instead: 'give a full host name with a dot at the end, such as "ns-cloud-a1.googledomains.com."',
        });
    return found;
  });
}
