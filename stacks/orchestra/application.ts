import { Construct } from "constructs";
import { environmentLabels } from "../../lib/core/labels";
import { recordOf } from "../../lib/core/props";
import { RemoteState } from "../../lib/core/remote-state";
import { Stack } from "../../lib/core/stack";
import { Bucket } from "../../lib/google/bucket";
import { Certificate } from "../../lib/google/certificate";
import { CloudArmorPolicy } from "../../lib/google/cloud-armor";
import { CloudDnsZone } from "../../lib/google/cloud-dns";
import { CloudRunJob } from "../../lib/google/cloud-run/job";
import type { DirectEgress, PinnedSecret, TaggedImage } from "../../lib/google/cloud-run/props";
import { CloudRunService } from "../../lib/google/cloud-run/service";
import { CloudRunWorkerPool } from "../../lib/google/cloud-run/worker-pool";
import { LoadBalancer } from "../../lib/google/load-balancer";
import { googleProvider } from "../../lib/google/providers";
import { type GrantTarget, grantRole, type RoleGrant } from "../../lib/google/role-grants";
import { RuntimeIdentity, type RuntimeIdentityProps } from "../../lib/google/runtime-identity";
import type { BaseOutput } from "./base";
import { type OrchestraConfig, type OrchestraFields, PRODUCTION } from "./config";
import { BUILDS, CACHE_ROLE, DATABASE, EDGE, hosts, REGISTRY, RELEASED, RUN, SECRETS, STACKS } from "./names";
import { SIZES } from "./sizes";

type Part = keyof typeof RUN;
type SecretName = keyof typeof SECRETS;

const PARTS = Object.keys(RUN) as Part[];
const ALL = Object.keys(SECRETS) as SecretName[];

/** Secrets that each reads. Server and worker are one image. */
const SECRETS_OF: Readonly<Record<Part, readonly SecretName[]>> = {
  server: ALL,
  engine: ["SENTRY_DSN"],
  worker: ALL,
  migrate: ["DATABASE_URL"],
};

/**
 * What users meet: server, engine and worker on Cloud Run, the job that migrates the database, and the load balancer with
 * domain, certificate and frontend in front of them. Its images are those that the last build has deployed.
 */
export class ApplicationStack extends Stack {
  private readonly fields: OrchestraFields;
  private readonly base: RemoteState<BaseOutput>;
  private readonly common: {
    readonly projectId: string;
    readonly region: string;
    readonly labels: Record<string, string>;
    readonly deletionProtection: boolean;
  };

  constructor(scope: Construct, config: OrchestraConfig) {
    const fields = config[PRODUCTION];
    super(scope, STACKS.application, fields);
    this.fields = fields;
    const { projectId, region } = fields;
    this.common = { projectId, region, labels: environmentLabels(PRODUCTION), deletionProtection: true };
    googleProvider(this, fields);
    this.base = new RemoteState<BaseOutput>(this, "base", {
      stack: STACKS.base,
      stateBucket: fields.stateBucket,
    });

    const identities = this.declareIdentities();
    const engine = this.declareEngine(identities);
    const server = this.declareServer(identities.server, engine);
    const worker = this.declareWorker(identities.worker);
    const migrate = this.declareMigration(identities.migrate);
    const frontend = this.declareFrontend();
    const { balancer, dns } = this.declareEdge(server, frontend);
    this.grantBuilds({ server, engine, worker, migrate }, identities, frontend);
    const host = hosts(fields.domain);
    this.outputs({
      api_url: { value: `https://${host.api}`, description: "Where the API answers" },
      dashboard_url: { value: `https://${host.app}/dashboard/`, description: "Where the frontend is" },
      engine_url: { value: engine.url, description: "Where the server finds the engine" },
      load_balancer_ip: { value: balancer.ipv4Address, description: "Address of both hosts" },
      url_map: { value: balancer.urlMapName, description: "By which Cloud CDN's cache is emptied" },
      name_servers: { value: dns.nameServers, description: "For the domain's registrar" },
      ds_record: { value: dns.dsRecord, description: "For the domain's registrar, after the name servers" },
    });
  }

