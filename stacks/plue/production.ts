import { SqlUser } from "@cdktf/provider-google/lib/sql-user";
import type { Construct } from "constructs";
import { CloudflareCdn } from "../../lib/cloudflare/cdn";
import { CloudflareDns } from "../../lib/cloudflare/dns";
import { LogSink } from "../../lib/google/log-sink";
import { Monitoring } from "../../lib/google/monitoring";
import {
  databaseConnections,
  loadBalancerErrors,
  loadBalancerLatency,
} from "../../lib/google/monitoring/alerts";
import { RuntimeIdentity } from "../../lib/google/runtime-identity";
import type { PlueConfig } from "./config";
import type { EnvironmentOutput } from "./environment-outputs";
import { type EnvironmentSizes, EnvironmentStack } from "./environment-stack";
import { API_SECRETS, API_SERVICE_ACCOUNT, PRODUCTION_NAMESPACE } from "./names";
import { productionEdge } from "./production-edge";

/** Outputs of production, for production-app and for people. */
export type ProductionOutput = EnvironmentOutput | EdgeOutput | ApplicationOutput;
type EdgeOutput = "security_policy_name";
type ApplicationOutput = "application_service_account" | "application_database" | "application_database_user";

/** Sizes of production, from the infrastructure document, section "Environment: Production". */
export const PRODUCTION_SIZES = {
  label: "production",
  name: "plue-prod",
  releaseChannel: "STABLE",
  nodePools: {
    default: { machineType: "e2-standard-4", minNodes: 3, maxNodes: 10, diskSizeGb: 100 },
    sandbox: { machineType: "e2-standard-4", minNodes: 2, maxNodes: 20, diskSizeGb: 100, sandbox: "gvisor" },
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
} satisfies EnvironmentSizes;

/**
 * Google Cloud and Cloudflare resources of production. Deployed by CI on merge, before production-app.
 * Cluster, database, keys, registry and secrets refuse deletion in the API and in Terraform.
 */
export class ProductionStack extends EnvironmentStack {
  constructor(scope: Construct, config: PlueConfig) {
    super(scope, "production", { config, environment: config.production, sizes: PRODUCTION_SIZES });
    const { projectId, region, domain } = config.production;
    const host = `api.${domain}`;

    const ingress = { type: "A", content: this.network.ingressIp, proxied: true } as const;
    const dns = new CloudflareDns(this, "dns", {
      zoneId: config.cloudflareZoneId,
      zoneName: domain,
      records: {
        apex: { name: "@", ...ingress },
        api: ingress,
        www: { type: "CNAME", content: domain, proxied: true },
      },
    });
    this.declareCertificate(dns, [domain, `*.${domain}`]);
    const cdn = new CloudflareCdn(this, "cdn", {
      zoneId: config.cloudflareZoneId,
      ...productionEdge(domain),
    });
    const { securityPolicyName } = this.declareIngressPolicy(cdn.addressRanges);
    this.outputs<EdgeOutput>({
      security_policy_name: {
        value: securityPolicyName,
        description:
          "Cloud Armor policy of the Gateway's services, which takes requests from Cloudflare alone",
      },
    });

    this.declareApplicationIdentity();

    const { emailChannels, existingChannels } = this.channels;
    const everyone = [...Object.keys(emailChannels), ...Object.keys(existingChannels)];
    const monitoring = new Monitoring(this, "monitoring", {
      projectId,
      emailChannels,
      existingChannels,
      uptimeChecks: {
        api: {
          displayName: "API Health",
          host,
          path: "/health",
          channels: everyone,
          documentation: `https://${host}/health does not answer with success.`,
          runbook: this.runbook("api-down"),
        },
      },
      alerts: {
        "high-error-rate": {
          displayName: "High Error Rate",
          conditions: [loadBalancerErrors({ above: 0.05 })],
          channels: everyone,
          documentation:
            "More than one request in twenty fails. A deploy in the last hour is the first suspect.",
          runbook: this.runbook("high-error-rate"),
        },
        "high-latency": {
          displayName: "High Latency",
          severity: "WARNING",
          conditions: [loadBalancerLatency({ percentile: 95, aboveMs: 2000 })],
          channels: everyone,
          documentation:
            "One answer in twenty takes more than 2 s. Event streams count with their whole length.",
          runbook: this.runbook("high-latency"),
        },
        "database-grants": this.databaseGrantsAlert(everyone),
        "secret-rotation": this.secretRotationAlert(Object.keys(emailChannels)),
        "database-connections": {
          displayName: "Database connections run out",
          conditions: [
            databaseConnections({
              projectId,
              instanceName: PRODUCTION_SIZES.name,
              maxConnections: this.sql.maxConnections,
              above: 0.8,
            }),
          ],
          channels: everyone,
          documentation: "When they are used up, every new connection fails.",
          runbook: this.runbook("database-connections"),
        },
      },
      labels: this.labels,
    });
    this.declareBudget(Object.keys(emailChannels).map((key) => monitoring.channelIds[key] as string));
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

  /** Service account of the application's pods, and its database login by IAM, without a password. */
  private declareApplicationIdentity(): void {
    const { projectId } = this.environment;
    const identity = new RuntimeIdentity(this, "application", {
      projectId,
      accountId: "plue-production",
      displayName: "Pods of production",
      sqlInstance: PRODUCTION_SIZES.name,
      secretIds: Object.fromEntries(
        Object.values(API_SECRETS).map((secretId) => [secretId, this.secrets.secretIds[secretId] as string]),
      ),
      pods: { namespace: PRODUCTION_NAMESPACE, serviceAccount: API_SERVICE_ACCOUNT },
      workloadPool: this.cluster.workloadPool,
    });
    const user = new SqlUser(this, "application-database-user", {
      project: projectId,
      instance: this.sql.instanceName,
      name: identity.databaseUser,
      type: "CLOUD_IAM_SERVICE_ACCOUNT",
      dependsOn: [identity.account],
      // The login of what runs; dropping it would not drop what it owns.
      lifecycle: { preventDestroy: true },
    });
    this.outputs<ApplicationOutput>({
      application_service_account: { value: identity.email, description: "Identity of the pods" },
      application_database: { value: this.sql.databases["plue"], description: "Database of the application" },
      application_database_user: { value: user.name, description: "Database user of the pods" },
    });
  }
}
