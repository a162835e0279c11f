import { CloudRunV2ServiceIamMember } from "@cdktf/provider-google/lib/cloud-run-v2-service-iam-member";
import { CloudRunV2WorkerPoolIamMember } from "@cdktf/provider-google/lib/cloud-run-v2-worker-pool-iam-member";
import { ServiceAccount } from "@cdktf/provider-google/lib/service-account";
import { ServiceAccountIamMember } from "@cdktf/provider-google/lib/service-account-iam-member";
import { Construct } from "constructs";
import { cronProblem, timeZoneProblem } from "../../core/cron";
import {
  accountIdProblem,
  nameProblem,
  type PropProblem,
  problemAt,
  rejectProps,
  wholeNumber,
} from "../../core/invalid-props";
import type { CloudRunService } from "../cloud-run/service";
import { CloudRunWorkerPool } from "../cloud-run/worker-pool";
import { Schedule } from "./schedule";

/** A number of instances, from a time on. */
export interface ScalingStep {
  /** When, in unix-cron's five fields: `0 22 * * *`. */
  readonly cron: string;
  /** Instances: of a service the least number, of a worker pool the number. */
  readonly instances: number;
}

export interface ScalingScheduleProps {
  /** Id of the Google Cloud project. */
  readonly projectId: string;
  /** Region of the Cloud Scheduler jobs, such as `us-central1`. Changing it recreates them. */
  readonly region: string;
  /** What their names begin with: `<name>-<step>`. Changing it recreates them. */
  readonly name: string;
  /** Id of the service account that changes the number, 6 to 30 characters. Changing it recreates the account and its grants. */
  readonly accountId: string;
  /** A service without `minInstances`, or a worker pool that is `scheduled`: Terraform does not look at the number of either. */
  readonly target: CloudRunService | CloudRunWorkerPool;
  /** The steps, by a short name of each: `{ down: …, up: … }`. Two at least: what goes down comes up again. */
  readonly steps: Readonly<Record<string, ScalingStep>>;
  /** Time zone that they are in, of the IANA database. @default "Etc/UTC" */
  readonly timeZone?: string;
}

/**
 * Least number of instances of a Cloud Run service, or the number of a worker pool's, by the clock (Cloud Scheduler): down in the evening,
 * up in the morning.
 *
 * Each step sets the number by Cloud Run's API, and nothing else of the service. Terraform does not look at it, so neither
 * undoes the other; a deployment leaves it as it is, and a new service begins with 0 until the first step. A service that is down to
 * 0 still answers: with a first request that waits for an instance. Without the schedule the number stays as it set it last.
 *
 * The identity is the schedule's own. It may change this one service, and so has to be allowed to act as the account that the service
 * runs as: Google asks that of everybody who changes one.
 *
 * Applying it takes cloudscheduler.admin, run.admin and service account administrator. Each step costs 0.10 USD a month.
 *
 * Source: Copy-That document, section "Cost Optimization".
 * @see https://cloud.google.com/run/docs/configuring/min-instances
 * @throws when Terraform keeps the number, when there is one step alone or its number is more than the service may have, and on what
 * `Schedule` refuses
 * @example
 * ```ts
 * const identity = new RuntimeIdentity(stack, "api-identity", {
 *   projectId: "acme-prod",
 *   accountId: "shop-api",
 *   displayName: "API of the shop",
 * });
 * const service = new CloudRunService(stack, "api", {
 *   projectId: "acme-prod",
 *   region: "us-central1",
 *   name: "shop-api",
 *   image: {
 *     registry: { projectId: "acme-prod", location: "us-central1", repositoryId: "shop" },
 *     name: "api",
 *     tag: "main",
 *   },
 *   cpu: 1,
 *   memory: "512Mi",
 *   identity,
 *   maxInstances: 10,
 *   startupProbe: { http: "/health" },
 *   deletionProtection: true,
 * });
 * new ScalingSchedule(stack, "hours", {
 *   projectId: "acme-prod",
 *   region: "us-central1",
 *   name: "shop-api",
 *   accountId: "shop-api-hours",
 *   target: service,
 *   timeZone: "America/Los_Angeles",
 *   steps: {
 *     down: { cron: "0 22 * * *", instances: 0 },
 *     up: { cron: "0 6 * * 1-5", instances: 1 },
 *   },
 * });
 * ```
 */
export class ScalingSchedule extends Construct {
  constructor(scope: Construct, id: string, props: ScalingScheduleProps) {
    super(scope, id);
    rejectProps(this, problems(props));
    const { projectId, region, name, target, steps } = props;
    const account = new ServiceAccount(this, "Resource", {
      project: projectId,
      accountId: props.accountId,
      displayName: `Instances of ${name} by the clock`,
    });
    const config = {
      project: target.projectId,
      location: target.region,
      name: target.name,
      role: "roles/run.developer",
      member: account.member,
    };
    const isPool = target instanceof CloudRunWorkerPool;
    const grants = [
      isPool
        ? new CloudRunV2WorkerPoolIamMember(this, "changes", config)
        : new CloudRunV2ServiceIamMember(this, "changes", config),
      new ServiceAccountIamMember(this, "acts", {
        serviceAccountId: target.identity.name,
        role: "roles/iam.serviceAccountUser",
        member: account.member,
      }),
    ];
    const [collection, field] = isPool
      ? ["workerPools", "manualInstanceCount"]
      : ["services", "minInstanceCount"];
    for (const [step, { cron, instances }] of Object.entries(steps))
      new Schedule(this, step, {
        projectId,
        region,
        name: `${name}-${step}`,
        description: `${isPool ? "Instances" : "Least number of instances"}: ${instances}`,
        cron,
        timeZone: props.timeZone,
        target: {
          http: {
            url: `https://run.googleapis.com/v2/projects/${target.projectId}/locations/${target.region}/${collection}/${target.name}?updateMask=scaling.${field}`,
            method: "PATCH",
            body: { scaling: { [field as string]: instances } },
            oauth: { identity: account },
          },
        },
        retry: { count: 5, maxBackoffSeconds: 600 },
        dependsOn: grants,
      });
  }
}

function problems({ name, accountId, target, steps, timeZone }: ScalingScheduleProps): PropProblem[] {
  const isPool = target instanceof CloudRunWorkerPool;
  const found: PropProblem[] = [
    ...problemAt(["name"], nameProblem(name)),
    ...problemAt(["accountId"], accountIdProblem(accountId)),
    ...problemAt(["timeZone"], timeZoneProblem(timeZone ?? "Etc/UTC")),
  ];
  if (target.managesInstances)
    found.push({
      prop: ["target"],
      problem: "has a number of instances that every apply would set again",
      instead: isPool ? "set scheduled there" : "leave minInstances out there",
    });
  if (Object.keys(steps).length < 2)
    found.push({
      prop: ["steps"],
      problem: "has no two steps, so nothing sets the number back",
      instead: "add one",
    });
  for (const [step, { cron, instances }] of Object.entries(steps)) {
    const to = isPool ? undefined : target.maxInstances;
    if (!/^[a-z][a-z0-9-]*$/.test(step) || ["changes", "acts"].includes(step))
      found.push({
        prop: ["steps", step],
        problem: `"${step}" is no name of a step`,
        instead: 'use lower-case letters, digits and -, such as "down"; "acts" and "changes" are taken',
      });
    found.push(
      ...problemAt(["steps", step, "cron"], cronProblem(cron)),
      ...wholeNumber(["steps", step, "instances"], instances, { from: 0, to }),
    );
  }
  return found;
}
