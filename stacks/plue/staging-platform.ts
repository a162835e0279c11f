import type { Construct } from "constructs";
import { environmentLabels } from "../../lib/core/labels";
import { OWNER_LABEL } from "../../lib/environments/registry";
import { QUOTA_NAME, quotaHard } from "../../lib/kubernetes/guarded-namespace";
import type { Charts } from "./charts";
import { ClusterPlatform } from "./cluster-platform";
import { ClusterStack } from "./cluster-stack";
import type { PlueConfig } from "./config";
import { EXTERNAL_SECRETS_VERSION, GATEWAY, PRIORITY_CLASSES } from "./names";
import { DEPLOYER_PREFIX, engineerNames } from "./registry/engineer-names";
import { MAX_QUOTA } from "./registry/quota";

/** Helm releases that all engineers share in the staging cluster. Deployed by the platform team, after staging-base. */
export class StagingPlatformStack extends ClusterStack {
  constructor(scope: Construct, config: PlueConfig, charts: Charts) {
    super(scope, "staging-platform", { environment: config.staging, base: "staging-base" });
    // By name, so that nothing here changes when somebody joins.
    const anybody = engineerNames("*", config.staging.projectId);
    new ClusterPlatform(this, "platform", {
      chart: charts.platform,
      valuesFiles: ["values-staging.yaml"],
      namespace: GATEWAY.namespace,
      externalSecretsVersion: EXTERNAL_SECRETS_VERSION,
      priorityClassName: PRIORITY_CLASSES.platform,
      values: {
        gateway: this.gatewayValues,
        deployers: {
          accountPrefix: DEPLOYER_PREFIX,
          projectId: config.staging.projectId,
          domain: config.staging.domain,
          ownerLabel: OWNER_LABEL,
          priorityClassName: PRIORITY_CLASSES.application,
          quota: { name: QUOTA_NAME, max: quotaHard(MAX_QUOTA) },
        },
      },
      databaseGrants: this.databaseGrants([{ login: anybody.databaseUser, database: anybody.database }]),
      labels: environmentLabels("staging"),
    });
  }
}
