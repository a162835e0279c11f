import { ContainerCluster } from "@cdktf/provider-google/lib/container-cluster";
import { ProjectIamMember } from "@cdktf/provider-google/lib/project-iam-member";
import { ServiceAccount } from "@cdktf/provider-google/lib/service-account";
import { Construct } from "constructs";
import { cidrProblem, prefixLength } from "../../core/cidr";
import { nameProblem, type PropProblem, problemAt, problemsIn, rejectProps } from "../../core/invalid-props";
import { maintenancePolicy, maintenanceProblems } from "./maintenance";
import { declareNodePool, hardenedNode, nodePoolProblems } from "./node-pool";
import type { ControlPlaneProps, GkeClusterProps } from "./props";

export type { MaintenanceExclusion, MaintenanceProps } from "./maintenance";
export type { NodePoolProps, NodeTaint } from "./node-pool";
export type * from "./props";

/** Of the 30 that a service account's id may have. */
const MAX_NAME = 30 - "-nodes".length;

/**
 * Regional GKE Standard cluster with its node pools and the service account of its nodes: private nodes, Dataplane V2 (which
 * enforces network policies by itself), Workload Identity, Gateway API, shielded nodes.
 *
 * A new cluster starts with a pool of GKE's own, one node in each of three zones, which Terraform removes as soon as
 * the cluster is up. Its control plane is billed before any node.
 *
 * Whoever applies this needs `roles/iam.serviceAccountUser` on the nodes' service account. The account itself has the
 * roles of a node and no more: give `nodeServiceAccountMember` `roles/artifactregistry.reader` on each repository that
 * the nodes pull from.
 *
 * Source: infrastructure document, section "Module: GKE Cluster"; OctoLLM document, sections "GKE Module" and "Network
 * Security"; migration document, section "Update Terraform".
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/hardening-your-cluster
 * @throws when the subnet or its ranges are not there, or names, sizes, maintenance or networks are such that GKE
 * would refuse them: all problems in one error
 * @example
 * ```ts
 * const network = new Networking(stack, "network", {
 *   projectId: "acme-prod",
 *   region: "us-central1",
 *   name: "acme-vpc",
 *   subnets: {
 *     cluster: { cidr: "10.0.0.0/20", secondaryRanges: { pods: "10.4.0.0/16", services: "10.8.0.0/20" } },
 *   },
 * });
 * new GkeCluster(stack, "cluster", {
 *   projectId: "acme-prod",
 *   region: "us-central1",
 *   name: "acme-prod",
 *   network,
 *   subnet: "cluster",
 *   podsRange: "pods",
 *   servicesRange: "services",
 *   nodePools: { default: { machineType: "e2-standard-4", minNodes: 3, maxNodes: 10, diskSizeGb: 100 } },
 *   releaseChannel: "STABLE",
 *   deletionProtection: true,
 * });
 * ```
 */
export class GkeCluster extends Construct {
  /** Name of the cluster. */
  readonly clusterName: string;
  /** Region. */
  readonly location: string;
  /**
   * Host of the IP endpoint, `https://` not included; without one GKE puts the DNS endpoint's here. Declare a stack
   * output of it as sensitive.
   */
  readonly endpoint: string;
  /**
   * CA of the IP endpoint in PEM, base64-encoded. The DNS endpoint has a publicly trusted certificate and does not want
   * it. Declare a stack output of it as sensitive.
   */
  readonly caCertificate: string;
  /** Host of the DNS endpoint, `https://` not included: what kubernetes and helm providers connect to. */
  readonly dnsEndpoint: string;
  /** `<project>.svc.id.goog`, of which `<pool>[<namespace>/<service account>]` is a pod's identity. */
  readonly workloadPool: string;
  /** E-mail of the nodes' service account. */
  readonly nodeServiceAccountEmail: string;
  /** The same as an IAM member, `serviceAccount:…`. */
  readonly nodeServiceAccountMember: string;

