import { isIPv4, isIPv6 } from "node:net";
import { Token } from "cdktf";
import { isHostName, quotedText } from "../../core/dns-zone";

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

/** The types, by what their values have to be. */
export const TYPES: Readonly<Record<CloudDnsRecordType, RecordType>> = {
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

/** A value as Cloud DNS stores it. */
export function rrdataOf(type: CloudDnsRecordType, value: string): string {
  if (Token.isUnresolved(value)) return value;
  if (type === "TXT") return quotedText(value);
  const { host } = TYPES[type];
  if (host === undefined) return value;
  return value
    .split(" ")
    .map((word, index) => (index === host && word !== "." ? `${word}.` : word))
    .join(" ");
}

export function nameOf(key: string, record: CloudDnsRecordProps): string {
  return record.name ?? key;
}
