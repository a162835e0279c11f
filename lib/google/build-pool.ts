import { CloudbuildWorkerPool } from "@cdktf/provider-google/lib/cloudbuild-worker-pool";
import { Construct } from "constructs";
import { nameProblem, type PropProblem, problemAt, rejectProps, wholeNumber } from "../core/invalid-props";
import type { Networking } from "./networking";

export interface BuildPoolProps {
  /** Id of the Google Cloud project. */
  readonly projectId: string;
  /** Region of the pool, and of the builds in it. Changing it recreates the pool. */
  readonly region: string;
  /** Name of the pool: at most 63 lower-case letters, digits and -. Changing it recreates the pool. */
  readonly name: string;
  /** Compute Engine machine of a build: `e2-standard-4`. */
  readonly machineType: string;
  /** GB of a machine's disk, from 100 to 4000. @default 100 */
  readonly diskSizeGb?: number;
  /**
   * Network that builds reach private addresses in, such as a database's. It needs private services access; other networks
   * that it is peered with are not reached. Changing it recreates the pool.
   * @default none
   */
  readonly network?: Pick<Networking, "networkId" | "privateServicesConnection">;
  /** Builds have an address on the internet, without which they download nothing: a network's NAT is not theirs. @default false */
  readonly externalAddresses?: boolean;
}

/**
 * Private pool of Cloud Build: machines of one's own for builds, which may reach into a network. Takes minutes to make.
 *
 * Costs by the minute of builds, by machine, and nothing while none runs. Google starts as many machines as builds wait, up to
 * the project's quota, which is 10 vCPU at first. Who applies it needs `roles/cloudbuild.workerPoolOwner`.
 *
 * @see https://cloud.google.com/build/docs/private-pools/private-pools-overview
 * @throws when a name is none, the disk has no size that Google takes, or the network has no private services access
 * @example
 * ```ts
 * const network = new Networking(stack, "network", {
 *   projectId: "acme-prod",
 *   region: "us-central1",
 *   name: "acme-vpc",
 *   subnets: { services: { cidr: "10.0.0.0/24" } },
 *   privateServices: { cidr: "10.3.0.0/16" },
 * });
 * new BuildPool(stack, "pool", {
 *   projectId: "acme-prod",
 *   region: "us-central1",
 *   name: "builds",
 *   machineType: "e2-standard-4",
 *   network,
 *   externalAddresses: true,
 * });
 * ```
 */
export class BuildPool extends Construct {
  /** `projects/<project>/locations/<region>/workerPools/<name>`. */
  readonly id: string;

  constructor(scope: Construct, id: string, props: BuildPoolProps) {
    super(scope, id);
    rejectProps(this, problems(props));
    const { network, externalAddresses = false } = props;
    this.id = new CloudbuildWorkerPool(this, "Resource", {
      project: props.projectId,
      location: props.region,
      name: props.name,
      workerConfig: {
        machineType: props.machineType,
        diskSizeGb: props.diskSizeGb ?? 100,
        noExternalIp: !externalAddresses,
      },
      networkConfig: network && { peeredNetwork: network.networkId },
      dependsOn: network?.privateServicesConnection && [network.privateServicesConnection],
    }).id;
  }
}

function problems({ name, region, machineType, diskSizeGb, network }: BuildPoolProps): PropProblem[] {
  const found: PropProblem[] = [
    ...problemAt(["name"], nameProblem(name)),
    ...wholeNumber(["diskSizeGb"], diskSizeGb, { from: 100, to: 4000, unit: "GB", optional: true }),
  ];
  if (region === "global")
    found.push({ prop: ["region"], problem: "is global, where no pool can be", instead: "give a region" });
  if (!/^[a-z][a-z0-9]*-[a-z0-9-]+$/.test(machineType))
    found.push({
      prop: ["machineType"],
      problem: `is "${machineType}"`,
      instead: 'give a machine type of Compute Engine, such as "e2-standard-4"',
    });
  if (network && !network.privateServicesConnection)
    found.push({
      prop: ["network"],
      problem: "has no private services access, by which pools are reached",
      instead: "give the network privateServices",
    });
  return found;
}
