import { CloudRunV2Job } from "@cdktf/provider-google/lib/cloud-run-v2-job";
import { CloudRunV2JobIamMember } from "@cdktf/provider-google/lib/cloud-run-v2-job-iam-member";
import { Construct } from "constructs";
import { rejectProps } from "../../core/invalid-props";
import { lifecycle } from "../../core/props";
import { jobProblems } from "./checks";
import type { CloudRunJobProps } from "./props";
import { CALLER, containerOf, limitsOf, templateOf, waitsFor } from "./template";

/**
 * Cloud Run job: a container that runs to its end, in as many tasks as it has, when somebody starts it.
 *
 * Applying it starts nothing: a `Schedule` does, a pipeline (`gcloud run jobs execute <name> --wait`), or who may invoke it. An
 * execution runs what the job is when it starts.
 *
 * Applying it takes run.admin, and `roles/iam.serviceAccountUser` on the identity. It costs by the second while tasks
 * run, and nothing otherwise.
 *
 * @see https://cloud.google.com/run/docs/create-jobs
 * @throws on a tag instead of a digest, a secret in a plain variable, and sizes, times and numbers that Cloud Run does not have
 * @example
 * ```ts
 * const identity = new RuntimeIdentity(stack, "migrate-identity", {
 *   projectId: "acme-prod",
 *   accountId: "shop-migrate",
 *   displayName: "Migrations of the shop",
 *   secretIds: { database: "database-url" },
 * });
 * const migrate = new CloudRunJob(stack, "migrate", {
 *   projectId: "acme-prod",
 *   region: "us-central1",
 *   name: "shop-migrate",
 *   image: {
 *     registry: { projectId: "acme-prod", location: "us-central1", repositoryId: "shop" },
 *     name: "api",
 *     tag: "main",
 *   },
 *   command: ["alembic", "upgrade", "head"],
 *   secrets: { DATABASE_URL: { secretId: "database-url", version: 3 } },
 *   cpu: 1,
 *   memory: "512Mi",
 *   identity,
 *   maxRetries: 0,
 *   deletionProtection: true,
 * });
 * stack.output("migration_job", { value: migrate.name });
 * ```
 */
export class CloudRunJob extends Construct {
  /** Name of the job, which waits for it. */
  readonly name: string;
  /** Id of its project. */
  readonly projectId: string;
  /** Its region. */
  readonly region: string;

  constructor(scope: Construct, id: string, props: CloudRunJobProps) {
    super(scope, id);
    rejectProps(this, jobProblems(props));
    const { projectId, region, tasks = 1, deletionProtection } = props;

    const job = new CloudRunV2Job(this, "Resource", {
      project: projectId,
      location: region,
      name: props.name,
      labels: props.labels,
      template: {
        taskCount: tasks,
        parallelism: props.parallelism ?? tasks,
        template: {
          ...templateOf(props),
          maxRetries: props.maxRetries ?? 3,
          timeout: `${props.timeoutSeconds ?? 600}s`,
          containers: [{ ...containerOf(this, props), resources: { limits: limitsOf(props) } }],
        },
      },
      deletionProtection,
      dependsOn: waitsFor(props),
      lifecycle: lifecycle(deletionProtection, CALLER),
    });
    this.projectId = projectId;
    this.region = region;
    this.name = job.name;

    const invokers = new Construct(this, "invoker");
    for (const [key, member] of Object.entries(props.invokers ?? {}))
      new CloudRunV2JobIamMember(invokers, key, {
        project: projectId,
        location: region,
        name: job.name,
        role: "roles/run.invoker",
        member,
      });
  }
}
