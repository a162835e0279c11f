import { isIPv4, isIPv6 } from "node:net";
import { DnsRecord } from "@cdktf/provider-cloudflare/lib/dns-record";
import { Fn, Token } from "cdktf";
import { Construct } from "constructs";
import {
  type Alias,
  type DnsZone,
  hostname,
  isHostName,
  quotedText,
  recordNameProblem,
} from "../core/dns-zone";
import { type PropProblem, problemAt, problemsIn, rejectProps } from "../core/invalid-props";
import { mapValues } from "../core/props";

/** TTL that Cloudflare calls "automatic": 300 s, or its own choice for a proxied record. */
const AUTOMATIC_TTL = 1;

export interface DnsRecordProps {
  /**
   * Name below the zone: `api`, `*.staging`, or `@` for the zone itself. Changing it recreates the record.
   * @default the record's key in `records`
   */
  readonly name?: string;
  /** Record type. */
  readonly type: "A" | "AAAA" | "CNAME" | "MX" | "TXT";
  /** Address, host name without a dot at the end, or text: without quotes around it and escapes, which are added. */
  readonly content: string;
  /** Send the traffic through Cloudflare. For A, AAAA and CNAME. @default false: DNS only */
  readonly proxied?: boolean;
  /**
   * The zone has an advanced edge certificate (10 USD a month) that covers this name. The certificate that comes with
   * every zone covers one level: behind the proxy, `alice.staging.example.com` fails every TLS handshake without.
   * @default false
   */
  readonly advancedCertificate?: boolean;
  /** Seconds from 60 to 86400; not for proxied records, whose TTL is Cloudflare's. @default automatic, 300 */
  readonly ttl?: number;
  /** Preference of an MX record, lowest first. Required there, for no other type. @default none */
  readonly priority?: number;
  /** For people; not in DNS answers. @default none */
  readonly comment?: string;
}

export interface CloudflareDnsProps {
  /** Id of an existing Cloudflare zone. */
  readonly zoneId: string;
  /** The zone's domain, such as `example.com`. Record names are written out with it: Cloudflare answers with full names. */
  readonly zoneName: string;
  /** The records, by a key that becomes part of their Terraform address. */
  readonly records: Record<string, DnsRecordProps>;
}

/**
 * DNS records of a Cloudflare zone. They cost nothing, and take effect within their old TTL.
 *
 * Source: infrastructure document, sections "Directory Layout" (module dns) and "Environment: Production".
 * @see https://developers.cloudflare.com/dns/manage-dns-records/reference/dns-record-types/
 * @throws when a record cannot work: a name that repeats the zone, content that does not fit the type, a CNAME
 *   beside another record, a proxied name that no edge certificate covers
 * @example
 * ```ts
 * const dns = new CloudflareDns(stack, "dns", {
 *   zoneId: "0123456789abcdef0123456789abcdef",
 *   zoneName: "example.com",
 *   records: {
 *     apex: { name: "@", type: "A", content: "203.0.113.7", proxied: true },
 *     www: { type: "CNAME", content: "example.com", proxied: true },
 *     mail: { name: "@", type: "MX", content: "mail.example.net", priority: 10 },
 *   },
 * });
 * stack.output("host", { value: dns.hostnames.www });
 * ```
 */
export class CloudflareDns<Key extends string = string> extends Construct implements DnsZone {
  /** Id of the zone. */
  readonly zoneId: string;
  /** Domain of the zone. */
  readonly zoneName: string;
  readonly isPublic = true;
  /** Full name of each record (`api.example.com`), by its key in `records`. */
  readonly hostnames: Readonly<Record<Key, string>>;

