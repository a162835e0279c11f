import { CloudRunV2JobIamMember } from "@cdktf/provider-google/lib/cloud-run-v2-job-iam-member";
import {
  CloudSchedulerJob,
  type CloudSchedulerJobHttpTarget,
} from "@cdktf/provider-google/lib/cloud-scheduler-job";
import { Fn, type ITerraformDependable, Token } from "cdktf";
import { Construct } from "constructs";
import { cronProblem, timeZoneProblem } from "../../core/cron";
import { type PropProblem, problemAt, problemsIn, rejectProps, wholeNumber } from "../../core/invalid-props";
import type { CloudRunJob } from "../cloud-run/job";
import type { PubSubTopic } from "../pubsub";
import type { RuntimeIdentity } from "../runtime-identity";

/** Request that a schedule makes. */
export interface HttpScheduleTarget {
  /** Where to: `https://…`. */
  readonly url: string;
  /** HTTP method. @default "POST" */
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** What it sends, as JSON. No secret: it stands in the state. @default nothing */
  readonly body?: object;
  /**
   * Log in by an ID token. What it is for is the audience: of a Cloud Run service its URL, and the identity has to be one of its
   * invokers.
   * @default nobody logs in
   */
  readonly oidc?: { readonly identity: Pick<RuntimeIdentity, "email">; readonly audience: string };
  /** Log in by an access token, as Google's APIs want it; what it may do is up to IAM. @default nobody logs in */
  readonly oauth?: { readonly identity: Pick<RuntimeIdentity, "email"> };
}

/** Message that a schedule publishes. */
export interface PubsubScheduleTarget {
  /** Its topic. */
  readonly topic: Pick<PubSubTopic, "topicId">;
  /** What it says, as text. @default nothing, then there have to be attributes */
  readonly data?: string;
  /** Attributes of the message. @default none */
  readonly attributes?: Readonly<Record<string, string>>;
}

/** Cloud Run job that a schedule starts. */
export interface JobScheduleTarget {
  /** The job. */
  readonly job: CloudRunJob;
  /** As whom: it is given the right to start this job. */
  readonly identity: Pick<RuntimeIdentity, "email" | "member">;
}

/** What happens when an attempt fails. */
export interface ScheduleRetry {
  /** Further attempts, 1 to 5. */
  readonly count: number;
  /** Seconds until the first of them. @default 5 */
  readonly minBackoffSeconds?: number;
  /** Seconds between two at most. @default 3600 */
  readonly maxBackoffSeconds?: number;
  /** Times that the wait is doubled, 0 to 16. @default 5 */
  readonly maxDoublings?: number;
}

export interface ScheduleProps {
  /** Id of the Google Cloud project. */
  readonly projectId: string;
  /** Region, such as `us-central1`. Changing it recreates the schedule. */
  readonly region: string;
  /** Name, of letters, digits, `-` and `_`. Changing it recreates the schedule. */
  readonly name: string;
  /** For people, shown in the console. @default none */
  readonly description?: string;
  /** When, in unix-cron's five fields: `0 6 * * 1-5`. */
  readonly cron: string;
  /** Time zone that it is in, of the IANA database. One with summer time skips or repeats an hour twice a year. @default "Etc/UTC" */
  readonly timeZone?: string;
  /** What it does. */
  readonly target:
    | { readonly http: HttpScheduleTarget }
    | { readonly pubsub: PubsubScheduleTarget }
    | JobScheduleTarget;
  /** Further attempts. @default none before the next time */
  readonly retry?: ScheduleRetry;
  /** Seconds that an attempt may take, 15 to 1800; a message takes none. @default 300 */
  readonly attemptDeadlineSeconds?: number;
  /** What else has to exist before. @default none */
  readonly dependsOn?: readonly ITerraformDependable[];
}

/**
 * Cloud Scheduler job: a request, a message, or the start of a Cloud Run job, at certain times. It may happen twice, so what it does has to
 * bear that.
 *
 * A job that fails writes to the log, and nobody is told: alert on it. Applying it takes cloudscheduler.admin, and
 * `roles/iam.serviceAccountUser` on the identity. It costs 0.10 USD a month, whatever it does.
 *
 * @see https://cloud.google.com/scheduler/docs/configuring/cron-job-schedules
 * @throws on a schedule that Cloud Scheduler does not read or that never comes, a time zone that there is not, a token that does
 * not go with the address, a message without content, and times out of bounds
 * @example
 * ```ts
 * const reports = new PubSubTopic(stack, "reports", { projectId: "acme-prod", name: "reports" });
 * new Schedule(stack, "report", {
 *   projectId: "acme-prod",
 *   region: "us-central1",
 *   name: "weekly-report",
 *   cron: "0 7 * * MON",
 *   timeZone: "Europe/Vienna",
 *   target: { pubsub: { topic: reports, data: "weekly" } },
 *   retry: { count: 3 },
 * });
 * ```
 */
export class Schedule extends Construct {
  /** Name of the job, which waits for it. */
  readonly name: string;

