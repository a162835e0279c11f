import { ClusterRoleV1 } from "@cdktf/provider-kubernetes/lib/cluster-role-v1";
import type { Construct } from "constructs";
import { environmentLabels } from "../../lib/core/labels";
import { OWNER_LABEL } from "../../lib/environments/registry";
import { DEFAULT_POD_LIMITS } from "../../lib/environments/staging-namespace";
import { podLimitMax, QUOTA_NAME, quotaHard } from "../../lib/kubernetes/guarded-namespace";
import type { Charts } from "./charts";
import { ClusterPlatform } from "./cluster-platform";
import { ClusterStack } from "./cluster-stack";
import type { PlueConfig } from "./config";
import { DEPLOYER_CLUSTER_ROLES, EXTERNAL_SECRETS_VERSION, GATEWAY, PRIORITY_CLASSES } from "./names";
import { DEPLOYER_PREFIX, engineerNames } from "./registry/engineer-names";
import { MAX_QUOTA } from "./registry/quota";

const RBAC = "rbac.authorization.k8s.io";

/**
 * Helm releases that all engineers share in the staging cluster, and what their deployers may do in it. Deployed by the
 * platform team, after staging-base.
 */
export class StagingPlatformStack extends ClusterStack {
  constructor(scope: Construct, config: PlueConfig, charts: Charts) {
    super(scope, "staging-platform", { environment: config.staging, base: "staging-base" });
    // By name, so that nothing here changes when somebody joins.
    const anybody = engineerNames("*", config.staging.projectId);
    const platform = new ClusterPlatform(this, "platform", {
      chart: charts.platform,
      valuesFiles: ["values-staging.yaml"],
      namespace: GATEWAY.namespace,
      externalSecretsVersion: EXTERNAL_SECRETS_VERSION,
      priorityClassName: PRIORITY_CLASSES.platform,
      controlPlaneRanges: [config.staging.network.nodes],
      values: {
        gateway: this.gatewayValues,
        runners: this.runners(OWNER_LABEL),
        deployers: {
          accountPrefix: DEPLOYER_PREFIX,
          projectId: config.staging.projectId,
          domain: config.staging.domain,
          ownerLabel: OWNER_LABEL,
          priorityClassName: PRIORITY_CLASSES.application,
          quota: { name: QUOTA_NAME, max: quotaHard(MAX_QUOTA) },
          podLimits: podLimitMax(DEFAULT_POD_LIMITS),
        },
      },
      databaseGrants: this.databaseGrants([{ login: anybody.databaseUser, database: anybody.database }]),
      labels: environmentLabels("staging"),
    });
    // Here and not in the chart, and last: it is all that deployers may do, and while the policies that bound it are not
    // there, nor is it. On the way down it goes first.
    new ClusterRoleV1(this, "deployer", {
      metadata: { name: DEPLOYER_CLUSTER_ROLES.cluster },
      rule: [
        { apiGroups: [""], resources: ["namespaces"], verbs: ["create", "delete", "get"] },
        { apiGroups: [RBAC], resources: ["rolebindings"], verbs: ["create", "get"] },
        {
          apiGroups: [RBAC],
          resources: ["clusterroles"],
          resourceNames: [DEPLOYER_CLUSTER_ROLES.namespace, "view"],
          verbs: ["bind"],
        },
      ],
      dependsOn: [platform.release],
    });
  }
}
