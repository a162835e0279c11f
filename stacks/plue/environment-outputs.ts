import type { TerraformOutputConfig } from "cdktf";
import type { ArtifactRegistry } from "../../lib/google/artifact-registry";
import type { Certificate } from "../../lib/google/certificate";
import type { CloudArmorPolicy } from "../../lib/google/cloud-armor";
import type { CloudSql } from "../../lib/google/cloud-sql";
import type { GkeCluster } from "../../lib/google/gke-cluster";
import type { Networking } from "../../lib/google/networking";
import type { RuntimeIdentity } from "../../lib/google/runtime-identity";

/** The parts whose attributes are put out. */
export interface EnvironmentParts {
  readonly projectId: string;
  readonly region: string;
  readonly network: Networking;
  readonly cluster: GkeCluster;
  readonly sql: CloudSql;
  readonly databaseGrants: RuntimeIdentity;
  readonly registry: ArtifactRegistry;
  readonly certificate: Certificate;
  readonly ingressPolicy: CloudArmorPolicy;
}

/** Names of what every GCP stack puts out, which the stacks on top of it may read. */
export type EnvironmentOutput = keyof ReturnType<typeof environmentOutputs>;
/** As `EnvironmentOutput`, with Cloudflare in front. */
export type CdnOutput = keyof ReturnType<typeof cdnOutputs>;
/** As `EnvironmentOutput`, with an application of its own. */
export type ApplicationOutput = keyof ReturnType<typeof applicationOutputs>;

/** Outputs of a GCP stack, for the stacks on top of it and for people. */
export function environmentOutputs(parts: EnvironmentParts) {
  const { projectId, region, network, cluster, sql, databaseGrants, registry, certificate, ingressPolicy } =
    parts;
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
    sql_admin_user: { value: sql.adminName, description: "The database administrator" },
    database_grants_service_account: {
      value: databaseGrants.email,
      description: "Identity of the job that keeps the databases' rights",
    },
    registry_repository_id: { value: registry.repositoryId, description: "Artifact Registry repository" },
    registry_url: { value: registry.url, description: "What image names begin with" },
    certificate_map_name: { value: certificate.mapName, description: "Certificate map of the Gateway" },
    ssl_policy_name: { value: ingressPolicy.sslPolicyName, description: "SSL policy of the Gateway" },
  } satisfies Record<string, TerraformOutputConfig>;
}

/** Further outputs of a stack with Cloudflare in front of its Gateway. */
export function cdnOutputs(ingressPolicy: CloudArmorPolicy) {
  return {
    security_policy_name: {
      value: ingressPolicy.securityPolicyName,
      description: "Cloud Armor policy of the Gateway's services, which takes requests from Cloudflare alone",
    },
  } satisfies Record<string, TerraformOutputConfig>;
}

export interface ApplicationParts {
  readonly identity: RuntimeIdentity;
  /** Name of its database. */
  readonly database: string;
  readonly databaseUser: string;
}

/** Further outputs of a stack with an application of its own. */
export function applicationOutputs({ identity, database, databaseUser }: ApplicationParts) {
  return {
    application_service_account: { value: identity.email, description: "Identity of the pods" },
    application_database: { value: database, description: "Database of the application" },
    application_database_user: { value: databaseUser, description: "Database user of the pods" },
  } satisfies Record<string, TerraformOutputConfig>;
}