  constructor(scope: Construct, id: string, props: ScheduleProps) {
    super(scope, id);
    rejectProps(this, problems(props));
    const { projectId: project, region, target, retry, attemptDeadlineSeconds = 300, dependsOn = [] } = props;
    const waitsFor = [...dependsOn];
    if ("job" in target)
      waitsFor.push(
        new CloudRunV2JobIamMember(this, "starts", {
          project: target.job.projectId,
          location: target.job.region,
          name: target.job.name,
          role: "roles/run.invoker",
          member: target.identity.member,
        }),
      );
    const job = new CloudSchedulerJob(this, "Resource", {
      project,
      region,
      name: props.name,
      description: props.description,
      schedule: props.cron,
      timeZone: props.timeZone ?? "Etc/UTC",
      // Of a message it is ignored, and differs in every plan.
      attemptDeadline: "pubsub" in target ? undefined : `${attemptDeadlineSeconds}s`,
      retryConfig: retry && {
        retryCount: retry.count,
        minBackoffDuration: `${retry.minBackoffSeconds ?? 5}s`,
        maxBackoffDuration: `${retry.maxBackoffSeconds ?? 3600}s`,
        maxDoublings: retry.maxDoublings ?? 5,
      },
      pubsubTarget: "pubsub" in target ? message(target.pubsub) : undefined,
      httpTarget: "pubsub" in target ? undefined : request("job" in target ? start(target) : target.http),
      dependsOn: waitsFor.length > 0 ? waitsFor : undefined,
      // The API adds headers of its own, which the provider takes for ours.
      lifecycle: "pubsub" in target ? undefined : { ignoreChanges: ["http_target[0].headers"] },
    });
    this.name = job.name;
  }
}

/** Scope of a token for any of Google's APIs; what it may do is up to IAM. */
const CLOUD_PLATFORM = "https://www.googleapis.com/auth/cloud-platform";

function start({ job, identity }: JobScheduleTarget): HttpScheduleTarget {
  return {
    url: `https://run.googleapis.com/v2/projects/${job.projectId}/locations/${job.region}/jobs/${job.name}:run`,
    oauth: { identity },
  };
}

function request({ url, method, body, oidc, oauth }: HttpScheduleTarget): CloudSchedulerJobHttpTarget {
  return {
    uri: url,
    httpMethod: method ?? "POST",
    ...(body && {
      body: Fn.base64encode(Fn.jsonencode(body)),
      headers: { "Content-Type": "application/json" },
    }),
    oidcToken: oidc && { serviceAccountEmail: oidc.identity.email, audience: oidc.audience },
    oauthToken: oauth && { serviceAccountEmail: oauth.identity.email, scope: CLOUD_PLATFORM },
  };
}

function message({ topic, data, attributes }: PubsubScheduleTarget) {
  return {
    topicName: topic.topicId,
    data: data === undefined ? undefined : Fn.base64encode(data),
    attributes,
  };
}

function problems(props: ScheduleProps): PropProblem[] {
  const { name, target, retry, attemptDeadlineSeconds } = props;
  const found: PropProblem[] = [];
  if (!/^[A-Za-z0-9_-]{1,500}$/.test(name))
    found.push({
      prop: ["name"],
      problem: `"${name}" is no name of a schedule`,
      instead: "use up to 500 letters, digits, - and _",
    });
  found.push(
    ...problemAt(["cron"], cronProblem(props.cron)),
    ...problemAt(["timeZone"], timeZoneProblem(props.timeZone ?? "Etc/UTC")),
    ...("http" in target ? problemsIn(["target", "http"], requestProblems(target.http)) : []),
    ...wholeNumber(["attemptDeadlineSeconds"], attemptDeadlineSeconds, {
      from: 15,
      to: 1800,
      optional: true,
    }),
    ...(retry ? problemsIn(["retry"], retryProblems(retry)) : []),
  );
  if (!("pubsub" in target)) return found;
  if (target.pubsub.data === undefined && Object.keys(target.pubsub.attributes ?? {}).length === 0)
    found.push({
      prop: ["target", "pubsub"],
      problem: "says nothing",
      instead: "give data, or an attribute",
    });
  if (attemptDeadlineSeconds !== undefined)
    found.push({
      prop: ["attemptDeadlineSeconds"],
      problem: "is given for a message, which takes no time",
      instead: "leave it out",
    });
  return found;
}

function requestProblems({ url, method, body, oidc, oauth }: HttpScheduleTarget): PropProblem[] {
  const found: PropProblem[] = [];
  const known = !Token.isUnresolved(url.split("/")[2] ?? url);
  if (known && !/^https:\/\/[^/\s]+/.test(url))
    found.push({ prop: ["url"], problem: `is "${url}"`, instead: "give one with https://" });
  const ofGoogle = /^https:\/\/[\w.-]+\.googleapis\.com\//.test(url);
  if (oidc && oauth)
    found.push({ prop: ["oauth"], problem: "is given beside oidc", instead: "give one of the two" });
  if (known && oauth && !ofGoogle)
    found.push({
      prop: ["oauth"],
      problem: "would send a token for Google's APIs to somebody else",
      instead: "use oidc",
    });
  if (oidc && ofGoogle)
    found.push({
      prop: ["oidc"],
      problem: "is for an API of Google's, which takes access tokens",
      instead: "use oauth",
    });
  if (body && (method === "GET" || method === "DELETE"))
    found.push({ prop: ["body"], problem: `is given with ${method}`, instead: "use POST, PUT or PATCH" });
  return found;
}

function retryProblems(retry: ScheduleRetry): PropProblem[] {
  const { minBackoffSeconds = 5, maxBackoffSeconds } = retry;
  return [
    ...wholeNumber(["count"], retry.count, { from: 1, to: 5 }),
    ...wholeNumber(["minBackoffSeconds"], retry.minBackoffSeconds, { from: 1, to: 3600, optional: true }),
    ...wholeNumber(["maxBackoffSeconds"], maxBackoffSeconds, {
      from: minBackoffSeconds,
      to: 3600,
      optional: true,
    }),
    ...wholeNumber(["maxDoublings"], retry.maxDoublings, { from: 0, to: 16, optional: true }),
  ];
}
