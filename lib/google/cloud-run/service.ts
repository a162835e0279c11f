import {
  CloudRunV2Service,
  type CloudRunV2ServiceConfig,
} from "@cdktf/provider-google/lib/cloud-run-v2-service";
import { CloudRunV2ServiceIamMember } from "@cdktf/provider-google/lib/cloud-run-v2-service-iam-member";
import { IapWebCloudRunServiceIamMember } from "@cdktf/provider-google/lib/iap-web-cloud-run-service-iam-member";
import { GoogleCloudRunV2Service } from "@cdktf/provider-google-beta/lib/google-cloud-run-v2-service";
import { GoogleProjectServiceIdentity } from "@cdktf/provider-google-beta/lib/google-project-service-identity";
import { Construct } from "constructs";
import { expression } from "../../core/expression";
import { rejectProps } from "../../core/invalid-props";
import { lifecycle, optionalOutput } from "../../core/props";
import type { RuntimeIdentity } from "../runtime-identity";
import { serviceProblems } from "./checks";
import type {
  CloudRunServiceProps,
  GrpcHealthCheck,
  HttpHealthCheck,
  RevisionTraffic,
  RunIap,
  TcpHealthCheck,
} from "./props";
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

const INGRESS = {
  all: "INGRESS_TRAFFIC_ALL",
  internal: "INGRESS_TRAFFIC_INTERNAL_ONLY",
  "internal-and-cloud-load-balancing": "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER",
} as const;

/** Tag of the newest revision where `traffic` says which ones answer. */
const CANARY = "canary";

/**
 * Cloud Run service: a container that answers requests, in as many instances as there are requests for, down to none.
 *
 * Terraform alone deploys it, unless `deployedBy` says otherwise. A revision is called by what it is made of, `<service>-<hash>`;
 * another image, variable or size makes another one, which without `traffic` answers everybody as soon as it is ready. With
 * `traffic` nobody gets it before its hash is named: what an apply makes has the tag `canary` and a URL of its own, and no
 * requests. So a release is a change of one value at a time, and each way back is one too:
 *
 * 1. another digest of `image`: a revision beside the stable one, to be tried at `canaryUrl`;
 * 2. `canary: { revision: "<its hash>", percent: 10 }`: a tenth of the requests;
 * 3. `stable: "<its hash>"`: all of them. Or `canary` out again: none.
 *
 * After each of them a plan is empty. The first apply of a service has no `traffic`, as there is no revision to name yet.
 *
 * Applying it takes run.admin, and `roles/iam.serviceAccountUser` on the identity; with IAP, iap.admin. It costs what its
 * instances are billed for: by request as long as they answer one, with `cpuIdle: false` as long as they are there. What it
 * keeps on its disk is memory, and gone with the instance.
 *
 * Source: Orchestra document, section "GCP Cloud Run Deployment"; Copy-That document, section "Traffic Splitting for Canary
 * Deployments".
 * @see https://cloud.google.com/run/docs/rollouts-rollbacks-traffic-migration
 * @see https://cloud.google.com/iap/docs/enabling-cloud-run
 * @throws on a tag instead of a digest, a secret in a plain variable, sizes and times that Cloud Run does not have, a check that the
 * port does not answer, a subnet that is too small or elsewhere, and a service that is public and behind IAP
 * @example
 * ```ts
 * const registry = { projectId: "acme-prod", location: "us-central1", repositoryId: "shop" };
 * const identity = new RuntimeIdentity(stack, "api-identity", {
 *   projectId: "acme-prod",
 *   accountId: "shop-api",
 *   displayName: "API of the shop",
 *   secretIds: { database: "database-url" },
 * });
 * const service = new CloudRunService(stack, "api", {
 *   projectId: "acme-prod",
 *   region: "us-central1",
 *   name: "shop-api",
 *   image: { registry, name: "api", tag: "main" },
 *   env: { LOG_LEVEL: "INFO" },
 *   secrets: { DATABASE_URL: { secretId: "database-url", version: 3 } },
 *   cpu: 1,
 *   memory: "512Mi",
 *   identity,
 *   maxInstances: 10,
 *   startupProbe: { http: "/health", periodSeconds: 5 },
 *   ingress: "internal-and-cloud-load-balancing",
 *   public: "customers sign in to the shop itself",
 *   traffic: { stable: "3f2a91c0", canary: { revision: "b71c44de", percent: 10 } },
 *   deletionProtection: true,
 * });
 * stack.output("api_revision", { value: service.revisionHash });
 * stack.output("api_canary_url", { value: service.canaryUrl });
 * ```
 */
export class CloudRunService extends Construct {
  /** Name of the service, which waits for it. */
  readonly name: string;
  /** Id of its project. */
  readonly projectId: string;
  /** Its region. */
  readonly region: string;
  /** Where it answers, `https://…run.app`. */
  readonly url: string;
  /** As whom it runs, for who deploys it. */
  readonly identity: Pick<RuntimeIdentity, "name">;
  /** Whether Terraform keeps a least number of instances. */
  readonly managesInstances: boolean;
  /** Instances at most, of each revision. */
  readonly maxInstances: number;
  private readonly revision?: Revision;
  private readonly canary?: string;

