import { DataGoogleDnsKeys } from "@cdktf/provider-google/lib/data-google-dns-keys";
import { DnsManagedZone } from "@cdktf/provider-google/lib/dns-managed-zone";
import { DnsRecordSet } from "@cdktf/provider-google/lib/dns-record-set";
import { Token } from "cdktf";
import { Construct } from "constructs";
import { type Alias, type DnsZone, hostname } from "../../core/dns-zone";
import { rejectProps } from "../../core/invalid-props";
import { lifecycle, mapValues } from "../../core/props";
import { problems } from "./checks";
import type { CloudDnsZoneProps, DelegatedZone } from "./props";
import { type CloudDnsRecordProps, nameOf, rrdataOf } from "./records";

export type * from "./props";
export type { CloudDnsRecordProps, CloudDnsRecordType } from "./records";

const DEFAULT_TTL = 300;

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
  private readonly declared: Record<string, CloudDnsRecordProps>;

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
    this.declared = { ...records };
    for (const [key, record] of Object.entries<CloudDnsRecordProps>(records)) this.declare(key, record);
    for (const [key, delegated] of Object.entries(props.delegations ?? {})) {
      const name = `${delegated.zoneName}.`;
      this.recordSet(this, `${key}-delegation`, { name, type: "NS", rrdatas: delegated.nameServers });
      if (delegated.dsRecord !== undefined && this.dsRecord !== undefined)
        this.recordSet(this, `${key}-ds`, { name, type: "DS", rrdatas: [delegated.dsRecord] });
    }
  }

  /**
   * Declares another record: of what needs the zone itself first, such as a load balancer whose certificate is proved in it.
   *
   * @param key becomes part of its Terraform address, and is its name unless the record has one
   * @returns its full name
   * @throws when it cannot work, as those of `records`
   */
  addRecord(key: string, record: CloudDnsRecordProps): string {
    if (Object.hasOwn(this.declared, key))
      rejectProps(this, [
        { prop: ["records", key], problem: "is there already", instead: "give another key" },
      ]);
    rejectProps(this, problems({ ...this.props, records: { ...this.declared, [key]: record } }));
    this.declared[key] = record;
    return this.declare(key, record);
  }

  publishAlias(scope: Construct, id: string, { name, target }: Alias): void {
    this.recordSet(scope, id, { name, type: "CNAME", rrdatas: [target] });
  }

  private declare(key: string, record: CloudDnsRecordProps): string {
    const { type, values, ttl } = record;
    const name = hostname(nameOf(key, record), this.zoneName);
    this.recordSet(this, key, {
      name: `${name}.`,
      type,
      ttl,
      rrdatas: Token.isUnresolved(values) ? [...values] : values.map((value) => rrdataOf(type, value)),
    });
    return name;
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
