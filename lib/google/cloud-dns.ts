import { isIPv4, isIPv6 } from "node:net";
import { DataGoogleDnsKeys } from "@cdktf/provider-google/lib/data-google-dns-keys";
import { DnsManagedZone } from "@cdktf/provider-google/lib/dns-managed-zone";
import { DnsRecordSet } from "@cdktf/provider-google/lib/dns-record-set";
import { Token } from "cdktf";
import { Construct } from "constructs";
import {
  type Alias,
  type DnsZone,
  hostname,
  isHostName,
  quotedText,
  recordNameProblem,
} from "../core/dns-zone";
import {
  nameProblem,
  type PropProblem,
  problemAt,
  problemsIn,
  rejectProps,
  wholeNumber,
} from "../core/invalid-props";
import { lifecycle, mapValues } from "../core/props";
import type { Networking } from "./networking";

const DEFAULT_TTL = 300;

/** Types of record that a zone takes; SOA and its own NS records Cloud DNS makes itself. */
export type CloudDnsRecordType =
  | "A"
  | "AAAA"
  | "CAA"
  | "CNAME"
  | "DS"
  | "HTTPS"
  | "MX"
  | "NS"
  | "PTR"
  | "SRV"
  | "SSHFP"
  | "SVCB"
  | "TLSA"
  | "TXT";

export interface CloudDnsRecordProps {
  /**
   * Name below the zone: `api`, `*.staging`, or `@` for the zone itself. Changing it recreates the record.
   * @default the record's key in `records`
   */
  readonly name?: string;
  /** Record type. Changing it recreates the record. */
  readonly type: CloudDnsRecordType;
  /**
   * All the values of this name and type, as in zone files: `["203.0.113.7"]`, `["10 mail.example.net"]` for MX,
   * `["0 issue \"pki.goog\""]` for CAA. Host names are full and without a dot at the end, which is added; text is without quotes
   * around it and escapes, which are added. Of references to host names, Google's end with a dot and are taken as they are.
   */
  readonly values: readonly string[];
  /** Seconds for which others remember it, from 1 to 86400. @default 300 */
  readonly ttl?: number;
}

/** A zone below this one that other name servers answer for. A `CloudDnsZone` is one. */
export interface DelegatedZone {
  /** Its domain, below this zone's: `dev.example.com`. */
  readonly zoneName: string;
  /** Its name servers, with a dot at the end. */
  readonly nameServers: readonly string[];
  /** Its DS record (`<tag> <algorithm> <digest type> <digest>`), if it is signed. @default none */
  readonly dsRecord?: string;
}

export interface CloudDnsZoneProps {
  /** Id of the Google Cloud project. */
  readonly projectId: string;
  /** Name of the managed zone, unique in its project. Changing it recreates the zone, with other name servers. */
  readonly name: string;
  /** Domain of the zone, such as `example.com`, without a dot at the end. Changing it recreates the zone. */
  readonly zoneName: string;
  /** For people. @default "Managed by Terraform" */
  readonly description?: string;
  /**
   * Networks that alone may ask the zone: it is private then. Going from public to private recreates it.
   * @default none, the zone is public
   */
  readonly networks?: readonly Pick<Networking, "networkId">[];
  /**
   * DNSSEC of a public zone: `on` signs it, `transfer` keeps the old keys while the zone moves elsewhere. Before `off`, take the
   * DS record out of the parent zone and wait for its TTL, or resolvers refuse every answer.
   * @default "on"; private zones have none
   */
  readonly dnssec?: "on" | "transfer" | "off";
  /** The records, by a key that becomes part of their Terraform address. @default none */
  readonly records?: Record<string, CloudDnsRecordProps>;
  /**
   * Zones below this one, by a key that becomes part of their Terraform address: their NS records are made here, and their DS
   * records where both are signed.
   * @default none
   */
  readonly delegations?: Record<string, DelegatedZone>;
  /** Write each query to Cloud Logging, which bills it by volume. @default false */
  readonly queryLogs?: boolean;
  /**
   * Terraform refuses to destroy the zone: another has other name servers, and the parent's point to the old ones. Switch off
   * and apply before a destroy.
   */
  readonly deletionProtection: boolean;
  /** Labels of the zone. @default none */
  readonly labels?: Record<string, string>;
}

