import type { Project } from "../../lib/environments/system";
import { ownDeployer } from "../state/own-deployer";
import { StateBucket, type StoredStack } from "../state/state-bucket";
import { foreignProviders, lockedProviders } from "../terraform/providers";
import { compare, type Environment } from "./environments";

/** Environments as declared and as deployed. */
export interface Status {
  readonly environments: readonly Environment[];
  readonly orphans: readonly StoredStack[];
  /** Not everything could be listed, so there may be more orphans. */
  readonly partial: boolean;
  /** What a state names, and no stack may run: per stack, providers that Terraform would install and start. */
  readonly foreign: ReadonlyMap<string, readonly string[]>;
}

/** Reads what is deployed from the state buckets. */
export async function readStatus(project: Project): Promise<Status> {
  const { declared, environments } = project;
  // Calls are made for the first environment's project that keeps its states there: everybody's, where they share one.
  const buckets = new Map<string, string>();
  for (const { stateBucket, projectId } of Object.values(environments))
    if (!buckets.has(stateBucket)) buckets.set(stateBucket, projectId);
  const found = await Promise.all(
    [...buckets].map(([bucket, projectId]) => {
      const own = declared.filter(({ environment }) => environments[environment]?.stateBucket === bucket);
      return readBucket(
        bucket,
        projectId,
        own.map(({ stack }) => stack),
        project,
      );
    }),
  );
  const stacks = found.flatMap((bucket) => bucket.stacks);
  const locked = lockedProviders().map(({ source }) => source);
  const foreign = stacks.map(({ stack, state }) => [stack, foreignProviders(state, locked)] as const);
  return {
    ...compare(declared, stacks),
    partial: found.some(({ partial }) => partial),
    foreign: new Map(foreign.filter(([, providers]) => providers.length > 0)),
  };
}

/** What a bucket holds: for who may not list it, as her deployer what that may read. */
async function readBucket(bucket: string, projectId: string, known: readonly string[], project: Project) {
  const found = await new StateBucket(bucket, projectId).stacks(known);
  const deployer = found.partial ? await ownDeployer(project) : undefined;
  return deployer ? new StateBucket(bucket, projectId, deployer).stacks(known) : found;
}
