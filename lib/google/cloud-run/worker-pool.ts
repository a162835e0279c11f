import { CloudRunV2WorkerPool } from "@cdktf/provider-google/lib/cloud-run-v2-worker-pool";
import { Construct } from "constructs";
import { rejectProps } from "../../core/invalid-props";
import { lifecycle } from "../../core/props";
import type { RuntimeIdentity } from "../runtime-identity";
import { workerPoolProblems } from "./checks";
import type { CloudRunWorkerPoolProps } from "./props";
import {
  CALLER,
  containerOf,
  limitsOf,
  namedByTerraform,
  type Revision,
  revisionOf,
  STAGE,
  templateOf,
  waitsFor,
} from "./template";

/**
 * Cloud Run worker pool: containers that take their work themselves, from a queue, and answer no requests. They have no URL and
 * no port, and do not scale by themselves.
 *
 * Another image, variable or size makes another revision, `<pool>-<hash>`, which takes over at once. The provider knows no health
 * checks of worker pools: one that hangs has to notice and end itself.
 *
 * Applying it takes run.admin, and `roles/iam.serviceAccountUser` on the identity. It costs as long as its instances are
 * there.
 *
 * @see https://cloud.google.com/run/docs/deploy-worker-pools
 * @throws on a tag instead of a digest, a secret in a plain variable, a connector, and sizes and numbers that Cloud Run does not have
 * @example
 * ```ts
 * const identity = new RuntimeIdentity(stack, "worker-identity", {
 *   projectId: "acme-prod",
 *   accountId: "shop-worker",
 *   displayName: "Worker of the shop",
 *   secretIds: { redis: "redis-url" },
 * });
 * const worker = new CloudRunWorkerPool(stack, "worker", {
 *   projectId: "acme-prod",
 *   region: "us-central1",
 *   name: "shop-worker",
 *   image: {
 *     registry: { projectId: "acme-prod", location: "us-central1", repositoryId: "shop" },
 *     name: "api",
 *     tag: "main",
 *   },
 *   args: ["worker"],
 *   secrets: { REDIS_URL: { secretId: "redis-url", version: 1 } },
 *   cpu: 1,
 *   memory: "512Mi",
 *   identity,
 *   instances: 2,
 *   deletionProtection: true,
 * });
 * stack.output("worker_revision", { value: worker.revisionName });
 * ```
 */
export class CloudRunWorkerPool extends Construct {
  /** Name of the pool, which waits for it. */
  readonly name: string;
  /** Id of its project. */
  readonly projectId: string;
  /** Its region. */
  readonly region: string;
  /** As whom it runs, for who deploys it. */
  readonly identity: Pick<RuntimeIdentity, "name">;
  /** Whether Terraform keeps the number of instances. */
  readonly managesInstances: boolean;
  private readonly revision?: Revision;

  constructor(scope: Construct, id: string, props: CloudRunWorkerPoolProps) {
    super(scope, id);
    rejectProps(this, workerPoolProblems(props));
    const { projectId, region, name, identity, scheduled = false, deletionProtection } = props;

    const template = {
      ...templateOf(props),
      containers: [{ ...containerOf(this, props), resources: { limits: limitsOf(props) } }],
    };
    this.revision = revisionOf(props, template);
    const pool = new CloudRunV2WorkerPool(this, "Resource", {
      project: projectId,
      location: region,
      name,
      launchStage: "BETA",
      labels: props.labels,
      // Without its mode every plan has a change.
      scaling: { scalingMode: "MANUAL", manualInstanceCount: props.instances },
      template: { ...template, revision: this.revision?.name },
      deletionProtection,
      dependsOn: waitsFor(props),
      lifecycle: lifecycle(deletionProtection, [...CALLER, STAGE, ...(scheduled ? ["scaling"] : [])]),
    });
    this.projectId = projectId;
    this.region = region;
    this.name = pool.name;
    this.identity = identity;
    this.managesInstances = !scheduled;
  }

  /**
   * Name of the revision that the template makes, `<pool>-<hash>`.
   * @throws where a pipeline deploys, too
   */
  get revisionName(): string {
    return namedByTerraform(this, this.revision).name;
  }
}