/**
 * Cloud DNS managed zone, public and signed with DNSSEC or private to networks, with its record sets and the delegation of
 * zones below it.
 *
 * A new public zone answers once its parent has its name servers (`nameServers`, at the registrar or in the parent's
 * `delegations`); with DNSSEC the parent needs `dsRecord` too, after the name servers and not before.
 *
 * A record set takes over what there is: made for a name and type that somebody entered by hand it replaces the values. So the
 * NS and SOA records of the zone itself, which Cloud DNS makes, are refused here: a destroy would take them along.
 *
 * A zone costs 0.20 USD a month, a million queries 0.40. The applying identity needs roles/dns.admin.
 *
 * Source: OctoLLM document, section "DNS Module".
 * @see https://cloud.google.com/dns/docs/records-overview
 * @throws when a record cannot work: a name that repeats the zone, values that do not fit the type, a CNAME beside another record
 *   or at the zone itself, two record sets of one name and type, a delegation to elsewhere
 * @example
 * ```ts
 * const child = new CloudDnsZone(stack, "dev-zone", {
 *   projectId: "acme-dev",
 *   name: "acme-dev-zone",
 *   zoneName: "dev.example.com",
 *   records: { api: { type: "A", values: ["203.0.113.7"] } },
 *   deletionProtection: false,
 * });
 * const zone = new CloudDnsZone(stack, "zone", {
 *   projectId: "acme-prod",
 *   name: "acme-zone",
 *   zoneName: "example.com",
 *   records: {
 *     mail: { name: "@", type: "MX", values: ["10 mx1.example.net", "20 mx2.example.net"] },
 *     policy: { name: "@", type: "TXT", values: ["v=spf1 include:_spf.example.net -all"] },
 *     www: { type: "CNAME", values: ["example.com"], ttl: 3600 },
 *   },
 *   delegations: { dev: child },
 *   deletionProtection: true,
 * });
 * stack.output("name_servers", { value: zone.nameServers });
 * stack.output("ds_record", { value: zone.dsRecord });
 * ```
 */
export class CloudDnsZone<Key extends string = string> extends Construct implements DnsZone, DelegatedZone {
  /** Domain of the zone, without a dot at the end. */
  readonly zoneName: string;
  readonly isPublic: boolean;
  /** Name of the managed zone. */
  readonly managedZoneName: string;
  /** Name servers that answer for the zone, with a dot at the end: what the parent's NS records say. */
  readonly nameServers: string[];
  /** DS record for the parent zone or the registrar; undefined for a zone that is not signed. */
  readonly dsRecord: string | undefined;
  /** Full name of each record (`api.example.com`), by its key in `records`. */
  readonly hostnames: Readonly<Record<Key, string>>;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: CloudDnsZoneProps & {
      readonly records?: Readonly<Record<Key, CloudDnsRecordProps>>;
    },
  ) {
    super(scope, id);
    rejectProps(this, problems(props));
    const { projectId: project, zoneName, networks, dnssec = "on" } = props;
    const isPublic = networks === undefined;

    const zone = new DnsManagedZone(this, "Resource", {
      project,
      name: props.name,
      dnsName: `${zoneName}.`,
      description: props.description,
      visibility: isPublic ? "public" : "private",
      privateVisibilityConfig: networks && {
        networks: networks.map(({ networkId }) => ({ networkUrl: networkId })),
      },
      dnssecConfig: isPublic ? { state: dnssec, nonExistence: "nsec3" } : undefined,
      cloudLoggingConfig: { enableLogging: props.queryLogs ?? false },
      forceDestroy: false,
      labels: props.labels,
      lifecycle: lifecycle(props.deletionProtection),
    });
    this.zoneName = zoneName;
    this.isPublic = isPublic;
    this.managedZoneName = zone.name;
    this.nameServers = zone.nameServers;
    this.dsRecord =
      isPublic && dnssec === "on"
        ? new DataGoogleDnsKeys(this, "keys", { project, managedZone: zone.id }).keySigningKeys.get(0)
            .dsRecord
        : undefined;

    const records: Readonly<Record<Key, CloudDnsRecordProps>> = props.records ?? ({} as never);
    this.hostnames = mapValues(records, (record, key) => hostname(nameOf(key, record), zoneName));
    for (const [key, { type, values, ttl }] of Object.entries<CloudDnsRecordProps>(records))
      this.recordSet(this, key, {
        name: `${this.hostnames[key as Key]}.`,
        type,
        ttl,
        rrdatas: Token.isUnresolved(values) ? [...values] : values.map((value) => rrdataOf(type, value)),
      });
    for (const [key, delegated] of Object.entries(props.delegations ?? {})) {
      const name = `${delegated.zoneName}.`;
      this.recordSet(this, `${key}-delegation`, { name, type: "NS", rrdatas: delegated.nameServers });
      if (delegated.dsRecord !== undefined && this.dsRecord !== undefined)
        this.recordSet(this, `${key}-ds`, { name, type: "DS", rrdatas: [delegated.dsRecord] });
    }
  }

  publishAlias(scope: Construct, id: string, { name, target }: Alias): void {
    this.recordSet(scope, id, { name, type: "CNAME", rrdatas: [target] });
  }

  private recordSet(
    scope: Construct,
    id: string,
    { name, type, ttl, rrdatas }: { name: string; type: string; ttl?: number; rrdatas: readonly string[] },
  ): void {
    new DnsRecordSet(scope, id, {
      project: this.props.projectId,
      managedZone: this.managedZoneName,
      name,
      type,
      ttl: ttl ?? DEFAULT_TTL,
      // A reference to a list stays one.
      rrdatas: rrdatas as string[],
    });
  }
}