  constructor(scope: Construct, id: string, props: CloudRunServiceProps) {
    super(scope, id);
    rejectProps(this, serviceProblems(props));
    const { projectId, region, name, identity, minInstances, iap, traffic, deletionProtection } = props;

    const template = this.template(props);
    this.revision = revisionOf(props, template);
    const config: CloudRunV2ServiceConfig = {
      project: projectId,
      location: region,
      name,
      description: props.public && `Public: ${props.public}`,
      ingress: INGRESS[props.ingress ?? "internal"],
      invokerIamDisabled: props.public !== undefined,
      labels: props.labels,
      // The provider says 0 by leaving it out, and the API answers with a block: every plan would have a change.
      scaling: minInstances === undefined ? undefined : { minInstanceCount: minInstances },
      template: { ...template, revision: this.revision?.name },
      traffic: trafficOf(name, traffic),
      deletionProtection,
      dependsOn: waitsFor(props),
      lifecycle: lifecycle(deletionProtection, [
        ...CALLER,
        ...(minInstances === undefined ? ["scaling"] : []),
        ...(iap ? [STAGE] : []),
      ]),
    };
    const service = iap
      ? new GoogleCloudRunV2Service(this, "Resource", {
          ...config,
          provider: iap.googleBeta,
          iapEnabled: true,
          launchStage: "BETA",
        })
      : new CloudRunV2Service(this, "Resource", config);

    this.projectId = projectId;
    this.region = region;
    this.name = service.name;
    this.url = service.uri;
    this.identity = identity;
    this.managesInstances = minInstances !== undefined;
    this.maxInstances = props.maxInstances;
    if (traffic)
      this.canary = expression`one([for each in ${service.fqn}.traffic_statuses : each.uri if each.tag == ${CANARY}])`;

    const invokers = new Construct(this, "invoker");
    for (const [key, member] of Object.entries(props.invokers ?? {})) this.mayInvoke(invokers, key, member);
    if (iap) this.letIn(iap);
  }

  /**
   * Hash of the revision that the template makes, for `traffic`. Terraform tells it where the template refers to anything.
   * @throws where a pipeline deploys, too
   */
  get revisionHash(): string {
    return namedByTerraform(this, this.revision).hash;
  }

  /**
   * Name of that revision, `<service>-<hash>`.
   * @throws where a pipeline deploys, too
   */
  get revisionName(): string {
    return namedByTerraform(this, this.revision).name;
  }

  /**
   * Where the newest revision answers, whoever else gets it: as the API tells it, so after the apply that makes it.
   * @throws without `traffic`
   */
  get canaryUrl(): string {
    return optionalOutput(this, "canary", this.canary, "traffic");
  }

  private template(props: CloudRunServiceProps) {
    const { port = 8080, startupProbe, livenessProbe } = props;
    return {
      ...templateOf(props),
      timeout: `${props.timeoutSeconds ?? 300}s`,
      maxInstanceRequestConcurrency: props.concurrency ?? 80,
      // Left out, the API answers with its own, and every plan has a change.
      scaling: { maxInstanceCount: props.maxInstances },
      containers: [
        {
          ...containerOf(this, props),
          ports: { name: props.protocol ?? "http1", containerPort: port },
          resources: {
            limits: limitsOf(props),
            cpuIdle: props.cpuIdle ?? true,
            startupCpuBoost: props.startupCpuBoost ?? false,
          },
          startupProbe: healthCheck(startupProbe, port),
          livenessProbe: livenessProbe && healthCheck(livenessProbe, port),
        },
      ],
    };
  }

  private mayInvoke(scope: Construct, key: string, member: string) {
    return new CloudRunV2ServiceIamMember(scope, key, {
      project: this.projectId,
      location: this.region,
      name: this.name,
      role: "roles/run.invoker",
      member,
    });
  }

  private letIn({ googleBeta, members }: RunIap): void {
    const scope = new Construct(this, "iap");
    const agent = new GoogleProjectServiceIdentity(scope, "agent", {
      provider: googleBeta,
      project: this.projectId,
      service: "iap.googleapis.com",
    });
    const calls = this.mayInvoke(scope, "calls", agent.member);
    const access = new Construct(scope, "member");
    for (const [key, member] of Object.entries(members))
      new IapWebCloudRunServiceIamMember(access, key, {
        project: this.projectId,
        location: this.region,
        cloudRunServiceName: this.name,
        role: "roles/iap.httpsResourceAccessor",
        member,
        dependsOn: [calls],
      });
  }
}

function healthCheck(check: HttpHealthCheck | GrpcHealthCheck | TcpHealthCheck, port: number) {
  return {
    initialDelaySeconds: check.delaySeconds ?? 0,
    periodSeconds: check.periodSeconds ?? 10,
    timeoutSeconds: check.timeoutSeconds ?? 1,
    failureThreshold: check.failureThreshold ?? 3,
    ...("http" in check
      ? { httpGet: { path: check.http, port } }
      : "grpc" in check
        ? { grpc: { port, service: check.grpc || undefined } }
        : { tcpSocket: { port } }),
  };
}

/**
 * By name goes only what is there already. The newest revision is meant by being the newest, as it may be made in the same apply;
 * a share of it goes by another target, as Cloud Run allows several for one revision.
 */
function trafficOf(service: string, traffic: RevisionTraffic | undefined) {
  const latest = { type: "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST" };
  if (!traffic) return [{ ...latest, percent: 100 }];
  const named = (hash: string) => ({
    type: "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION",
    revision: `${service}-${hash}`,
  });
  const { stable, canary } = traffic;
  const percent = canary && canary.revision !== stable ? canary.percent : 0;
  return [
    { ...named(stable), percent: 100 - percent, tag: "stable" },
    ...(canary && percent > 0 ? [{ ...named(canary.revision), percent }] : []),
    { ...latest, percent: 0, tag: CANARY },
  ];
}
