import type { Construct } from "constructs";
import { createApp } from "../../lib/core/app";
import { environmentLabels } from "../../lib/core/labels";
import { RemoteState } from "../../lib/core/remote-state";
import { Stack } from "../../lib/core/stack";
import type { Release } from "../../lib/environments/releases";
import { Certificate } from "../../lib/google/certificate";
import { CloudArmorPolicy } from "../../lib/google/cloud-armor";
import { CloudDnsZone } from "../../lib/google/cloud-dns";
import { CloudRunJob } from "../../lib/google/cloud-run/job";
import { CloudRunService } from "../../lib/google/cloud-run/service";
import { LoadBalancer } from "../../lib/google/load-balancer";
import { googleBetaProvider, googleProvider } from "../../lib/google/providers";
import { ScalingSchedule } from "../../lib/google/schedule/scaling-schedule";
import type { BaseOutput } from "./base";
import type { CopyThatConfig, EnvironmentName } from "./config";
import { hostsOf, identitiesOf, nameOf, PREFIX, SECRETS, shared, stackNames } from "./names";
import { SIZES } from "./sizes";

/** What an environment runs. */
export interface ApplicationReleases {
  readonly api: Release;
}

/**
 * What a release changes: the API's service with its traffic, and the migrations' job; and what is in front of it and beside it.
 * Staging is behind Identity-Aware Proxy, production behind a load balancer with Cloud Armor, and reachable by no other way.
 */
export class ApplicationStack extends Stack {
  readonly service: CloudRunService;
  private readonly labels: Record<string, string>;
  private readonly googleBeta;

  constructor(
    scope: Construct,
    private readonly config: CopyThatConfig,
    private readonly environment: EnvironmentName,
    { api }: ApplicationReleases,
  ) {
    const fields = config[environment];
    super(scope, stackNames(environment).application, fields);
    this.labels = environmentLabels(environment);
    googleProvider(this, fields);
    this.googleBeta = googleBetaProvider(this, fields);
    const base = new RemoteState<BaseOutput>(this, "base", {
      stack: stackNames(environment).base,
      stateBucket: fields.stateBucket,
    });

    this.service = this.declareService(api);
    const job = this.declareMigrations(api);
    const { schedule } = SIZES[environment].api;
    if (schedule)
      new ScalingSchedule(this, "hours", {
        projectId: fields.projectId,
        region: fields.region,
        name: nameOf("api", environment),
        accountId: "copy-that-hours",
        target: this.service,
        timeZone: "America/Los_Angeles",
        steps: schedule,
      });
    this.outputs({
      api_url: {
        value: environment === "production" ? this.declareEdge(config.production.domain) : this.service.url,
        description: "Where the API answers",
      },
      api_revision: {
        value: this.service.revisionName,
        description: "Revision that releases.json's image makes",
      },
      migration_job: { value: job.name, description: "Job that migrates the database" },
      images: {
        value: base.get("registry_url"),
        description: "What image names begin with: the base has to be there",
      },
    });
    if (api.traffic)
      this.output("canary_url", {
        value:
          environment === "production"
            ? `https://${hostsOf(config.production.domain).canary}`
            : this.service.canaryUrl,
        description: "Where the newest revision answers, whoever else gets it",
      });
  }

  private declareService({ image, traffic }: Release): CloudRunService {
    const { environment } = this;
    const fields = this.config[environment];
    const { projectId, region, secretVersions } = fields;
    const { api, ranges, protect } = SIZES[environment];
    const { connectionName, networkId, subnet, registryUrl, ...identities } = shared(environment, fields);
    const secret = (secretId: string) => ({ secretId, version: secretVersions[secretId] ?? 1 });
    const { apply } = identitiesOf(environment, fields);
    return new CloudRunService(this, "api", {
      projectId,
      region,
      name: nameOf("api", environment),
      image: `${registryUrl}/api@${image}`,
      port: 8000,
      env: { ENVIRONMENT: environment, LOG_LEVEL: api.logLevel },
      secrets: {
        DATABASE_URL: secret(SECRETS.DATABASE_URL),
        REDIS_URL: secret(SECRETS.REDIS_URL),
        SECRET_KEY: secret(SECRETS.SECRET_KEY),
      },
      cpu: api.cpu,
      memory: api.memory,
      cpuIdle: api.cpuIdle,
      startupCpuBoost: true,
      identity: identities.api,
      databases: [{ connectionName }],
      egress: { network: { networkId }, subnet: { ...subnet, cidr: ranges.run } },
      concurrency: 80,
      timeoutSeconds: 300,
      maxInstances: api.maxInstances,
      // Cloud Run takes no timeout beyond the period.
      startupProbe: { http: "/health", timeoutSeconds: 3, periodSeconds: 3, failureThreshold: 10 },
      livenessProbe: { http: "/health", timeoutSeconds: 5, periodSeconds: 15, failureThreshold: 3 },
      ...(environment === "production"
        ? {
            ingress: "internal-and-cloud-load-balancing",
            public: "users sign in to the API itself",
          }
        : {
            ingress: "all",
            iap: {
              googleBeta: this.googleBeta,
              members: { ...this.config.developers, smoke_test: `serviceAccount:${apply}` },
            },
          }),
      traffic,
      labels: this.labels,
      deletionProtection: protect,
    });
  }

