import type { Construct } from "constructs";
import { environmentLabels } from "../../lib/core/labels";
import { googleProvider } from "../../lib/google/providers";
import { IsolatedNamespace } from "../../lib/kubernetes/isolated-namespace";
import { ApplicationRelease } from "../../lib/kubernetes/release";
import { controlPlaneRanges, type PlueValues } from "./chart-values";
import type { Charts } from "./charts";
import { ClusterPlatform } from "./cluster-platform";
import { ClusterStack } from "./cluster-stack";
import type { PlueConfig } from "./config";
import {
  EXTERNAL_SECRETS_VERSION,
  GATEWAY,
  IMAGES,
  PRIORITY_CLASSES,
  PRODUCTION_NAMESPACE,
  RELEASE,
} from "./names";
import type { ProductionOutput } from "./production";
import { releaseSecrets } from "./secret-versions";

/** Kubernetes objects and Helm releases of the production cluster. Deployed by CI on merge, after production. */
export class ProductionAppStack extends ClusterStack<ProductionOutput> {
  constructor(scope: Construct, config: PlueConfig, charts: Charts) {
    super(scope, "production-app", { environment: config.production, base: "production" });
    const { projectId, domain } = config.production;
    const labels = environmentLabels("production");
    googleProvider(this, config.production);

    const platform = new ClusterPlatform(this, "platform", {
      chart: charts.platform,
      namespace: GATEWAY.namespace,
      externalSecretsVersion: EXTERNAL_SECRETS_VERSION,
      priorityClassName: PRIORITY_CLASSES.platform,
      controlPlaneRanges: [config.production.network.nodes],
      values: {
        gateway: this.gatewayValues,
        runners: this.runners("kubernetes.io/metadata.name", [PRODUCTION_NAMESPACE]),
      },
      databaseGrants: this.databaseGrants([
        {
          login: this.base.get("application_database_user"),
          database: this.base.get("application_database"),
        },
      ]),
      labels,
    });
    const ranges = controlPlaneRanges(config.production);
    const namespace = new IsolatedNamespace(this, "production", {
      name: PRODUCTION_NAMESPACE,
      routesFrom: GATEWAY.routesFrom,
      // With it would go the volume of the Git repositories.
      preventDestroy: true,
      labels,
    });
    new ApplicationRelease<PlueValues>(this, "release", {
      chart: charts.plue,
      name: RELEASE,
      namespace: namespace.name,
      valuesFiles: ["values-production.yaml"],
      images: {
        registry: this.registry,
        names: IMAGES,
        tag: "production",
      },
      values: {
        route: {
          host: domain,
          apiHost: `api.${domain}`,
          redirectHosts: [`www.${domain}`],
          gateway: { name: GATEWAY.name, namespace: GATEWAY.namespace },
          securityPolicy: this.base.get("security_policy_name"),
        },
        database: {
          instanceConnectionName: this.base.get("sql_connection_name"),
          privateIp: this.base.get("sql_private_ip"),
          name: this.base.get("application_database"),
          user: this.base.get("application_database_user"),
        },
        serviceAccount: { googleServiceAccount: this.base.get("application_service_account") },
        secrets: { projectId, ...releaseSecrets(config.production) },
        repositories: { filestore: { network: this.base.get("network_name") } },
        ...(ranges && { networkPolicy: { controlPlaneRanges: ranges } }),
      },
      dependsOn: [platform.release, ...namespace.denyByDefault()],
    });
    this.outputs({
      url: { value: `https://${domain}`, description: "Where UI and API answer" },
      namespace: { value: namespace.name, description: "Kubernetes namespace" },
    });
  }
}