interface RecordType {
  readonly is: (value: string) => boolean;
  /** What a good value is. */
  readonly give: string;
  /** Which of the words is a host name, to be ended with a dot. */
  readonly host?: number;
}

const matching = (pattern: RegExp) => (value: string) => pattern.test(value);
/** Words, of which the one at this place is a host name. */
const withHost = (pattern: RegExp, host: number) => (value: string) =>
  pattern.test(value) && isTarget(value.split(" ")[host] as string);
const HOST: RecordType = { is: isHostName, give: "a full host name without a dot at the end", host: 0 };
const SERVICE: RecordType = {
  is: withHost(/^\d+ \S+( \S+)*$/, 1),
  give: 'a priority, a host name without a dot at the end or ".", and parameters, such as "1 . alpn=h2"',
  host: 1,
};

const TYPES: Readonly<Record<CloudDnsRecordType, RecordType>> = {
  A: { is: isIPv4, give: "an IPv4 address" },
  AAAA: { is: isIPv6, give: "an IPv6 address" },
  CAA: {
    is: matching(/^\d+ (issue|issuewild|iodef) "[^"]*"$/),
    give: 'a flag, a tag and a quoted value, such as 0 issue "pki.goog"',
  },
  CNAME: HOST,
  DS: {
    is: matching(/^\d+ \d+ \d+ [0-9A-Fa-f]+$/),
    give: "key tag, algorithm, digest type and digest",
  },
  HTTPS: SERVICE,
  MX: {
    is: withHost(/^\d+ \S+$/, 1),
    give: 'a preference and a host name without a dot at the end, such as "10 mail.example.net"',
    host: 1,
  },
  NS: HOST,
  PTR: HOST,
  SRV: {
    is: withHost(/^\d+ \d+ \d+ \S+$/, 3),
    give: 'priority, weight, port and a host name without a dot at the end, such as "10 5 5060 sip.example.net"',
    host: 3,
  },
  SSHFP: { is: matching(/^\d+ \d+ [0-9A-Fa-f]+$/), give: "algorithm, type and fingerprint" },
  SVCB: SERVICE,
  TLSA: { is: matching(/^\d+ \d+ \d+ [0-9A-Fa-f]+$/), give: "usage, selector, matching type and data" },
  TXT: { is: (value) => value !== "", give: "some text" },
};

/** A host name in a value, or "." for the name of the record itself. */
function isTarget(text: string): boolean {
  return text === "." || isHostName(text);
}

function rrdataOf(type: CloudDnsRecordType, value: string): string {
  if (Token.isUnresolved(value)) return value;
  if (type === "TXT") return quotedText(value);
  const { host } = TYPES[type];
  if (host === undefined) return value;
  return value
    .split(" ")
    .map((word, index) => (index === host && word !== "." ? `${word}.` : word))
    .join(" ");
}

function nameOf(key: string, record: CloudDnsRecordProps): string {
  return record.name ?? key;
}

function problems(props: CloudDnsZoneProps): PropProblem[] {
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