  constructor(
    scope: Construct,
    id: string,
    readonly props: CloudflareDnsProps & { readonly records: Readonly<Record<Key, DnsRecordProps>> },
  ) {
    super(scope, id);
    rejectProps(this, problems(props));
    this.zoneId = props.zoneId;
    this.zoneName = props.zoneName;
    const records: Readonly<Record<Key, DnsRecordProps>> = props.records;
    this.hostnames = mapValues(records, (record, key) => hostname(nameOf(key, record), props.zoneName));
    for (const [key, record] of Object.entries(props.records))
      new DnsRecord(this, key, {
        zoneId: props.zoneId,
        name: hostname(nameOf(key, record), props.zoneName),
        type: record.type,
        content: record.type === "TXT" ? quotedText(record.content) : record.content,
        proxied: record.proxied ?? false,
        ttl: record.ttl ?? AUTOMATIC_TTL,
        priority: record.priority,
        comment: record.comment,
      });
  }

  publishAlias(scope: Construct, id: string, { name, target, comment }: Alias): void {
    new DnsRecord(scope, id, {
      zoneId: this.zoneId,
      // Cloudflare's names end without a dot: left in, every plan would show a difference.
      name: Fn.trimsuffix(name, "."),
      type: "CNAME",
      content: Fn.trimsuffix(target, "."),
      proxied: false,
      ttl: AUTOMATIC_TTL,
      comment,
    });
  }
}

function nameOf(key: string, record: DnsRecordProps): string {
  return record.name ?? key;
}

function problems({ zoneName, records }: CloudflareDnsProps): PropProblem[] {
  const byName = new Map<string, string[]>();
  const found = Object.entries(records).flatMap(([key, record]) => {
    const name = nameOf(key, record);
    byName.set(name, [...(byName.get(name) ?? []), key]);
    const where = record.name === undefined ? [] : ["name"];
    return problemsIn(
      ["records", key],
      [...problemAt(where, recordNameProblem(name, zoneName)), ...recordProblems(name, record)],
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

function recordProblems(name: string, record: DnsRecordProps): PropProblem[] {
  const { type, content, ttl, priority, proxied = false, advancedCertificate = false } = record;
  const found: PropProblem[] = [];
  const right = contentOf(type, content);
  if (right) found.push({ prop: ["content"], problem: `is "${content}"`, instead: `give ${right}` });
  if (proxied && (type === "MX" || type === "TXT"))
    found.push({
      prop: ["proxied"],
      problem: `is on for type ${type}`,
      instead: "switch it off, as only A, AAAA and CNAME can be",
    });
  if (proxied && ttl !== undefined)
    found.push({
      prop: ["ttl"],
      problem: "is given for a proxied record",
      instead: "leave it out, as Cloudflare sets it",
    });
  if (proxied && name.includes(".") && !advancedCertificate)
    found.push({
      prop: ["proxied"],
      problem: `is on for "${name}", more than one level below the zone, where Cloudflare has no certificate`,
      instead: "switch it off, or order an advanced certificate and set advancedCertificate",
    });
  if (ttl !== undefined && (!Number.isInteger(ttl) || ttl < 60 || ttl > 86_400))
    found.push({
      prop: ["ttl"],
      problem: `is ${ttl}`,
      instead: "give 60 to 86400 seconds, or leave it out for automatic",
    });
  if ((type === "MX") !== (priority !== undefined))
    found.push({
      prop: ["priority"],
      problem: `is ${type === "MX" ? "missing" : "given"} for type ${type}`,
      instead: type === "MX" ? "give one, such as 10" : "leave it out, as MX records alone have one",
    });
  return found;
}

/** What the content should be, where it is not. */
function contentOf(type: DnsRecordProps["type"], content: string): string | undefined {
  if (Token.isUnresolved(content)) return undefined;
  if (type === "A") return isIPv4(content) ? undefined : "an IPv4 address";
  if (type === "AAAA") return isIPv6(content) ? undefined : "an IPv6 address";
  if (type === "TXT") return content === "" ? "some text" : undefined;
  return isHostName(content) ? undefined : "a full host name without a dot at the end";
}
