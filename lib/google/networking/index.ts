import { ComputeAddress } from "@cdktf/provider-google/lib/compute-address";
import { ComputeFirewall } from "@cdktf/provider-google/lib/compute-firewall";
import { ComputeGlobalAddress } from "@cdktf/provider-google/lib/compute-global-address";
import { ComputeNetwork } from "@cdktf/provider-google/lib/compute-network";
import { ComputeRouter } from "@cdktf/provider-google/lib/compute-router";
import { ComputeRouterNat } from "@cdktf/provider-google/lib/compute-router-nat";
import { ComputeSubnetwork } from "@cdktf/provider-google/lib/compute-subnetwork";
import { ServiceNetworkingConnection } from "@cdktf/provider-google/lib/service-networking-connection";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { rejectProps } from "../../core/invalid-props";
import { mapValues, optionalOutput } from "../../core/props";
import { problems } from "./checks";
import type {
  FirewallRuleProps,
  FlowLogProps,
  IngressAddressProps,
  NatProps,
  NetworkingProps,
  PrivateServicesProps,
  SubnetProps,
} from "./props";

export type * from "./props";

const EVERYWHERE = ["0.0.0.0/0"];

/** Subnet, as other constructs refer to it. */
export interface Subnet {
  /** `projects/<project>/regions/<region>/subnetworks/<name>`. */
  readonly id: string;
  readonly name: string;
  readonly region: string;
  /** Primary range. */
  readonly cidr: string;
  /** Secondary ranges by name. */
  readonly secondaryRanges: Record<string, string>;
}

/**
 * VPC network with its subnets, firewall rules, Cloud NAT, private services access and reserved ingress address.
 *
 * Nothing gets in that no rule allows. GKE needs no rules here: it makes its own, with priority 1000 or less, for nodes,
 * pods and control plane, and for each Gateway, Ingress and load balancer, health checks from 35.191.0.0/16 and
 * 130.211.0.0/22 included; all come before the refusal at 65534. Only a load balancer that is not GKE's needs a rule
 * for those two ranges.
 *
 * Everything may go out. A rule that refuses outgoing traffic (`direction: "EGRESS"`, `deny`) must leave nodes the
 * way to each other, to the control plane (TCP 443), to Google's APIs and to the private services range.
 *
 * Source: infrastructure document, section "Module: GKE Cluster"; OctoLLM document, sections "Networking Module" and
 * "Network Security".
 * @see https://cloud.google.com/kubernetes-engine/docs/concepts/firewall-rules
 * @throws when names, address ranges, rules or port numbers are invalid or ranges overlap: all problems in one error
 * @example
 * ```ts
 * const network = new Networking(stack, "network", {
 *   projectId: "acme-prod",
 *   region: "us-central1",
 *   name: "acme-vpc",
 *   subnets: {
 *     cluster: { cidr: "10.0.0.0/20", secondaryRanges: { pods: "10.4.0.0/16", services: "10.8.0.0/20" } },
 *   },
 *   firewallRules: {
 *     iap: { ranges: ["35.235.240.0/20"], allow: [{ protocol: "tcp", ports: ["22"] }] },
 *   },
 *   privateServices: { cidr: "10.3.0.0/16" },
 *   ingressAddress: { scope: "global" },
 * });
 * stack.output("ingress_ip", { value: network.ingressIp });
 * ```
 */
export class Networking<Key extends string = string> extends Construct {
  /** `projects/<project>/global/networks/<name>`. */
  readonly networkId: string;
  /** Name of the VPC. */
  readonly networkName: string;
  /** URI of the VPC. */
  readonly networkSelfLink: string;
  /** The subnets, by the keys of the props. */
  readonly subnets: Readonly<Record<Key, Subnet>>;
  /** The reserved addresses that traffic leaves from; empty when Google chooses them. */
  readonly natIps: readonly string[];
  /**
   * What an instance with a private address must depend on: without it Google has no range to take one from.
   * Undefined without `privateServices`.
   */
  readonly privateServicesConnection?: ITerraformDependable;
  private readonly ingress?: ComputeAddress | ComputeGlobalAddress;

  constructor(
    scope: Construct,
    id: string,
    readonly props: NetworkingProps & { readonly subnets: Readonly<Record<Key, SubnetProps>> },
  ) {
    super(scope, id);
    rejectProps(this, problems(props));

    const network = new ComputeNetwork(this, "Resource", {
      project: props.projectId,
      name: props.name,
      autoCreateSubnetworks: false,
    });
    this.networkId = network.id;
    this.networkName = network.name;
    this.networkSelfLink = network.selfLink;
    this.subnets = this.addSubnets(props.subnets);
    this.addFirewall(props.firewallRules ?? {}, props.defaultDenyIngress ?? true);
    this.natIps = props.nat === false ? [] : this.addNat(props.nat ?? {});
    if (props.privateServices)
      this.privateServicesConnection = this.addPrivateServices(props.privateServices);
    if (props.ingressAddress) this.ingress = this.addIngressAddress(props.ingressAddress);
  }

  /**
   * The reserved public address.
   * @throws without `ingressAddress`
   */
  get ingressIp(): string {
    return this.reservedIngress.address;
  }

  /**
   * The name by which a Gateway refers to the reserved address.
   * @throws without `ingressAddress`
   */
  get ingressAddressName(): string {
    return this.reservedIngress.name;
  }

  private get reservedIngress() {
    return optionalOutput(this, "reserved address", this.ingress, "ingressAddress");
  }