  /** Each runs as itself, and reads its own secrets. */
  private declareIdentities(): Record<Part, RuntimeIdentity> {
    const { projectId } = this.common;
    const identity = (part: Part, displayName: string, further: Partial<RuntimeIdentityProps> = {}) =>
      new RuntimeIdentity(this, `${part}-identity`, {
        projectId,
        accountId: RUN[part],
        displayName,
        secretIds: Object.fromEntries(SECRETS_OF[part].map((name) => [SECRETS[name], SECRETS[name]])),
        ...further,
      });
    // By the password in database-url.
    const database = { sqlInstance: DATABASE.instance, databaseLogin: false };
    const files: Partial<RuntimeIdentityProps> = {
      roles: { files: { role: "roles/storage.objectUser", on: { bucket: this.base.get("storage_bucket") } } },
      // Signs URLs of the bucket without a key file.
      rolesOnItself: ["roles/iam.serviceAccountTokenCreator"],
    };
    return {
      server: identity("server", "Server of Orchestra", { ...database, ...files }),
      engine: identity("engine", "Engine of Orchestra"),
      worker: identity("worker", "Worker of Orchestra", { ...database, ...files }),
      migrate: identity("migrate", "Migrations of Orchestra", database),
    };
  }

  private declareEngine({ engine, server }: Record<Part, RuntimeIdentity>): CloudRunService {
    return new CloudRunService(this, "engine", {
      ...this.common,
      ...SIZES.engine,
      name: RUN.engine,
      image: this.image("engine"),
      deployedBy: "pipeline",
      env: { APP_ENV: PRODUCTION },
      secrets: this.secrets("engine"),
      identity: engine,
      port: 50051,
      protocol: "h2c",
      // Its gRPC server has no health service; the port opens when it is ready.
      startupProbe: { tcp: true, periodSeconds: 5 },
      ingress: "internal",
      invokers: { server: server.member },
    });
  }

  private declareServer(identity: RuntimeIdentity, engine: CloudRunService): CloudRunService {
    return new CloudRunService(this, "server", {
      ...this.common,
      ...SIZES.server,
      name: RUN.server,
      image: this.image("server"),
      deployedBy: "pipeline",
      env: { ...this.environment(identity), ENGINE_URL: engine.url },
      secrets: this.secrets("server"),
      identity,
      databases: [this.database],
      // All of it: an internal service takes calls that come by the network alone.
      egress: { ...this.egress, allTraffic: true },
      port: 3000,
      startupProbe: { http: "/health", delaySeconds: 5, periodSeconds: 5 },
      livenessProbe: { http: "/health", periodSeconds: 15, timeoutSeconds: 5 },
      ingress: "internal-and-cloud-load-balancing",
      public: "users sign in to the API itself",
    });
  }

  private declareWorker(identity: RuntimeIdentity): CloudRunWorkerPool {
    return new CloudRunWorkerPool(this, "worker", {
      ...this.common,
      ...SIZES.worker,
      name: RUN.worker,
      image: this.image("server"),
      deployedBy: "pipeline",
      command: ["./server"],
      args: ["worker"],
      env: this.environment(identity),
      secrets: this.secrets("worker"),
      identity,
      databases: [this.database],
      egress: this.egress,
    });
  }

  /** Started by the build before it deploys. The extension `vector` is made by a migration. */
  private declareMigration(identity: RuntimeIdentity): CloudRunJob {
    return new CloudRunJob(this, "migrate", {
      ...this.common,
      ...SIZES.migrate,
      name: RUN.migrate,
      image: this.image("server"),
      command: ["./server"],
      args: ["migrate"],
      env: { APP_ENV: PRODUCTION },
      secrets: this.secrets("migrate"),
      identity,
      databases: [this.database],
      egress: this.egress,
      maxRetries: 0,
    });
  }

  private declareFrontend(): Bucket {
    return new Bucket(this, "frontend", {
      ...this.common,
      name: this.fields.frontendBucket,
      location: this.common.region,
      publicRead: true,
      // The dashboard finds its own way below /dashboard.
      website: { mainPage: "index.html", notFoundPage: "dashboard/index.html" },
      versioning: { days: 30 },
    });
  }

