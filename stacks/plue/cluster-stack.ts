import type { Construct } from "constructs";
import { RemoteState } from "../../lib/core/remote-state";
import { Stack } from "../../lib/core/stack";
import { type ActingIdentities, actingIdentity } from "../../lib/environments/acting-identity";
import { type ImageRegistry, imageRepository } from "../../lib/google/artifact-registry";
import { clusterProviders } from "../../lib/kubernetes/providers";
import type { DatabaseGrants } from "./chart-values";
import type { EnvironmentConfig } from "./config";
import type { EnvironmentOutput } from "./environment-outputs";
import { DATABASE_GRANTS, GATEWAY, IMAGES } from "./names";

export interface ClusterStackProps {
  readonly environment: EnvironmentConfig;
  /** The GCP stack that made the cluster. */
  readonly base: "staging-base" | "production";
  /** Whom the stack acts as, whoever runs Terraform. @default who does */
  readonly actingAs?: ActingIdentities;
}

/**
 * Stack of Kubernetes objects and Helm releases: its providers reach the cluster of a GCP stack that has been applied before.
 *
 * @typeParam Output names of the GCP stack's outputs
 */
export abstract class ClusterStack<Output extends string = EnvironmentOutput> extends Stack {
  protected readonly base: RemoteState<Output | EnvironmentOutput>;
  /** Registry of the environment's images. */
  protected readonly registry: ImageRegistry;

  /** Reference to the e-mail of the service account that it acts as; undefined where that is who runs Terraform. */
  protected readonly actingAs: string | undefined;

  constructor(scope: Construct, id: string, { environment, base, actingAs }: ClusterStackProps) {
    super(scope, id, { ...environment, impersonate: actingAs?.deployer });
    this.actingAs = actingAs && actingIdentity(this, actingAs);
    this.base = new RemoteState(this, "base", {
      stack: base,
      stateBucket: environment.stateBucket,
      impersonate: this.actingAs,
    });
    this.registry = {
      projectId: environment.projectId,
      location: environment.region,
      repositoryId: this.base.get("registry_repository_id"),
    };
    clusterProviders(this, this.base.get("cluster_dns_endpoint"), this.actingAs);
  }

  /** The cluster's Gateway, for the platform chart: on the reserved address, with the certificates of the GCP stack. */
  protected get gatewayValues() {
    return {
      name: GATEWAY.name,
      addressName: this.base.get("ingress_address_name"),
      certificateMap: this.base.get("certificate_map_name"),
      sslPolicy: this.base.get("ssl_policy_name"),
      routesFrom: GATEWAY.routesFrom,
    };
  }

  /**
   * What the API may make in the cluster, for the platform chart.
   * @param label of the namespaces that have releases
   * @param values of that label. @default any
   */
  protected runners(label: string, values: string[] = []) {
    return {
      namespaces: { label, values },
      repository: imageRepository(this.registry, IMAGES["runner.image"]),
    };
  }

  /** The job that gives each database of the GCP stack's instance to its login. */
  protected databaseGrants(rules: DatabaseGrants["rules"]): DatabaseGrants {
    return {
      namespace: DATABASE_GRANTS,
      googleServiceAccount: this.base.get("database_grants_service_account"),
      database: {
        instanceConnectionName: this.base.get("sql_connection_name"),
        privateIp: this.base.get("sql_private_ip"),
      },
      administrator: {
        name: this.base.get("sql_admin_user"),
        projectId: this.base.get("project_id"),
        secretId: this.base.get("sql_admin_secret_id"),
      },
      rules,
    };
  }
}
