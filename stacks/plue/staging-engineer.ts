import type { Construct } from "constructs";
import type { Engineer } from "../../lib/environments/registry";
import { StagingNamespace } from "../../lib/environments/staging-namespace";
import { workflowIdentities } from "../../lib/environments/workflow-identities";
import { googleProvider } from "../../lib/google/providers";
import { controlPlaneRanges } from "./chart-values";
import type { Charts } from "./charts";
import { ClusterStack } from "./cluster-stack";
import type { PlueConfig } from "./config";
import { DEPLOYER_CLUSTER_ROLES, GATEWAY, IMAGES, RELEASE } from "./names";
import { engineerNames } from "./registry/engineer-names";
import { releaseSecrets } from "./secret-versions";

/**
 * One engineer's environment, deployed and destroyed by the engineer, as often as she likes, without anybody's help and
 * without touching anybody else's: as her deployer, whoever runs Terraform. It names nothing of another engineer's, holds no IAM and no login to the database, and
 * reads staging-base alone.
 */
export class StagingEngineerStack extends ClusterStack {
  constructor(scope: Construct, config: PlueConfig, engineer: Engineer, charts: Charts) {
    const { projectId, domain } = config.staging;
    const names = engineerNames(engineer.name, projectId);
    super(scope, names.stack, {
      environment: config.staging,
      base: "staging-base",
      actingAs: { deployer: names.deployerEmail, planner: workflowIdentities(config.staging).plan },
    });
    googleProvider(this, { ...config.staging, impersonate: this.actingAs });

    const environment = new StagingNamespace(this, "staging", {
      projectId,
      environment: "staging",
      names,
      email: engineer.email,
      readers: engineer.readers,
      domain,
      gateway: GATEWAY,
      deployerClusterRole: DEPLOYER_CLUSTER_ROLES.namespace,
      sqlInstance: {
        name: this.base.get("sql_instance_name"),
        connectionName: this.base.get("sql_connection_name"),
        privateIp: this.base.get("sql_private_ip"),
      },
      application: {
        chart: charts.plue,
        releaseName: RELEASE,
        valuesFiles: ["values-staging.yaml"],
        images: {
          registry: this.registry,
          names: IMAGES,
          tag: engineer.imageTag,
          resolveDigests: engineer.state === "active",
        },
        secrets: releaseSecrets(config.staging),
      },
      controlPlaneRanges: controlPlaneRanges(config.staging),
      quota: engineer.quota,
      labels: engineer.labels,
    });
    this.outputs({
      url: { value: environment.url, description: "Where the environment answers" },
      namespace: { value: environment.namespace, description: "Kubernetes namespace" },
      database: { value: environment.database, description: "Database in the shared instance" },
    });
  }
}