  constructor(
    scope: Construct,
    id: string,
    readonly props: GkeClusterProps,
  ) {
    super(scope, id);
    rejectProps(this, problems(props));
    const { projectId: project, region, name, labels, deletionProtection, network } = props;

    const nodes = new ServiceAccount(this, "node-account", {
      project,
      accountId: `${name}-nodes`,
      displayName: `Nodes of GKE cluster ${name}`,
    });
    const nodeRole = new ProjectIamMember(this, "node-role", {
      project,
      role: "roles/container.defaultNodeServiceAccount",
      member: nodes.member,
    });

    const key = props.databaseEncryptionKey;
    const cluster = new ContainerCluster(this, "Resource", {
      project,
      location: region,
      name,
      deletionProtection,
      resourceLabels: labels,

      network: network.networkId,
      subnetwork: network.subnets[props.subnet]?.id,
      ipAllocationPolicy: {
        clusterSecondaryRangeName: props.podsRange,
        servicesSecondaryRangeName: props.servicesRange,
      },
      datapathProvider: "ADVANCED_DATAPATH",
      networkPolicy: { enabled: false },
      enableIntranodeVisibility: props.intranodeVisibility ?? true,
      gatewayApiConfig: { channel: "CHANNEL_STANDARD" },
      ...controlPlane(props.controlPlane ?? {}, props.privateNodes ?? true),

      removeDefaultNodePool: true,
      initialNodeCount: 1,
      nodeConfig: hardenedNode(nodes.email),
      nodePoolDefaults: { nodeConfigDefaults: { insecureKubeletReadonlyPortEnabled: "FALSE" } },
      enableShieldedNodes: true,

      workloadIdentityConfig: { workloadPool: `${project}.svc.id.goog` },
      masterAuth: { clientCertificateConfig: { issueClientCertificate: false } },
      // Who has not signed in sees whether the control plane is up, and nothing else.
      anonymousAuthenticationConfig: { mode: "LIMITED" },
      // "Authenticated" is whoever has a Google account: no role may be bound to all of them, nor to everybody.
      rbacBindingConfig: {
        enableInsecureBindingSystemAuthenticated: false,
        enableInsecureBindingSystemUnauthenticated: false,
      },
      enableLegacyAbac: false,
      // A Service with external IPs could take over the traffic of other addresses (CVE-2020-8554).
      serviceExternalIpsConfig: { enabled: false },
      databaseEncryption: key && { state: "ENCRYPTED", keyName: key.id },
      binaryAuthorization: {
        evaluationMode: (props.binaryAuthorization ?? true) ? "PROJECT_SINGLETON_POLICY_ENFORCE" : "DISABLED",
      },
      // Findings on how workloads are configured; Google has shut the scan for vulnerabilities down.
      securityPostureConfig: { mode: "BASIC", vulnerabilityMode: "VULNERABILITY_DISABLED" },

      releaseChannel: { channel: props.releaseChannel },
      minMasterVersion: props.kubernetesVersion,
      maintenancePolicy: props.maintenanceWindow && maintenancePolicy(props.maintenanceWindow),

      addonsConfig: {
        httpLoadBalancing: { disabled: false },
        horizontalPodAutoscaling: { disabled: false },
        // Calico's; Dataplane V2 needs no add-on.
        networkPolicyConfig: { disabled: true },
        dnsCacheConfig: { enabled: true },
        gcePersistentDiskCsiDriverConfig: { enabled: true },
        gcpFilestoreCsiDriverConfig: { enabled: props.filestore ?? false },
        gkeBackupAgentConfig: { enabled: props.backupAgent ?? false },
      },
      // Recommendations; it changes nothing but pods that a VerticalPodAutoscaler names.
      verticalPodAutoscaling: { enabled: true },
      // GKE turns it on by itself, and taking it back recreates the cluster.
      enableL4IlbSubsetting: true,
      costManagementConfig: { enabled: true },
      loggingConfig: { enableComponents: props.logs ?? ["SYSTEM_COMPONENTS", "WORKLOADS"] },
      monitoringConfig: {
        enableComponents: props.metrics ?? [
          "SYSTEM_COMPONENTS",
          "STORAGE",
          "HPA",
          "POD",
          "DAEMONSET",
          "DEPLOYMENT",
          "STATEFULSET",
        ],
        managedPrometheus: { enabled: true },
        advancedDatapathObservabilityConfig: { enableMetrics: true, enableRelay: false },
      },

      dependsOn: [nodeRole, ...(key?.grants ?? [])],
      lifecycle: {
        preventDestroy: deletionProtection,
        ignoreChanges: [
          // Of the pool that is removed: GKE then reports another pool's, and Terraform would recreate the cluster.
          "node_config",
          // GKE reports ALL_OBJECTS_ENCRYPTION_ENABLED, which this provider version does not know.
          "database_encryption[0].state",
        ],
      },
    });

    for (const [key, pool] of Object.entries(props.nodePools))
      declareNodePool(this, key, pool, {
        projectId: project,
        cluster,
        serviceAccountEmail: nodes.email,
        googleBeta: props.googleBeta,
        labels,
      });

    this.clusterName = cluster.name;
    this.location = cluster.location;
    this.endpoint = cluster.endpoint;
    this.caCertificate = cluster.masterAuth.clusterCaCertificate;
    this.dnsEndpoint = cluster.controlPlaneEndpointsConfig.dnsEndpointConfig.endpoint;
    // A reference, since identities of the pool exist only once the cluster does.
    this.workloadPool = cluster.workloadIdentityConfig.workloadPool;
    this.nodeServiceAccountEmail = nodes.email;
    this.nodeServiceAccountMember = nodes.member;
  }
}

