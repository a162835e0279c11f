export interface NetworkingProps {
  /** Google Cloud project. */
  readonly projectId: string;
  /** Region of what is regional and names no other. Changing it recreates those. */
  readonly region: string;
  /**
   * Name of the VPC and prefix of the names of its parts, at most 46 characters. Changing it recreates the network,
   * and with it everything inside.
   */
  readonly name: string;
  /** The subnets, by a key of one's own. */
  readonly subnets: Record<string, SubnetProps>;
  /**
   * Firewall rules, by a key of one's own, on top of `defaultDenyIngress`. GKE needs none: it makes its own.
   * @default none
   */
  readonly firewallRules?: Record<string, FirewallRuleProps>;
  /**
   * A rule with priority 65534 that refuses and logs all incoming traffic that no other rule allows. Without it
   * Google's implied rule refuses the same without a log.
   * @default true
   */
  readonly defaultDenyIngress?: boolean;
  /**
   * Cloud NAT, by which machines without a public address reach the internet: one gateway in each region that has
   * subnets. Billed by the hour for each machine behind it, up to a number of them, and by the GB.
   * @default {}, addresses chosen by Google
   */
  readonly nat?: NatProps | false;
  /**
   * Private services access: a range of this network that Google's managed services, Cloud SQL first of all, take
   * their private addresses from.
   * @default none
   */
  readonly privateServices?: PrivateServicesProps;
  /**
   * A reserved public address for what comes in, to point DNS records at.
   * @default none
   */
  readonly ingressAddress?: IngressAddressProps;
  /** Labels of the addresses; networks, subnets, rules and routers have none. @default none */
  readonly labels?: Record<string, string>;
}

export interface SubnetProps {
  /** Main range (`10.0.0.0/16`). A shorter prefix with the same start grows it in place; any other change recreates it. */
  readonly cidr: string;
  /** @default `<network>-<key>` */
  readonly name?: string;
  /** @default the network's */
  readonly region?: string;
  /**
   * Further ranges by name, for instance GKE's `pods` and `services`. A range in use can be neither changed nor removed.
   * @default none
   */
  readonly secondaryRanges?: Record<string, string>;
  /** Machines without a public address reach Google's APIs. @default true */
  readonly privateGoogleAccess?: boolean;
  /** VPC flow logs; they are charged by volume. @default {} */
  readonly flowLogs?: FlowLogProps | false;
}

export interface FlowLogProps {
  /** Share of the collected entries that is kept, above 0 and up to 1. @default 0.5 */
  readonly sampling?: number;
  /** Over how long the packets of a connection are summed up in one entry. @default "INTERVAL_5_MIN" */
  readonly interval?:
    | "INTERVAL_5_SEC"
    | "INTERVAL_30_SEC"
    | "INTERVAL_1_MIN"
    | "INTERVAL_5_MIN"
    | "INTERVAL_10_MIN"
    | "INTERVAL_15_MIN";
}

/** Traffic of one kind. Ports only with tcp, udp and sctp. */
export interface FirewallTraffic {
  /** `tcp`, `udp`, `sctp`, `icmp`, `esp`, `ah`, `ipip`, `all`, or an IP protocol number. */
  readonly protocol: string;
  /** Ports and ranges: `["22", "8000-8100"]`. @default all */
  readonly ports?: string[];
}

/**
 * A rule allows or denies, never both. Incoming traffic is chosen by its sources (`ranges`, `sourceTags`,
 * `sourceServiceAccounts`), outgoing traffic by its destinations (`ranges`); one of them must be given, since
 * Google reads none as "the whole internet".
 */
export interface FirewallRuleProps {
  /** For people, shown in the console. @default none */
  readonly description?: string;
  /** Changing it recreates the rule. @default "INGRESS" */
  readonly direction?: "INGRESS" | "EGRESS";
  /** 0 to 65535, lowest first; at equal priority a denial wins. @default 1000 */
  readonly priority?: number;
  /** Sources of incoming, destinations of outgoing traffic. @default none */
  readonly ranges?: string[];
  /** Network tags of the machines it comes from. @default none */
  readonly sourceTags?: string[];
  /** Service accounts of the machines it comes from; not together with any tags. @default none */
  readonly sourceServiceAccounts?: string[];
  /** Network tags of the machines the rule is for. @default every machine of the network */
  readonly targetTags?: string[];
  /** Service accounts of the machines the rule is for; not together with any tags. @default every machine of the network */
  readonly targetServiceAccounts?: string[];
  /** What it lets through. @default none */
  readonly allow?: FirewallTraffic[];
  /** What it refuses. @default none */
  readonly deny?: FirewallTraffic[];
  /** Log each connection it decides; charged by volume. @default false */
  readonly logging?: boolean;
}

export interface NatProps {
  /**
   * Reserved outgoing addresses per region, for partners that filter by address. Fewer later cuts their connections.
   * @default 0, addresses chosen by Google, which may change
   */
  readonly staticAddresses?: number;
  /** Ports every machine has at least: a power of two from 32. @default 64 */
  readonly minPortsPerVm?: number;
  /**
   * Ports one machine may grow to, each an open connection to one destination: a power of two up to 65536, above the
   * minimum.
   * @default 65536
   */
  readonly maxPortsPerVm?: number;
  /** What is logged: connections refused for want of ports, those made, or both. @default "ERRORS_ONLY" */
  readonly log?: "ERRORS_ONLY" | "TRANSLATIONS_ONLY" | "ALL";
}

/**
 * The range is taken for good: changing it recreates the range, and instances that have an address in it stay on the
 * old one until they are recreated.
 */
export interface PrivateServicesProps {
  /** The range, /24 or larger, checked against the subnets. @default `prefixLength` bits where Google finds room */
  readonly cidr?: string;
  /** Its size where `cidr` is not given: 24 or fewer. @default 16, as Google recommends */
  readonly prefixLength?: number;
}

export interface IngressAddressProps {
  /**
   * `global` for Gateway class `gke-l7-global-external-managed`; `regional` for regional classes (those also want a
   * proxy-only subnet) and for services of type LoadBalancer. Changing it gives another address.
   */
  readonly scope: "global" | "regional";
  /** By which a Gateway refers to it. Changing it gives another address. @default `<network>-ingress` */
  readonly name?: string;
}
