import type { ContainerCluster } from "@cdktf/provider-google/lib/container-cluster";
import {
  ContainerNodePool,
  type ContainerNodePoolConfig,
} from "@cdktf/provider-google/lib/container-node-pool";
import { GoogleContainerNodePool } from "@cdktf/provider-google-beta/lib/google-container-node-pool";
import type { TerraformProvider } from "cdktf";
import type { Construct } from "constructs";
import { nameProblem, type PropProblem, problemAt, problemsIn, wholeNumber } from "../../core/invalid-props";
import { machineTypeProblem } from "../machine-types";

/** Zones that GKE spreads a regional cluster over when none are named. */
const REGIONAL_ZONES = 3;
/** Domain of the label and the taint that GKE itself puts on gVisor nodes. */
const SANDBOX_DOMAIN = "sandbox.gke.io/";

/**
 * A group of equal nodes. Most changes replace the nodes one by one (`upgrade`); changing `spot`, `sandbox` or the
 * pool's key deletes the pool with everything that runs on it before the new one is there.
 */
export interface NodePoolProps {
  /** `e2-standard-4`. */
  readonly machineType: string;
  /** Nodes at least, in all zones together. May be 0, but in one pool without `sandbox`. */
  readonly minNodes: number;
  /** Nodes at most, in all zones together: the bound of what the pool costs. */
  readonly maxNodes: number;
  /** Boot disk, which images, logs and emptyDir volumes share; 10 or more. */
  readonly diskSizeGb: number;
  /** @default "pd-ssd" */
  readonly diskType?: "pd-standard" | "pd-balanced" | "pd-ssd" | "hyperdisk-balanced";
  /** gVisor pools take COS_CONTAINERD only. @default "COS_CONTAINERD" */
  readonly imageType?: "COS_CONTAINERD" | "UBUNTU_CONTAINERD";
  /** Kubernetes labels beside `pool: <key>`. @default none */
  readonly labels?: Record<string, string>;
  /** Kubernetes taints of the nodes. @default none; GKE puts its own on gVisor pools */
  readonly taints?: NodeTaint[];
  /** Network tags, which firewall rules may aim at. @default none */
  readonly tags?: string[];
  /** Zones. @default three zones of the region that GKE chooses */
  readonly nodeLocations?: string[];
  /** Machines at 60 to 91 % off that Google may take back at any time, with 30 seconds' notice. @default false */
  readonly spot?: boolean;
  /**
   * Runs pods with `runtimeClassName: gvisor` in a kernel of their own, for code that nobody has read. GKE itself puts
   * label and taint `sandbox.gke.io/runtime=gvisor` on the nodes. Needs google-beta.
   * @default none
   */
  readonly sandbox?: "gvisor";
  /**
   * GPUs of each node, with their driver. GKE itself puts the taint `nvidia.com/gpu=present:NoSchedule` on the nodes. Not every
   * zone has every type: name those that do in `nodeLocations`. Changing it recreates the pool.
   * @default none
   */
  readonly gpus?: NodeGpus;
  /** Spread over zones, or wherever there is room. @default "BALANCED", "ANY" with `spot` */
  readonly locationPolicy?: "BALANCED" | "ANY";
  /** How many nodes an upgrade adds and takes away at a time. @default {maxSurge: 1, maxUnavailable: 0} */
  readonly upgrade?: { readonly maxSurge: number; readonly maxUnavailable: number };
}

/** Kubernetes taint, in the spelling of GKE's API. */
/** @see https://cloud.google.com/kubernetes-engine/docs/how-to/gpus */
export interface NodeGpus {
  /** `nvidia-l4`, `nvidia-tesla-t4`. A machine type of series g2 has L4 alone, in a number that follows from its size. */
  readonly type: string;
  readonly count: number;
  /** Which driver GKE installs: its release's, or the newest that works with it. @default "DEFAULT" */
  readonly driver?: "DEFAULT" | "LATEST";
}

export interface NodeTaint {
  readonly key: string;
  readonly value: string;
  readonly effect: "NO_SCHEDULE" | "PREFER_NO_SCHEDULE" | "NO_EXECUTE";
}

/** What all pools of a cluster have in common. */
export interface NodePoolContext {
  readonly projectId: string;
  readonly cluster: ContainerCluster;
  readonly serviceAccountEmail: string;
  readonly googleBeta?: TerraformProvider;
  readonly labels?: Record<string, string>;
}

/** Declares `<key>-pool`; with google-beta where it is sandboxed, which the google provider cannot say. */
export function declareNodePool(
  scope: Construct,
  key: string,
  pool: NodePoolProps,
  context: NodePoolContext,
): void {
  const { cluster, projectId: project } = context;
  const config = {
    project,
    location: cluster.location,
    // The id, not the name: a cluster that is replaced takes its pools with it in the same plan.
    cluster: cluster.id,
    name: poolName(key),
    nodeLocations: pool.nodeLocations,
    initialNodeCount: initialNodesPerZone(pool),
    autoscaling: {
      totalMinNodeCount: pool.minNodes,
      totalMaxNodeCount: pool.maxNodes,
      locationPolicy: pool.locationPolicy ?? (pool.spot ? "ANY" : "BALANCED"),
    },
    management: { autoRepair: true, autoUpgrade: true },
    upgradeSettings: { strategy: "SURGE", ...(pool.upgrade ?? { maxSurge: 1, maxUnavailable: 0 }) },
    nodeConfig: {
      ...hardenedNode(context.serviceAccountEmail),
      machineType: pool.machineType,
      diskSizeGb: pool.diskSizeGb,
      diskType: pool.diskType ?? "pd-ssd",
      imageType: pool.imageType ?? "COS_CONTAINERD",
      spot: pool.spot ?? false,
      labels: { pool: key, ...pool.labels },
      taint: pool.taints,
      guestAccelerator: pool.gpus && [guestAccelerator(pool.gpus)],
      tags: pool.tags,
      resourceLabels: context.labels,
    },
    // Counts from then on are the autoscaler's; GKE reports them here too, and a difference would recreate the pool.
    lifecycle: { ignoreChanges: ["initial_node_count"] },
  } satisfies ContainerNodePoolConfig;
  if (!pool.sandbox) new ContainerNodePool(scope, key, config);
  else
    new GoogleContainerNodePool(scope, key, {
      ...config,
      provider: context.googleBeta,
      nodeConfig: { ...config.nodeConfig, sandboxConfig: { sandboxType: pool.sandbox } },
    });
}