function controlPlane({ dnsEndpoint = true, authorizedNetworks }: ControlPlaneProps, privateNodes: boolean) {
  return {
    controlPlaneEndpointsConfig: {
      dnsEndpointConfig: { allowExternalTraffic: dnsEndpoint },
      ipEndpointsConfig: { enabled: authorizedNetworks !== undefined },
    },
    privateClusterConfig: {
      enablePrivateNodes: privateNodes,
      // GKE reports true of a cluster without IP endpoints: anything else here is a difference in every plan.
      enablePrivateEndpoint: authorizedNetworks === undefined,
    },
    masterAuthorizedNetworksConfig: authorizedNetworks && {
      cidrBlocks: Object.entries(authorizedNetworks).map(([displayName, cidrBlock]) => ({
        displayName,
        cidrBlock,
      })),
      gcpPublicCidrsAccessEnabled: false,
    },
  };
}

function problems(props: GkeClusterProps): PropProblem[] {
  const { name, region, maintenanceWindow, nodePools } = props;
  return [
    ...problemAt(["name"], nameProblem(name, MAX_NAME)),
    ...subnetProblems(props),
    ...nodePoolProblems(nodePools, region, props.googleBeta !== undefined),
    ...controlPlaneProblems(props.controlPlane ?? {}),
    ...(maintenanceWindow ? problemsIn(["maintenanceWindow"], maintenanceProblems(maintenanceWindow)) : []),
  ];
}

function subnetProblems({ network, region, nodePools, ...props }: GkeClusterProps): PropProblem[] {
  const subnet = network.subnets[props.subnet];
  if (!subnet)
    return [
      {
        prop: ["subnet"],
        problem: `is "${props.subnet}", which the network does not have`,
        instead: `use one of ${Object.keys(network.subnets).join(", ")}`,
      },
    ];
  const found: PropProblem[] = [];
  if (subnet.region !== region)
    found.push({
      prop: ["subnet"],
      problem: `is "${props.subnet}" of ${subnet.region}`,
      instead: `use one of the cluster's region, ${region}`,
    });
  const ranges = Object.keys(subnet.secondaryRanges);
  for (const prop of ["podsRange", "servicesRange"] as const)
    if (!ranges.includes(props[prop]))
      found.push({
        prop: [prop],
        problem: `is "${props[prop]}", which subnet "${props.subnet}" does not have`,
        instead: ranges.length > 0 ? `use one of ${ranges.join(", ")}` : "give it secondaryRanges",
      });
  if (props.podsRange === props.servicesRange)
    found.push({ prop: ["servicesRange"], problem: "is podsRange", instead: "give each a range of its own" });

  const pods = subnet.secondaryRanges[props.podsRange];
  const wanted = Object.values(nodePools).reduce((sum, { maxNodes }) => sum + maxNodes, 0);
  const room = pods ? 2 ** (24 - prefixLength(pods)) : Number.POSITIVE_INFINITY;
  if (wanted > room)
    found.push({
      prop: ["podsRange"],
      problem: `is ${pods}, with a /24 each for ${Math.floor(room)} nodes, and the pools may grow to ${wanted}`,
      instead: "give a larger range, or the pools fewer nodes",
    });
  return found;
}

function controlPlaneProblems({ dnsEndpoint = true, authorizedNetworks }: ControlPlaneProps): PropProblem[] {
  if (!authorizedNetworks)
    return dnsEndpoint
      ? []
      : [
          {
            prop: ["controlPlane"],
            problem: "has neither dnsEndpoint nor authorizedNetworks, so nobody reaches the cluster",
            instead: "give one of them",
          },
        ];
  const prop = ["controlPlane", "authorizedNetworks"];
  const networks = Object.entries(authorizedNetworks);
  if (networks.length === 0)
    return [{ prop, problem: "is empty", instead: "leave it out for a cluster without IP endpoint" }];
  return networks.flatMap(([name, cidr]) =>
    problemAt(
      [...prop, name],
      cidr === "0.0.0.0/0"
        ? { problem: `"${cidr}" admits everybody`, instead: "use the DNS endpoint for that" }
        : cidrProblem(cidr),
    ),
  );
}
