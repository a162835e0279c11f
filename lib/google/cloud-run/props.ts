import type { TerraformProvider } from "cdktf";
import type { ImageRegistry } from "../artifact-registry";
import type { CloudSql } from "../cloud-sql";
import type { Networking, Subnet } from "../networking";
import type { RuntimeIdentity } from "../runtime-identity";

/** Container image that follows a tag: whatever it points to when Terraform plans is what runs, by digest. */
export interface TaggedImage {
  /** Repository that holds it. */
  readonly registry: ImageRegistry;
  /** Its name in the repository: `server`. */
  readonly name: string;
  /** Tag, such as `main`. Where it has no image yet, planning fails with "Requested image was not found". */
  readonly tag: string;
}

/** Version of a secret of Secret Manager. */
export interface PinnedSecret {
  /** Id of the secret, in the same project: `database-url`. */
  readonly secretId: string;
  /**
   * Number of the version, from 1. Another number is another revision, which the plan shows. `latest` would be read whenever
   * an instance starts, so that two instances of one revision may have different values.
   */
  readonly version: number;
}

/** Way into a VPC without a machine between (direct VPC egress). */
export interface DirectEgress {
  /** The network. */
  readonly network: Pick<Networking, "networkId">;
  /**
   * Subnet of the same region, /26 or larger. Each instance takes addresses of it, which stay taken for an hour or two after it is
   * gone: give Cloud Run a subnet of its own.
   */
  readonly subnet: Pick<Subnet, "id" | "cidr" | "region">;
  /** Network tags, for firewall rules. @default none */
  readonly tags?: readonly string[];
  /**
   * Send everything into the network, also what is for the internet, which then leaves by the network's NAT.
   * @default false: private addresses only
   */
  readonly allTraffic?: boolean;
  readonly connector?: undefined;
}

/** Way into a VPC through the machines of a Serverless VPC Access connector, which are billed. */
export interface ConnectorEgress {
  /** `projects/<project>/locations/<region>/connectors/<name>`. */
  readonly connector: string;
  /** As of direct egress. @default false: private addresses only */
  readonly allTraffic?: boolean;
  readonly network?: undefined;
  readonly subnet?: undefined;
}

/** Whole vCPUs that Cloud Run gives. */
export type RunCpu = 1 | 2 | 4 | 6 | 8;

/** What services, jobs and worker pools have in common. */
export interface RunProps {
  /** Id of the Google Cloud project. */
  readonly projectId: string;
  /** Region, such as `us-central1`. Changing it recreates everything. */
  readonly region: string;
  /** Name, at most 49 characters. Changing it recreates everything. */
  readonly name: string;
  /**
   * Container image: by digest, `us-central1-docker.pkg.dev/acme/shop/server@sha256:…`, or a tag to look the digest up by. A tag in
   * a text is refused: nobody could tell what runs.
   */
  readonly image: string | TaggedImage;
  /** Program to start. @default the image's entry point */
  readonly command?: readonly string[];
  /** Its arguments. @default the image's */
  readonly args?: readonly string[];
  /**
   * Environment variables. What is called after a secret (`…_KEY`, `…_SECRET`, `…_PASSWORD`, `…_TOKEN`), and a URL with a user in
   * it, is refused: it would stand in the code, in the state and in the console.
   * @default none
   */
  readonly env?: Readonly<Record<string, string>>;
  /** Environment variables from Secret Manager. The identity needs to be allowed to read them. @default none */
  readonly secrets?: Readonly<Record<string, PinnedSecret>>;
  /** vCPUs of an instance. */
  readonly cpu: RunCpu;
  /** Memory of an instance, `512Mi` to `32Gi`: more than 4 GiB takes 2 vCPUs, 8 take 4, 16 take 6, 24 take 8. */
  readonly memory: string;
  /**
   * Identity that it runs as, its own: the project's default one may do nearly everything. A revision reads its secrets before it is
   * made, so it waits for the identity's grants.
   */
  readonly identity: Pick<RuntimeIdentity, "email" | "name" | "grants">;
  /**
   * Cloud SQL instances, whose sockets are below `/cloudsql/`. They have private addresses, so they need `egress`, and the
   * identity has to be their client.
   * @default none
   */
  readonly databases?: readonly Pick<CloudSql, "connectionName">[];
  /** Way into a VPC. @default none: what it reaches is public */
  readonly egress?: DirectEgress | ConnectorEgress;
  /** Labels, by which the bill is split. @default none */
  readonly labels?: Readonly<Record<string, string>>;
  /** Refuse to delete it, in the provider and by Terraform's lifecycle. Switch off and apply before a destroy. */
  readonly deletionProtection: boolean;
}

/** What services and worker pools have in common: revisions. */
export interface RevisionProps {
  /**
   * Who puts another image in. With `pipeline` a pipeline does so too: it sets the digest by Cloud Run's API, with the template's
   * `revision` taken out, and then moves the tag of `image` to it. Terraform finds there what is deployed, and leaves the names of
   * revisions to Cloud Run, so that a plan after it is empty. It needs an image by tag, and no `traffic`.
   * @default "terraform", and nobody else
   */
  readonly deployedBy?: "terraform" | "pipeline";
}

/** When a health check asks, and how often it may fail. */
export interface HealthCheckTiming {
  /** Seconds before the first check, up to 240 at start, 3600 later. @default 0 */
  readonly delaySeconds?: number;
  /** Seconds between checks, up to 240 at start, 3600 later. @default 10 */
  readonly periodSeconds?: number;
  /** Seconds for an answer, no more than `periodSeconds`. @default 1 */
  readonly timeoutSeconds?: number;
  /** Checks that may fail in a row. At start, times the period, 240 seconds at most. @default 3 */
  readonly failureThreshold?: number;
}

