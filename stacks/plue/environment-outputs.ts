import type { TerraformOutputConfig } from "cdktf";
import type { ArtifactRegistry } from "../../lib/google/artifact-registry";
import type { CloudSql } from "../../lib/google/cloud-sql";
import type { GkeCluster } from "../../lib/google/gke-cluster";
import type { Networking } from "../../lib/google/networking";
import type { RuntimeIdentity } from "../../lib/google/runtime-identity";

/** Outputs of a GCP stack, for the stacks on top of it and for people. */
export type EnvironmentOutput = CommonOutput | "certificate_map_name" | "ssl_policy_name";
type CommonOutput =
  | "project_id"
  | "region"
  | "network_name"
  | "ingress_ip"
  | "ingress_address_name"
  | "cluster_name"
  | "cluster_location"
  | "cluster_endpoint"
  | "cluster_dns_endpoint"
  | "cluster_ca_certificate"
  | "workload_pool"
  | "node_service_account"
  | "sql_instance_name"
  | "sql_connection_name"
  | "sql_private_ip"
  | "sql_admin_secret_id"
  | "sql_admin_user"
  | "database_grants_service_account"
  | "registry_repository_id"
  | "registry_url";

/** The parts whose attributes are put out. */
export interface EnvironmentParts {
  readonly projectId: string;
  readonly region: string;
  readonly network: Networking;
  readonly cluster: GkeCluster;
  readonly sql: CloudSql;
  readonly databaseGrants: RuntimeIdentity;
  readonly registry: ArtifactRegistry;
}

/** What both GCP stacks put out, of the parts that both have. */
export function commonOutputs(parts: EnvironmentParts): Record<CommonOutput, TerraformOutputConfig> {
  const { projectId, region, network, cluster, sql, databaseGrants, registry } = parts;
  return {
    project_id: { value: projectId, description: "Google Cloud project" },
    region: { value: region, description: "Region of everything regional" },
    network_name: { value: network.networkName, description: "Name of the VPC" },
    ingress_ip: { value: network.ingressIp, description: "Public address of the Gateway" },
    ingress_address_name: { value: network.ingressAddressName, description: "Name of that address" },
    cluster_name: { value: cluster.clusterName, description: "Name of the GKE cluster" },
    cluster_location: { value: cluster.location, description: "Region of the GKE cluster" },
    cluster_endpoint: {
      value: cluster.endpoint,
      description: "Address of the control plane",
      sensitive: true,
    },
    cluster_dns_endpoint: {
      value: cluster.dnsEndpoint,
      description: "Host name of the control plane, reached from anywhere and guarded by IAM",
    },
    cluster_ca_certificate: {
      value: cluster.caCertificate,
      description: "Certificate authority of cluster_endpoint, base64",
      sensitive: true,
    },
    workload_pool: { value: cluster.workloadPool, description: "Workload identity pool of the cluster" },
    node_service_account: {
      value: cluster.nodeServiceAccountEmail,
      description: "Identity of the nodes",
    },
    sql_instance_name: { value: sql.instanceName, description: "Name of the Cloud SQL instance" },
    sql_connection_name: {
      value: sql.connectionName,
      description: "project:region:instance, as the Cloud SQL Auth Proxy takes it",
    },
    sql_private_ip: { value: sql.privateIp, description: "Private address of the Cloud SQL instance" },
    sql_admin_secret_id: {
      value: sql.adminSecretId,
      description: "Secret with the password of the database administrator",
    },
    sql_admin_user: { value: sql.adminName as string, description: "The database administrator" },
    database_grants_service_account: {
      value: databaseGrants.email,
      description: "Identity of the job that keeps the databases' rights",
    },
    registry_repository_id: { value: registry.repositoryId, description: "Artifact Registry repository" },
    registry_url: { value: registry.url, description: "What image names begin with" },
  };
}
