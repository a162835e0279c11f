import type { Networking } from "../networking";
import type { CloudDnsRecordProps } from "./records";

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
