import type { Construct } from "constructs";
import { type PlueConfig, stagingZone } from "./config";
import type { EnvironmentSizes } from "./environment-props";
import { EnvironmentStack } from "./environment-stack";
import { NOBODYS_HOST } from "./names";

/** Sizes of staging, from the infrastructure document, section "Environment: Staging Base (Admin-Owned)". */
export const STAGING_SIZES = {
  name: "plue-staging",
  cluster: {
    releaseChannel: "REGULAR",
    nodePools: {
      default: { machineType: "e2-medium", minNodes: 1, maxNodes: 3, diskSizeGb: 50 },
      sandbox: {
        machineType: "e2-standard-4",
        minNodes: 1,
        maxNodes: 5,
        diskSizeGb: 50,
        sandbox: "gvisor",
      },
    },
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
 * Google Cloud resources that all engineers share: network, cluster, database instance (engineers make their own
 * databases in it), registry, secrets, one wildcard record and certificate, and basic monitoring. Deployed by the
 * platform team, rarely.
 */
export class StagingBaseStack extends EnvironmentStack {
  constructor(scope: Construct, config: PlueConfig, sizes: EnvironmentSizes = STAGING_SIZES) {
    const { domain } = config.staging;
    const zone = stagingZone(config);
    super(scope, "staging-base", {
      config,
      name: "staging",
      sizes,
      edge: {
        zoneId: zone.cloudflareZoneId,
        zoneName: zone.domain,
        // DNS only: Cloudflare's certificate covers one level, alice.staging.plue.dev is two. So anybody reaches them.
        records: (ingressIp) => ({
          engineers: {
            name: domain === zone.domain ? "*" : `*.${domain.slice(0, -zone.domain.length - 1)}`,
            type: "A",
            content: ingressIp,
            comment: "Staging environments",
          },
        }),
        domains: [`*.${domain}`],
      },
      alerts: {
        level: "basic",
        wakes: false,
        watched: {
          // Whoever's environment may sleep. The Gateway itself answers where nobody is: so DNS, certificate and it are there.
          hosts: {
            gateway: { displayName: "Staging: Gateway", host: `${NOBODYS_HOST}.${domain}`, status: 404 },
          },
          loadBalancer: {},
        },
        adjust: {
          "database-connections": {
            documentation:
              "Engineers share one small instance. Somebody holds more connections than a release needs, or there are more engineers than it carries.",
          },
        },
      },
    });
  }
}
