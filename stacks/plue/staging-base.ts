import type { Construct } from "constructs";
import { CloudflareDns } from "../../lib/cloudflare/dns";
import { Monitoring } from "../../lib/google/monitoring";
import { databaseConnections } from "../../lib/google/monitoring/alerts";
import type { PlueConfig } from "./config";
import { type EnvironmentSizes, EnvironmentStack } from "./environment-stack";

/** Sizes of staging, from the infrastructure document, section "Environment: Staging Base (Admin-Owned)". */
export const STAGING_SIZES = {
  label: "staging",
  name: "plue-staging",
  releaseChannel: "REGULAR",
  nodePools: {
    default: { machineType: "e2-medium", minNodes: 1, maxNodes: 3, diskSizeGb: 50 },
    sandbox: { machineType: "e2-standard-4", minNodes: 1, maxNodes: 5, diskSizeGb: 50, sandbox: "gvisor" },
  },
  database: {
    tier: "db-f1-micro",
    highAvailability: false,
    diskSizeGb: 10,
    backup: { retained: 7, pointInTimeRecovery: false },
  },
  sharedVolumes: false,
  protect: false,
} satisfies EnvironmentSizes;

/**
 * Google Cloud resources that all engineers share: network, cluster, database instance (engineers make their own databases in it), registry,
 * secrets, one wildcard record and certificate, and basic monitoring. Deployed by the platform team, rarely.
 */
export class StagingBaseStack extends EnvironmentStack {
  constructor(scope: Construct, config: PlueConfig) {
    super(scope, "staging-base", { config, environment: config.staging, sizes: STAGING_SIZES });
    const { projectId, domain } = config.staging;
    const label = domain.slice(0, -config.domain.length - 1);

    const dns = new CloudflareDns(this, "dns", {
      zoneId: config.cloudflareZoneId,
      zoneName: config.domain,
      // DNS only: Cloudflare's certificate covers one level, alice.staging.plue.dev is two.
      records: {
        engineers: {
          name: `*.${label}`,
          type: "A",
          content: this.network.ingressIp,
          comment: "Staging environments",
        },
      },
    });
    this.declareCertificate(dns, [`*.${domain}`]);
    // Engineers' hosts are not behind Cloudflare: anybody reaches them.
    this.declareIngressPolicy();

    const { emailChannels, existingChannels } = this.channels;
    const monitoring = new Monitoring(this, "monitoring", {
      projectId,
      emailChannels,
      existingChannels,
      alerts: {
        "database-grants": this.databaseGrantsAlert(Object.keys(emailChannels)),
        "secret-rotation": this.secretRotationAlert(Object.keys(emailChannels)),
        "database-connections": {
          displayName: "Staging: database connections run out",
          severity: "WARNING",
          conditions: [
            databaseConnections({
              projectId,
              instanceName: STAGING_SIZES.name,
              maxConnections: this.sql.maxConnections,
              above: 0.8,
            }),
          ],
          channels: Object.keys(emailChannels),
          documentation:
            "Engineers share one small instance. Somebody holds more connections than a release needs, or there are more engineers than it carries.",
          runbook: this.runbook("database-connections"),
        },
      },
      labels: this.labels,
    });
    this.declareBudget(Object.keys(emailChannels).map((key) => monitoring.channelIds[key] as string));
  }
}