  private declareMigrations({ image }: Release): CloudRunJob {
    const { environment } = this;
    const fields = this.config[environment];
    const { ranges, protect } = SIZES[environment];
    const { connectionName, networkId, subnet, registryUrl, migrations } = shared(environment, fields);
    const { secretVersions, projectId, region } = fields;
    return new CloudRunJob(this, "migrate", {
      projectId,
      region,
      name: nameOf("migrate", environment),
      image: `${registryUrl}/api@${image}`,
      command: ["alembic"],
      args: ["upgrade", "head"],
      env: { ENVIRONMENT: environment },
      secrets: {
        DATABASE_URL: {
          secretId: SECRETS.DATABASE_URL,
          version: secretVersions[SECRETS.DATABASE_URL] ?? 1,
        },
      },
      cpu: 1,
      memory: "512Mi",
      identity: migrations,
      databases: [{ connectionName }],
      egress: { network: { networkId }, subnet: { ...subnet, cidr: ranges.run } },
      // Whoever starts it looks at what a half of a migration left, before another attempt.
      maxRetries: 0,
      timeoutSeconds: 1800,
      labels: this.labels,
      deletionProtection: protect,
    });
  }

  /** DNS zone, certificates, Cloud Armor and load balancer. @returns where everybody asks */
  private declareEdge(domain: string): string {
    const { environment, labels } = this;
    const fields = this.config[environment];
    const { projectId, region } = fields;
    const name = nameOf("edge", environment);
    const hosts = hostsOf(domain);
    const common = { projectId, labels };
    const dns = new CloudDnsZone(this, "zone", {
      ...common,
      name: `${PREFIX}-${environment}`,
      zoneName: domain,
      deletionProtection: true,
    });
    const securityPolicy = new CloudArmorPolicy(this, "policy", {
      projectId,
      name: `${PREFIX}-security-policy`,
      rules: {
        // Before the limit: what that lets through no later rule looks at.
        "sql-injection": {
          priority: 1000,
          inspect: "sqli",
          sensitivity: 1,
          action: "deny(403)",
          preview: false,
        },
        "cross-site-scripting": {
          priority: 1010,
          inspect: "xss",
          sensitivity: 1,
          action: "deny(403)",
          preview: false,
        },
        floods: { priority: 2000, limit: { requests: 1000, seconds: 60, key: "IP", ban: { seconds: 600 } } },
      },
    });
    const service = { name: this.service.name, region };
    const balancer = new LoadBalancer(this, "edge", {
      ...common,
      name,
      certificate: new Certificate(this, "certificate", {
        ...common,
        name,
        dns,
        domains: [hosts.api, hosts.canary],
      }),
      backends: {
        api: { service, securityPolicy },
        // The revision that is being tried: for the smoke test alone.
        canary: {
          service: { ...service, tag: "canary" },
          securityPolicy: { none: "Identity-Aware Proxy lets in who deploys, and nobody else" },
          iap: { members: { smoke_test: `serviceAccount:${identitiesOf(environment, fields).apply}` } },
        },
      },
      hosts: {
        [hosts.api]: { defaultBackend: "api" },
        [hosts.canary]: { defaultBackend: "canary" },
      },
      googleBeta: this.googleBeta,
      deletionProtection: true,
    });
    dns.addRecord("api", { type: "A", values: [balancer.ipv4Address] });
    dns.addRecord("canary", { type: "A", values: [balancer.ipv4Address] });
    this.output("name_servers", {
      value: dns.nameServers,
      description: "Name servers that the domain's registrar has to name",
    });
    this.output("ds_record", {
      value: dns.dsRecord,
      description: "DS record that the registrar has to publish, for DNSSEC",
    });
    return `https://${hosts.api}`;
  }
}

/** Hash of the revision that a release makes: texts alone go into it, so it is known before anything is deployed. */
export function revisionOf(
  config: CopyThatConfig,
  environment: EnvironmentName,
  releases: ApplicationReleases,
): string {
  return new ApplicationStack(createApp(), config, environment, releases).service.revisionHash;
}