  private addSubnets(subnets: Readonly<Record<Key, SubnetProps>>): Record<Key, Subnet> {
    const scope = new Construct(this, "subnet");
    return mapValues(subnets, (subnet, key) => {
      const { cidr, region = this.props.region, secondaryRanges = {} } = subnet;
      const ranges = Object.entries(secondaryRanges).map(([rangeName, ipCidrRange]) => ({
        rangeName,
        ipCidrRange,
      }));
      const resource = new ComputeSubnetwork(scope, key, {
        project: this.props.projectId,
        region,
        network: this.networkId,
        name: subnet.name ?? `${this.props.name}-${key}`,
        ipCidrRange: cidr,
        secondaryIpRange: ranges.length > 0 ? ranges : undefined,
        // Otherwise Terraform leaves the last range in place when it is removed here.
        sendSecondaryIpRangeIfEmpty: true,
        privateIpGoogleAccess: subnet.privateGoogleAccess ?? true,
        logConfig: subnet.flowLogs === false ? undefined : flowLogs(subnet.flowLogs ?? {}),
      });
      return { id: resource.id, name: resource.name, region, cidr, secondaryRanges };
    });
  }

  private addFirewall(rules: Record<string, FirewallRuleProps>, denyIngress: boolean): void {
    const scope = new Construct(this, "firewall");
    for (const [key, rule] of Object.entries(rules)) this.addFirewallRule(scope, key, rule);
    if (denyIngress)
      this.addFirewallRule(scope, "default-deny-ingress", {
        description: "Refuses and logs what no other rule allows",
        priority: 65534,
        ranges: EVERYWHERE,
        deny: [{ protocol: "all" }],
        logging: true,
      });
  }

  private addFirewallRule(scope: Construct, key: string, rule: FirewallRuleProps): void {
    const { direction = "INGRESS" } = rule;
    new ComputeFirewall(scope, key, {
      project: this.props.projectId,
      network: this.networkId,
      name: `${this.props.name}-${key}`,
      description: rule.description,
      direction,
      priority: rule.priority ?? 1000,
      sourceRanges: direction === "INGRESS" ? rule.ranges : undefined,
      destinationRanges: direction === "EGRESS" ? rule.ranges : undefined,
      sourceTags: rule.sourceTags,
      sourceServiceAccounts: rule.sourceServiceAccounts,
      targetTags: rule.targetTags,
      targetServiceAccounts: rule.targetServiceAccounts,
      allow: rule.allow,
      deny: rule.deny,
      logConfig: rule.logging ? { metadata: "INCLUDE_ALL_METADATA" } : undefined,
    });
  }

  /** NAT is regional: a gateway wherever there are subnets. Returns the reserved addresses. */
  private addNat({ staticAddresses = 0, ...nat }: NatProps): string[] {
    const { projectId: project, name } = this.props;
    const regions = new Set(Object.values<Subnet>(this.subnets).map(({ region }) => region));
    return [...regions].flatMap((region) => {
      const suffix = region === this.props.region ? "" : `-${region}`;
      const router = new ComputeRouter(this, `router${suffix}`, {
        project,
        region,
        network: this.networkId,
        name: `${name}-router`,
      });
      const addresses = Array.from(
        { length: staticAddresses },
        (_, index) =>
          new ComputeAddress(this, `nat${suffix}-${index + 1}`, {
            project,
            region,
            name: `${name}-nat-${index + 1}`,
            labels: this.props.labels,
          }),
      );
      new ComputeRouterNat(this, `nat${suffix}`, {
        project,
        region,
        router: router.name,
        name: `${name}-nat`,
        natIpAllocateOption: addresses.length > 0 ? "MANUAL_ONLY" : "AUTO_ONLY",
        natIps: addresses.length > 0 ? addresses.map(({ selfLink }) => selfLink) : undefined,
        sourceSubnetworkIpRangesToNat: "ALL_SUBNETWORKS_ALL_IP_RANGES",
        enableDynamicPortAllocation: true,
        // The two exclude each other.
        enableEndpointIndependentMapping: false,
        minPortsPerVm: nat.minPortsPerVm ?? 64,
        maxPortsPerVm: nat.maxPortsPerVm ?? 65536,
        logConfig: { enable: true, filter: nat.log ?? "ERRORS_ONLY" },
      });
      return addresses.map(({ address }) => address);
    });
  }

  private addPrivateServices({ cidr, prefixLength = 16 }: PrivateServicesProps): ITerraformDependable {
    const [address, bits = prefixLength] = cidr?.split("/") ?? [];
    const range = new ComputeGlobalAddress(this, "private-services-range", {
      project: this.props.projectId,
      network: this.networkId,
      name: `${this.props.name}-private-services`,
      purpose: "VPC_PEERING",
      addressType: "INTERNAL",
      address,
      prefixLength: Number(bits),
      labels: this.props.labels,
    });
    return new ServiceNetworkingConnection(this, "private-services", {
      network: this.networkId,
      service: "servicenetworking.googleapis.com",
      reservedPeeringRanges: [range.name],
      // Google refuses to delete a connection for days after its last instance is gone: let it go, and take it over
      // should the network still have it when it is made again.
      deletionPolicy: "ABANDON",
      updateOnCreationFail: true,
    });
  }

  private addIngressAddress({ scope, name }: IngressAddressProps): ComputeAddress | ComputeGlobalAddress {
    const config = {
      project: this.props.projectId,
      name: name ?? `${this.props.name}-ingress`,
      addressType: "EXTERNAL",
      labels: this.props.labels,
    };
    return scope === "global"
      ? new ComputeGlobalAddress(this, "ingress", { ...config, ipVersion: "IPV4" })
      : new ComputeAddress(this, "ingress", { ...config, region: this.props.region });
  }
}

function flowLogs({ sampling = 0.5, interval = "INTERVAL_5_MIN" }: FlowLogProps) {
  return { flowSampling: sampling, aggregationInterval: interval, metadata: "INCLUDE_ALL_METADATA" };
}