/** HTTP check: 200 to 399 is healthy. */
export interface HttpHealthCheck extends HealthCheckTiming {
  /** Path, such as `/health`. */
  readonly http: string;
}

/** Check by gRPC's health checking protocol. */
export interface GrpcHealthCheck extends HealthCheckTiming {
  /** Name of the gRPC service to ask for, or `""` for the server as a whole. */
  readonly grpc: string;
}

/** Check that the port is open. */
export interface TcpHealthCheck extends HealthCheckTiming {
  readonly tcp: true;
}

/** Which revisions answer: by the hashes that the output `revisionHash` tells after each apply. */
export interface RevisionTraffic {
  /** Hash of the revision that everybody gets who does not get the canary. It has to be there already. */
  readonly stable: string;
  /**
   * Revision that a share of the requests goes to. It names its revision, so a newer one gets nothing before it is named itself;
   * once it is the stable one the entry says nothing any more.
   * @default none
   */
  readonly canary?: {
    /** Hash of the revision. It has to be there already. */
    readonly revision: string;
    /** Per cent of the requests, a whole number from 0 to 100. */
    readonly percent: number;
  };
}

/**
 * Identity-Aware Proxy directly on the service, with Google's own client, which lets people of the organization in. The google
 * provider knows nothing of it, so it stays on when this is taken out again, until somebody runs
 * `gcloud beta run services update <name> --no-iap`.
 */
export interface RunIap {
  /** google-beta, which alone knows the switch, and can create IAP's service agent. */
  readonly googleBeta: TerraformProvider;
  /** IAM members that it lets in, by a short name of one's own (`{developers: "group:…"}`). */
  readonly members: Readonly<Record<string, string>>;
}

export interface CloudRunServiceProps extends RunProps, RevisionProps {
  /** Port that the container listens on. @default 8080 */
  readonly port?: number;
  /** `h2c` for gRPC and HTTP/2 from end to end. @default "http1" */
  readonly protocol?: "http1" | "h2c";
  /** Requests that an instance gets at a time, up to 1000. @default 80 */
  readonly concurrency?: number;
  /**
   * Seconds that a request may take, up to 3600. A WebSocket is a request: it ends with it, and the client connects again.
   * @default 300
   */
  readonly timeoutSeconds?: number;
  /** Instances at most, of each revision. */
  readonly maxInstances: number;
  /**
   * Instances that are kept warm, from 1, of the service as a whole and not of each revision, so that a tagged revision without
   * requests costs nothing. Left out, Terraform does not look at the number: it is 0, or what a `ScalingSchedule` sets, and
   * after taking a number out again it stays what it was (`gcloud run services update <name> --min=0`).
   * @default not managed
   */
  readonly minInstances?: number;
  /**
   * CPU while requests are answered only, billed by request. Otherwise always, billed as long as an instance is there:
   * for what works in the background.
   * @default true
   */
  readonly cpuIdle?: boolean;
  /** More CPU while an instance starts, billed as such. @default false */
  readonly startupCpuBoost?: boolean;
  /** Check before an instance gets its first request. HTTP goes with protocol http1 alone. */
  readonly startupProbe: HttpHealthCheck | GrpcHealthCheck | TcpHealthCheck;
  /** Check by which an instance that hangs is started again. @default none */
  readonly livenessProbe?: HttpHealthCheck | GrpcHealthCheck;
  /**
   * From where the service can be reached, as gcloud says it: `internal` is the project's networks, and other services whose
   * egress has `allTraffic`; `internal-and-cloud-load-balancing` a load balancer too, `all` the internet. Who may call it is
   * decided besides.
   * @default "internal"
   */
  readonly ingress?: "all" | "internal" | "internal-and-cloud-load-balancing";
  /** IAM members that may call it, by a short name of one's own. @default none */
  readonly invokers?: Readonly<Record<string, string>>;
  /**
   * Let anybody call it, and why that is right: "callers sign in to the API itself". It stands in the service's description.
   * @default nobody but the invokers
   */
  readonly public?: string;
  /** Let people in who sign in with Google (Identity-Aware Proxy). @default off */
  readonly iap?: RunIap;
  /** Which revisions answer. @default the newest, as soon as it is ready */
  readonly traffic?: RevisionTraffic;
}

export interface CloudRunJobProps extends RunProps {
  /** Tasks of an execution, 1 to 10000; each is told its number in `CLOUD_RUN_TASK_INDEX`. @default 1 */
  readonly tasks?: number;
  /** Tasks at a time, up to `tasks`. @default all */
  readonly parallelism?: number;
  /** Times that a failed task is tried again, 0 to 10. @default 3 */
  readonly maxRetries?: number;
  /** Seconds that an attempt of a task may take, up to 604800, a week. @default 600 */
  readonly timeoutSeconds?: number;
  /** IAM members that may start it, by a short name of one's own. @default none */
  readonly invokers?: Readonly<Record<string, string>>;
}

export interface CloudRunWorkerPoolProps extends Omit<RunProps, "egress">, RevisionProps {
  /** Way into a VPC; worker pools have no connectors. @default none: what it reaches is public */
  readonly egress?: DirectEgress;
  /** Instances, from 1: they do not scale by themselves. */
  readonly instances: number;
  /**
   * `instances` is only what it begins with: a `ScalingSchedule` sets the number from then on, and Terraform does not
   * look at it.
   * @default false
   */
  readonly scheduled?: boolean;
}
