import type { Construct } from "constructs";
import { DRIFT_LOG } from "../../lib/environments/workflow-identities";
import { LogSink } from "../../lib/google/log-sink";
import type { PlueConfig } from "./config";
import type { ApplicationOutput, CdnOutput, EnvironmentOutput } from "./environment-outputs";
import type { EnvironmentSizes } from "./environment-props";
import { EnvironmentStack } from "./environment-stack";
import { PRODUCTION_NAMESPACE, REPOSITORIES_BACKUP, STREAMS_SERVICE, WARM_POOL } from "./names";
import { ORIGIN_RATE_LIMITS, productionEdge } from "./production-edge";

/** Outputs of production, for production-app and for people. */
export type ProductionOutput = EnvironmentOutput | CdnOutput | ApplicationOutput;

/** Sizes of production, from the infrastructure document, section "Environment: Production". */
export const PRODUCTION_SIZES = {
  name: "plue-prod",
  cluster: {
    releaseChannel: "STABLE",
    nodePools: {
      default: { machineType: "e2-standard-4", minNodes: 3, maxNodes: 10, diskSizeGb: 100 },
      sandbox: {
        machineType: "e2-standard-4",
        minNodes: 2,
        maxNodes: 20,
        diskSizeGb: 100,
        sandbox: "gvisor",
      },
    },
  },
  database: {
    tier: "db-custom-2-8192",
    highAvailability: true,
    diskSizeGb: 50,
    backup: { retained: 30, pointInTimeRecovery: true },
    queryInsights: {},
    maintenanceWindow: { day: 7, hour: 3 },
    databases: ["plue"],
  },
  sharedVolumes: true,
  protect: true,
} satisfies EnvironmentSizes<"plue">;

/**
 * Google Cloud and Cloudflare resources of production. Deployed by CI on merge, before production-app.
 * Cluster, database, keys, registry and secrets refuse deletion in the API and in Terraform.
 */
export class ProductionStack extends EnvironmentStack<"plue"> {
  constructor(scope: Construct, config: PlueConfig, sizes: EnvironmentSizes<"plue"> = PRODUCTION_SIZES) {
    const { projectId, region, domain } = config.production;
    const host = `api.${domain}`;
    super(scope, "production", {
      config,
      name: "production",
      sizes,
      edge: {
        zoneId: config.cloudflareZoneId,
        zoneName: domain,
        records: (ingressIp) => {
          const ingress = { type: "A", content: ingressIp, proxied: true } as const;
          return {
            apex: { name: "@", ...ingress },
            api: ingress,
            www: { type: "CNAME", content: domain, proxied: true },
          };
        },
        domains: [domain, `*.${domain}`],
        cdn: productionEdge(domain),
        rateLimits: ORIGIN_RATE_LIMITS,
      },
      application: {
        accountId: "plue-production",
        displayName: "Pods of production",
        namespace: PRODUCTION_NAMESPACE,
        database: "plue",
      },
      alerts: {
        level: "full",
        wakes: true,
        watched: {
          hosts: { api: { displayName: "API Health", host, path: "/health" } },
          // Event streams and Git are long by nature.
          loadBalancer: { except: [{ namespace: PRODUCTION_NAMESPACE, service: STREAMS_SERVICE }] },
          warmPools: { runners: { namespace: PRODUCTION_NAMESPACE, deployment: WARM_POOL } },
          namespaces: [PRODUCTION_NAMESPACE],
          drift: { log: DRIFT_LOG },
          backupJobs: { repositories: { namespace: PRODUCTION_NAMESPACE, container: REPOSITORIES_BACKUP } },
        },
        adjust: {
          "high-latency": {
            documentation:
              "One answer in twenty takes more than 2 s. Event streams and Git are long by nature, and not among them.",
          },
        },
      },
    });
    new LogSink(this, "audit-archive", {
      projectId,
      name: "audit-archive",
      description: "Audit logs beyond the retention of Cloud Logging",
      filter: 'logName:"cloudaudit.googleapis.com"',
      destination: {
        bucketName: `${projectId}-audit-logs`,
        location: region,
        retentionDays: 400,
        deletionProtection: true,
      },
      labels: this.labels,
    });
  }
}