function guestAccelerator({ type, count, driver = "DEFAULT" }: NodeGpus) {
  return { type, count, gpuDriverInstallationConfig: { gpuDriverVersion: driver } };
}

/** Identity, metadata access and boot checks that every node has. A change recreates its pool. */
export function hardenedNode(serviceAccount: string) {
  return {
    serviceAccount,
    // The one scope Google recommends: what nodes may do is up to the account's roles.
    oauthScopes: ["https://www.googleapis.com/auth/cloud-platform"],
    // Pods get their own identity from the metadata server, never the node's.
    workloadMetadataConfig: { mode: "GKE_METADATA" },
    metadata: { "disable-legacy-endpoints": "true" },
    shieldedInstanceConfig: { enableSecureBoot: true, enableIntegrityMonitoring: true },
  };
}

/** Per zone, as GKE counts them. It makes none unless told, and need not bring a new pool up to its minimum. */
function initialNodesPerZone({ minNodes, maxNodes, nodeLocations }: NodePoolProps): number {
  const zones = nodeLocations?.length ?? REGIONAL_ZONES;
  return Math.min(Math.ceil(minNodes / zones), Math.floor(maxNodes / zones));
}

function poolName(key: string): string {
  return `${key}-pool`;
}

/** What is wrong with the pools of a cluster. */
export function nodePoolProblems(
  pools: Record<string, NodePoolProps>,
  region: string,
  beta: boolean,
): PropProblem[] {
  const found = Object.entries(pools).flatMap(([key, pool]) =>
    problemsIn(["nodePools", key], poolProblems(key, pool, region, beta)),
  );
  if (!Object.values(pools).some(({ sandbox, minNodes }) => !sandbox && minNodes > 0))
    found.push({
      prop: ["nodePools"],
      problem: "has no node without sandbox at all times, for GKE's own pods",
      instead: "give one pool without sandbox minNodes of 1 or more",
    });
  return found;
}

function poolProblems(key: string, pool: NodePoolProps, region: string, beta: boolean): PropProblem[] {
  const { minNodes, maxNodes, sandbox, taints = [], labels = {}, nodeLocations = [], upgrade } = pool;
  const found = [
    ...problemAt([], nameProblem(poolName(key), 40)),
    ...problemAt(["machineType"], machineTypeProblem(pool.machineType)),
    ...wholeNumber(["minNodes"], minNodes, { from: 0 }),
    ...wholeNumber(["maxNodes"], maxNodes, { from: 1 }),
    ...wholeNumber(["diskSizeGb"], pool.diskSizeGb, { from: 10 }),
    ...(pool.gpus ? wholeNumber(["gpus", "count"], pool.gpus.count, { from: 1 }) : []),
  ];
  if (minNodes > maxNodes)
    found.push({
      prop: ["minNodes"],
      problem: `is ${minNodes}, above maxNodes`,
      instead: `give ${maxNodes} at most, or raise maxNodes`,
    });
  if (upgrade && upgrade.maxSurge + upgrade.maxUnavailable < 1)
    found.push({
      prop: ["upgrade"],
      problem: "has 0 for both maxSurge and maxUnavailable, with which no upgrade could start",
      instead: "raise one of them",
    });
  const declared = [
    ...taints.map((taint, index) => ({ prop: ["taints", index, "key"], name: taint.key })),
    ...Object.keys(labels).map((name) => ({ prop: ["labels", name], name })),
  ];
  for (const { prop, name } of declared)
    if (name.startsWith(SANDBOX_DOMAIN))
      found.push({
        prop,
        problem: `"${name}" is GKE's to set, which refuses pools that declare it`,
        instead: "use sandbox",
      });
  if ("pool" in labels)
    found.push({ prop: ["labels", "pool"], problem: "is set to the pool's key", instead: "leave it out" });
  if (sandbox && pool.imageType === "UBUNTU_CONTAINERD")
    found.push({
      prop: ["imageType"],
      problem: `is ${pool.imageType}, on which there is no gVisor`,
      instead: "use COS_CONTAINERD",
    });
  if (sandbox && !beta)
    found.push({
      prop: ["sandbox"],
      problem: "needs the google-beta provider",
      instead: "give the cluster googleBeta",
    });
  for (const [index, zone] of nodeLocations.entries())
    if (!zone.startsWith(`${region}-`))
      found.push({
        prop: ["nodeLocations", index],
        problem: `is "${zone}", which is no zone of ${region}`,
        instead: `give one such as ${region}-b`,
      });
  return found;
}