  private declareEdge(server: CloudRunService, frontend: Bucket) {
    const { projectId, labels } = this.common;
    const { domain } = this.fields;
    const { api, app } = hosts(domain);
    const dns = new CloudDnsZone(this, "zone", {
      ...this.common,
      name: "orchestra",
      zoneName: domain,
    });
    const certificate = new Certificate(this, "certificate", {
      projectId,
      name: "orchestra",
      dns,
      domains: [api, app],
      labels,
    });
    const policy = new CloudArmorPolicy(this, "policy", {
      projectId,
      name: "orchestra",
      rules: { floods: { priority: 2000, limit: { requests: SIZES.requestsPerMinute, key: "IP" } } },
    });
    const toServer = { paths: ["/api/*", "/ws", "/health"], backend: "server" } as const;
    const balancer = new LoadBalancer(this, "edge", {
      ...this.common,
      name: EDGE,
      certificate,
      backends: {
        server: { service: server, securityPolicy: policy },
        frontend: { bucket: frontend, cdn: {} },
      },
      hosts: {
        [api]: { routes: [toServer] },
        // The API too: what the dashboard asks is of its own origin.
        [app]: {
          routes: [toServer, { paths: ["/dashboard", "/dashboard/*"], backend: "frontend" }],
        },
      },
    });
    for (const name of ["api", "app"]) dns.addRecord(name, { type: "A", values: [balancer.ipv4Address] });
    return { balancer, dns };
  }

  /** What a build may deploy and as whom, and the frontend that it uploads. */
  private grantBuilds(
    deployed: Readonly<Record<Part, { readonly name: string }>>,
    identities: Readonly<Record<Part, RuntimeIdentity>>,
    frontend: Bucket,
  ): void {
    const { projectId, region: location } = this.common;
    const scope = new Construct(this, "builds");
    const grant = (id: string, role: RoleGrant) =>
      grantRole(scope, id, projectId, `serviceAccount:${BUILDS}@${projectId}.iam.gserviceaccount.com`, role);
    const targets: Record<Part, GrantTarget> = {
      server: { service: deployed.server.name, location },
      engine: { service: deployed.engine.name, location },
      worker: { workerPool: deployed.worker.name, location },
      migrate: { job: deployed.migrate.name, location },
    };
    for (const part of PARTS) {
      grant(part, { role: "roles/run.developer", on: targets[part] });
      grant(`as-${part}`, {
        role: "roles/iam.serviceAccountUser",
        on: { serviceAccount: identities[part].name },
      });
    }
    grant("frontend", { role: "roles/storage.objectUser", on: { bucket: frontend.bucketName } });
    grant("cache", { role: `projects/${projectId}/roles/${CACHE_ROLE}` });
  }

  /** What the last build has deployed. */
  private image(name: "server" | "engine"): TaggedImage {
    const { projectId, region: location } = this.common;
    return { registry: { projectId, location, repositoryId: REGISTRY }, name, tag: RELEASED };
  }

  private secrets(part: Part): Record<string, PinnedSecret> {
    const { secretVersions } = this.fields;
    return recordOf(SECRETS_OF[part], (name) => ({
      secretId: SECRETS[name],
      version: secretVersions[SECRETS[name]] ?? 1,
    }));
  }

  /** Of the server's image. */
  private environment(identity: RuntimeIdentity): Record<string, string> {
    const { projectId, region } = this.common;
    return {
      APP_ENV: PRODUCTION,
      APP_PORT: "3000",
      APP_URL: `https://${hosts(this.fields.domain).app}`,
      JWT_EXPIRY: "24h",
      // What a client of Redis has to trust; no secret.
      REDIS_CA: this.base.get("redis_ca"),
      GCP_PROJECT: projectId,
      GCP_REGION: region,
      // With whom gocloud.dev/blob signs URLs, as there is no key file that says so.
      GCS_BUCKET: `gs://${this.base.get("storage_bucket")}?access_id=${identity.email}`,
    };
  }

  private get database() {
    return { connectionName: this.base.get("sql_connection_name") };
  }

  private get egress(): DirectEgress {
    return {
      network: { networkId: this.base.get("network_id") },
      subnet: {
        id: this.base.get("run_subnet_id"),
        cidr: SIZES.ranges.run,
        region: this.common.region,
      },
    };
  }
}
