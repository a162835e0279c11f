import type { Construct } from "constructs";
import { ClusterPlatform } from "../lib/cluster-platform";
import type { PlueConfig } from "../lib/config";
import { DEPLOYER_PREFIX } from "../lib/engineer-names";
import type { Charts } from "./charts";
import { ClusterStack } from "./cluster-stack";
import { EXTERNAL_SECRETS_VERSION, GATEWAY } from "./shared-names";

/** What all engineers share inside the staging cluster. Deployed by the platform team, after staging-base. */
export class StagingPlatformStack extends ClusterStack {
  constructor(scope: Construct, config: PlueConfig, charts: Charts) {
    super(scope, "staging-platform", { environment: config.staging, base: "staging-base" });
    new ClusterPlatform(this, "platform", {
      chart: charts.platform,
      valuesFiles: ["values-staging.yaml"],
      namespace: GATEWAY.namespace,
      externalSecretsVersion: EXTERNAL_SECRETS_VERSION,
      values: {
        gateway: {
          name: GATEWAY.name,
          addressName: this.base.get("ingress_address_name"),
          certificateMap: this.base.get("certificate_map_name"),
          routesFrom: GATEWAY.routesFrom,
        },
        deployers: {
          accountPrefix: DEPLOYER_PREFIX,
          projectId: config.staging.projectId,
          domain: config.staging.domain,
        },
      },
      labels: { environment: "staging", managed_by: "terraform" },
    });
  }
}
