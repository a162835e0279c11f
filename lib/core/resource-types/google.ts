import { saysPublic } from "../labels";
import { argument, type Block } from "../terraform-json";
import * as billing from "./billing";
import { FREE, primaryOf } from "./billing";
import {
  BIGQUERY_ACTIVE,
  BIGQUERY_LONG_TERM,
  BUILD_MINUTE,
  IMAGES,
  MESSAGES,
  MESSAGES_KEPT,
  per,
} from "./prices";
import {
  type DataSourceType,
  type GoogleAccess,
  given,
  type RequiredArgument,
  type ResourceType,
} from "./row";

const PROJECT_IAM = {
  api: "cloudresourcemanager",
  plan: ["resourcemanager.projects.get", "resourcemanager.projects.getIamPolicy"],
  apply: "roles/resourcemanager.projectIamAdmin",
};
const SERVICE_ACCOUNTS = {
  api: "iam",
  plan: ["iam.serviceAccounts.get", "iam.serviceAccounts.getIamPolicy"],
  apply: "roles/iam.serviceAccountAdmin",
};
const FEDERATION = { api: "iam", apply: "roles/iam.workloadIdentityPoolAdmin" };
const NETWORKS = { api: "compute", apply: "roles/compute.networkAdmin" };
const NETWORK_SECURITY = { api: "compute", apply: "roles/compute.securityAdmin" };
const LOAD_BALANCERS = { api: "compute", apply: "roles/compute.loadBalancerAdmin" };
const DISKS = { api: "compute", plan: ["compute.disks.get"], apply: "roles/compute.storageAdmin" };
const REGISTRIES = { api: "artifactregistry", apply: "roles/artifactregistry.admin" };
const CERTIFICATES = { api: "certificatemanager", apply: "roles/certificatemanager.owner" };
const DNS = { api: "dns", apply: "roles/dns.admin" };
const SQL = { api: "sqladmin", apply: "roles/cloudsql.admin" };
const SPANNER = { api: "spanner", apply: "roles/spanner.admin" };
const BIGQUERY = { api: "bigquery", apply: "roles/bigquery.dataOwner" };
const MONITORING = { api: "monitoring", apply: "roles/monitoring.editor" };
const IAP_ACCESS = { api: "iap", plan: ["iap.webServices.getIamPolicy"], apply: "roles/iap.admin" };
const PUBSUB = { api: "pubsub", apply: "roles/pubsub.admin" };
const CLUSTERS = { api: "container", apply: "roles/container.admin" };
const KEYS = { api: "cloudkms", apply: "roles/cloudkms.admin" };
/** Without what runs as them: serviceAccountUser is granted on each account. */
const RUN = { api: "run", apply: "roles/run.admin" };
const ATTESTORS = { api: "binaryauthorization", apply: "roles/binaryauthorization.attestorsAdmin" };
const NOTES = { api: "containeranalysis", apply: "roles/containeranalysis.notes.editor" };
const BUILDS = { api: "cloudbuild", apply: "roles/cloudbuild.builds.editor" };
const SERVICE_USAGE = { api: "serviceusage", apply: "roles/serviceusage.serviceUsageAdmin" };
const SECRETS = {
  api: "secretmanager",
  // Without secretmanager.versions.access: write-only values are added and never read.
  apply: [
    "secretmanager.secrets.create",
    "secretmanager.secrets.delete",
    "secretmanager.secrets.get",
    "secretmanager.secrets.getIamPolicy",
    "secretmanager.secrets.setIamPolicy",
    "secretmanager.secrets.update",
    "secretmanager.versions.add",
    "secretmanager.versions.destroy",
    "secretmanager.versions.disable",
    "secretmanager.versions.enable",
    "secretmanager.versions.get",
  ],
};
/** Without any of storage.objects: buckets are made, their objects are not looked at. */
const BUCKETS = {
  api: "storage",
  plan: ["storage.buckets.get", "storage.buckets.getIamPolicy"],
  apply: [
    "storage.buckets.create",
    "storage.buckets.delete",
    "storage.buckets.get",
    "storage.buckets.getIamPolicy",
    "storage.buckets.setIamPolicy",
    "storage.buckets.update",
  ],
};
/** Of what is in a bucket: granted on that. */
const IN_A_BUCKET = { api: "storage", plan: [], apply: [] };

const setTo = (path: string, is: string | boolean): RequiredArgument => ({
  path,
  is,
  write: `set it to ${JSON.stringify(is)}`,
});
const leftOut = (path: string): RequiredArgument => ({
  path,
  is: (value) => value !== true,
  write: "leave it out: it deletes what is inside too",
});
const key = (path: string, of: string): RequiredArgument => ({
  path,
  is: given,
  write: `name a KMS key of the ${of}'s location`,
});
/** An instance of Memorystore that encrypts what it says. */
const MEMORYSTORE_TLS = [setTo("transit_encryption_mode", "SERVER_AUTHENTICATION")];

/**
 * Resource types of google and google-beta, by name. What a type belongs to (its API, the role of who applies it) comes from
 * the constants above, or is written out where the type is alone.
 */
export const GOOGLE = {
  google_artifact_registry_repository: {
    ...REGISTRIES,
    plan: ["artifactregistry.repositories.get"],
    holdsData: { what: "its images", guards: [], encryption: [key("kms_key_name", "repository")] },
    billing: { notCounted: `images: ${per(IMAGES)} from the first half GB on` },
  },
  google_artifact_registry_repository_iam_member: {
    ...REGISTRIES,
    plan: ["artifactregistry.repositories.getIamPolicy"],
    holdsData: false,
    billing: FREE,
  },
  google_bigquery_dataset: {
    ...BIGQUERY,
    plan: ["bigquery.datasets.get"],
    holdsData: {
      what: "its tables",
      guards: [leftOut("delete_contents_on_destroy")],
      kept: ({ args }) => `tables, for ${Number(args["max_time_travel_hours"] ?? 168) / 24} days`,
      encryption: [key("default_encryption_configuration.kms_key_name", "dataset")],
    },
    billing: {
      notCounted: `rows: ${per(BIGQUERY_ACTIVE)} active, ${per(BIGQUERY_LONG_TERM)} long-term; queries, by what they read`,
    },
  },
  google_bigquery_dataset_iam_member: {
    ...BIGQUERY,
    plan: ["bigquery.datasets.get", "bigquery.datasets.getIamPolicy"],
    holdsData: false,
    billing: FREE,
  },
  google_bigquery_table: {
    ...BIGQUERY,
    plan: ["bigquery.tables.get"],
    holdsData: {
      what: "its rows",
      guards: [setTo("deletion_protection", true)],
      kept: "rows, for the days of the dataset's time travel",
      encryption: "a table has its dataset's key",
    },
    // Counted with its dataset.
    billing: FREE,
  },
  google_billing_account_iam_member: {
    api: "cloudbilling",
    // Granted on the billing account.
    plan: [],
    apply: [],
    holdsData: false,
    billing: FREE,
  },
  google_billing_budget: {
    api: "billingbudgets",
    // Its own are granted on the billing account; this one is for the project as quota project.
    plan: ["serviceusage.services.use"],
    apply: ["serviceusage.services.use"],
    holdsData: false,
    billing: FREE,
  },
  google_binary_authorization_attestor: {
    ...ATTESTORS,
    plan: ["binaryauthorization.attestors.get"],
    // Its attestations are its note's.
    holdsData: false,
    billing: FREE,
  },
  google_binary_authorization_attestor_iam_member: {
    ...ATTESTORS,
    plan: ["binaryauthorization.attestors.getIamPolicy"],
    holdsData: false,
    billing: FREE,
  },
  google_binary_authorization_policy: {
    api: "binaryauthorization",
    plan: ["binaryauthorization.policy.get"],
    apply: "roles/binaryauthorization.policyEditor",
    holdsData: false,
    billing: FREE,
  },
  google_certificate_manager_certificate: {
    ...CERTIFICATES,
    plan: ["certificatemanager.certs.get"],
    holdsData: false,
    billing: billing.certificate,
  },
  google_certificate_manager_certificate_map: {
    ...CERTIFICATES,
    plan: ["certificatemanager.certmaps.get"],
    holdsData: false,
    billing: FREE,
  },
  google_certificate_manager_certificate_map_entry: {
    ...CERTIFICATES,
    plan: ["certificatemanager.certmapentries.get"],
    holdsData: false,
    billing: FREE,
  },
  google_certificate_manager_dns_authorization: {
    ...CERTIFICATES,
    plan: ["certificatemanager.dnsauthorizations.get"],
    holdsData: false,
    billing: FREE,
  },
  google_cloud_run_v2_job: {
    ...RUN,
    plan: ["run.jobs.get"],
    holdsData: false,
    billing: billing.runJob,
  },
  google_cloud_run_v2_job_iam_member: {
    ...RUN,
    plan: ["run.jobs.getIamPolicy"],
    holdsData: false,
    billing: FREE,
  },
  google_cloud_run_v2_service: {
    ...RUN,
    plan: ["run.services.get"],
    holdsData: false,
    billing: billing.runService,
  },
  google_cloud_run_v2_service_iam_member: {
    ...RUN,
    plan: ["run.services.getIamPolicy"],
    holdsData: false,
    billing: FREE,
  },
  google_cloud_run_v2_worker_pool: {
    ...RUN,
    plan: ["run.workerpools.get"],
    holdsData: false,
    billing: billing.runWorkerPool,
  },
  google_cloud_run_v2_worker_pool_iam_member: {
    ...RUN,
    plan: ["run.workerpools.getIamPolicy"],
    holdsData: false,
    billing: FREE,
  },
  google_cloud_scheduler_job: {
    api: "cloudscheduler",
    plan: ["cloudscheduler.jobs.get"],
    apply: "roles/cloudscheduler.admin",
    holdsData: false,
    billing: billing.schedule,
  },
  google_cloudfunctions2_function: {
    api: "cloudfunctions",
    plan: ["cloudfunctions.functions.get", "cloudfunctions.operations.get"],
    apply: "roles/cloudfunctions.developer",
    holdsData: false,
    billing: billing.cloudFunction,
  },
  google_cloudbuild_trigger: {
    ...BUILDS,
    plan: ["cloudbuild.builds.get"],
    holdsData: false,
    billing: {
      notCounted: `minutes of builds: ${per(BUILD_MINUTE)} on E2_HIGHCPU_8; on other machines, and in private pools, by their price`,
    },
  },
  google_cloudbuild_worker_pool: {
    ...BUILDS,
    apply: "roles/cloudbuild.workerPoolOwner",
    plan: ["cloudbuild.workerpools.get"],
    holdsData: false,
    billing: {
      notCounted: "minutes of builds in the private pool, by its machine; it costs nothing while none runs",
    },
  },
  google_compute_address: {
    ...NETWORKS,
    plan: ["compute.addresses.get"],
    holdsData: false,
    billing: billing.address,
  },
  google_compute_backend_bucket: {
    ...LOAD_BALANCERS,
    plan: ["compute.backendBuckets.get"],
    holdsData: false,
    billing: billing.backendBucket,
  },
  google_compute_backend_service: {
    ...LOAD_BALANCERS,
    plan: ["compute.backendServices.get"],
    holdsData: false,
    billing: { notCounted: "what the load balancer passes on, by the GB; request logs, by volume" },
  },
  google_compute_disk: {
    ...DISKS,
    holdsData: {
      what: "all that is on it",
      guards: [],
      kept: keptSnapshot,
      encryption: [key("disk_encryption_key.kms_key_self_link", "disk")],
    },
    billing: billing.disk(1),
  },
  google_compute_firewall: {
    ...NETWORK_SECURITY,
    plan: ["compute.firewalls.get"],
    holdsData: false,
    billing: FREE,
  },
  google_compute_global_address: {
    ...NETWORKS,
    plan: ["compute.globalAddresses.get"],
    holdsData: false,
    billing: billing.address,
  },
  google_compute_global_forwarding_rule: {
    ...LOAD_BALANCERS,
    plan: ["compute.globalForwardingRules.get"],
    holdsData: false,
    billing: billing.forwardingRule,
  },
  google_compute_instance: {
    api: "compute",
    plan: ["compute.disks.get", "compute.instances.get"],
    apply: "roles/compute.instanceAdmin.v1",
    holdsData: {
      what: "its boot disk",
      guards: [setTo("deletion_protection", true)],
      kept: ({ args }) => (argument(args, "boot_disk", "auto_delete") === false ? "its disk" : "nothing"),
      encryption: [key("boot_disk.kms_key_self_link", "machine")],
    },
    billing: billing.machine,
  },
  google_compute_network: {
    ...NETWORKS,
    plan: ["compute.networks.get"],
    holdsData: false,
    billing: FREE,
  },
  google_compute_region_disk: {
    ...DISKS,
    holdsData: {
      what: "all that is on it",
      guards: [],
      kept: keptSnapshot,
      encryption: [key("disk_encryption_key.kms_key_name", "disk")],
    },
    billing: billing.disk(2),
  },
  google_compute_region_commitment: {
    api: "compute",
    plan: ["compute.commitments.get"],
    // No predefined role buys commitments and does nothing else.
    apply: ["compute.commitments.create", "compute.commitments.get", "compute.regionOperations.get"],
    holdsData: {
      what: "a purchase: Google cancels none, and what replaces it is bought beside it",
      guards: [],
      kept: "the commitment, paid to its end",
      encryption: "it holds nothing but its terms",
    },
    billing: {
      notCounted:
        "the commitment, which is paid whether used or not, and what it takes off the price of machines",
    },
  },
  google_compute_region_network_endpoint_group: {
    ...LOAD_BALANCERS,
    plan: ["compute.networkEndpointGroups.get"],
    holdsData: false,
    billing: FREE,
  },
  google_compute_router: { ...NETWORKS, plan: ["compute.routers.get"], holdsData: false, billing: FREE },
  google_compute_router_nat: {
    ...NETWORKS,
    plan: ["compute.routers.get"],
    holdsData: false,
    billing: billing.nat,
  },
  google_compute_security_policy: {
    ...NETWORK_SECURITY,
    plan: ["compute.securityPolicies.get"],
    holdsData: false,
    billing: billing.armorPolicy,
  },
  google_compute_ssl_policy: {
    ...NETWORK_SECURITY,
    plan: ["compute.sslPolicies.get"],
    holdsData: false,
    tls: [
      { path: "min_tls_version", is: ["TLS_1_2", "TLS_1_3"], write: 'set it to "TLS_1_2"' },
      {
        path: "profile",
        is: ["MODERN", "RESTRICTED"],
        write: 'set it to "MODERN": COMPATIBLE still has broken ciphers',
      },
    ],
    billing: FREE,
  },
  google_compute_subnetwork: {
    ...NETWORKS,
    plan: ["compute.subnetworks.get"],
    holdsData: false,
    billing: { notCounted: "flow logs, by volume" },
  },
  google_container_analysis_note: {
    ...NOTES,
    plan: ["containeranalysis.notes.get"],
    holdsData: {
      what: "attestations of images, without which those start no more",
      guards: [],
      encryption: "attestations are statements for whoever checks them",
    },
    billing: FREE,
  },
  google_container_analysis_note_iam_member: {
    ...NOTES,
    plan: ["containeranalysis.notes.getIamPolicy"],
    // Nothing less may change who has roles on a note.
    apply: "roles/containeranalysis.admin",
    holdsData: false,
    billing: FREE,
  },
  google_compute_target_http_proxy: {
    ...LOAD_BALANCERS,
    plan: ["compute.targetHttpProxies.get"],
    holdsData: false,
    billing: FREE,
  },
  google_compute_target_https_proxy: {
    ...LOAD_BALANCERS,
    plan: ["compute.targetHttpsProxies.get"],
    holdsData: false,
    tls: [
      {
        path: "ssl_policy",
        is: given,
        write: "name a google_compute_ssl_policy: without one it speaks TLS 1.0",
      },
    ],
    billing: FREE,
  },
  google_compute_url_map: {
    ...LOAD_BALANCERS,
    plan: ["compute.urlMaps.get"],
    holdsData: false,
    billing: FREE,
  },
  google_container_cluster: {
    ...CLUSTERS,
    plan: ["container.clusters.get", "container.operations.get"],
    holdsData: {
      what: "every object in it, and the volumes that are claimed there",
      guards: [setTo("deletion_protection", true)],
      encryption: [key("database_encryption.key_name", "cluster")],
    },
    billing: billing.cluster,
  },
  google_container_node_pool: {
    ...CLUSTERS,
    plan: ["compute.instanceGroupManagers.get", "container.clusters.get"],
    // What is on a node's disk goes with every upgrade.
    holdsData: false,
    billing: billing.nodePool,
  },
  google_dns_managed_zone: {
    ...DNS,
    plan: ["dns.managedZones.get"],
    holdsData: {
      what: "its records, and the name servers that its parent knows",
      guards: [leftOut("force_destroy")],
      encryption: "what it holds is there to be asked for",
    },
    billing: billing.zone,
  },
  google_dns_record_set: {
    ...DNS,
    plan: ["dns.managedZones.get", "dns.resourceRecordSets.get", "dns.resourceRecordSets.list"],
    // Made again by the next apply.
    holdsData: false,
    billing: FREE,
  },
  google_filestore_instance: {
    api: "file",
    plan: ["file.instances.get"],
    apply: "roles/file.editor",
    holdsData: {
      what: "the files of its shares",
      guards: [setTo("deletion_protection_enabled", true)],
      encryption: [key("kms_key_name", "instance")],
    },
    billing: billing.filestore,
  },
  google_firestore_database: {
    api: "firestore",
    plan: ["datastore.databases.getMetadata"],
    apply: "roles/datastore.owner",
    holdsData: {
      what: "its documents",
      guards: [
        setTo("delete_protection_state", "DELETE_PROTECTION_ENABLED"),
        { path: "deletion_policy", is: (value) => value !== "DELETE", write: 'set it to "ABANDON"' },
      ],
      encryption: [key("cmek_config.kms_key_name", "database")],
    },
    billing: { notCounted: "documents, and each time that one is read or written" },
  },
  google_iam_workload_identity_pool: {
    ...FEDERATION,
    plan: ["iam.workloadIdentityPools.get"],
    holdsData: false,
    billing: FREE,
  },
  google_iam_workload_identity_pool_provider: {
    ...FEDERATION,
    plan: ["iam.workloadIdentityPoolProviders.get"],
    holdsData: false,
    billing: FREE,
  },
  google_iap_web_backend_service_iam_member: { ...IAP_ACCESS, holdsData: false, billing: FREE },
  google_iap_web_cloud_run_service_iam_member: { ...IAP_ACCESS, holdsData: false, billing: FREE },
  google_kms_crypto_key: {
    ...KEYS,
    plan: ["cloudkms.cryptoKeyVersions.get", "cloudkms.cryptoKeyVersions.list", "cloudkms.cryptoKeys.get"],
    holdsData: {
      what: "all that is encrypted with it",
      guards: [],
      kept: "versions, 30 days after they are destroyed",
      encryption: "it is the key",
    },
    billing: billing.key,
  },
  google_kms_crypto_key_iam_member: {
    ...KEYS,
    plan: ["cloudkms.cryptoKeys.getIamPolicy"],
    holdsData: false,
    billing: FREE,
  },
  google_kms_key_ring: {
    ...KEYS,
    plan: ["cloudkms.keyRings.get"],
    holdsData: {
      what: "its keys, and what is encrypted with them",
      guards: [],
      kept: "the ring: Google deletes none, and its name stays taken",
      encryption: "it holds keys alone",
    },
    billing: FREE,
  },
  google_logging_metric: {
    api: "logging",
    plan: ["logging.logMetrics.get"],
    apply: "roles/logging.configWriter",
    holdsData: false,
    billing: billing.logMetric,
  },
  google_logging_project_sink: {
    api: "logging",
    plan: ["logging.sinks.get"],
    apply: "roles/logging.configWriter",
    holdsData: false,
    billing: { notCounted: "what the destination keeps" },
  },
  google_memorystore_instance: {
    api: "memorystore",
    plan: ["memorystore.instances.get"],
    apply: "roles/memorystore.admin",
    holdsData: {
      what: "all that is kept in it",
      guards: [setTo("deletion_protection_enabled", true)],
      encryption: [key("kms_key", "instance")],
    },
    tls: MEMORYSTORE_TLS,
    billing: billing.unpriced("a Memorystore instance"),
  },
  google_monitoring_alert_policy: {
    ...MONITORING,
    plan: ["monitoring.alertPolicies.get"],
    holdsData: false,
    billing: billing.alertPolicy,
  },
  google_monitoring_custom_service: {
    ...MONITORING,
    plan: ["monitoring.services.get"],
    holdsData: false,
    billing: FREE,
  },
  google_monitoring_dashboard: {
    ...MONITORING,
    plan: ["monitoring.dashboards.get"],
    holdsData: false,
    billing: FREE,
  },
  google_monitoring_notification_channel: {
    ...MONITORING,
    plan: ["monitoring.notificationChannels.get"],
    holdsData: false,
    billing: FREE,
  },
  google_monitoring_slo: {
    ...MONITORING,
    plan: ["monitoring.slos.get"],
    holdsData: false,
    billing: FREE,
  },
  google_monitoring_uptime_check_config: {
    ...MONITORING,
    plan: ["monitoring.uptimeCheckConfigs.get"],
    holdsData: false,
    billing: billing.uptimeCheck,
  },
  google_project: {
    // Comes before every API of the project.
    api: false,
    plan: ["resourcemanager.projects.get"],
    // Granted on the folder or organization, and on the billing account.
    apply: [],
    holdsData: {
      what: "everything in it",
      guards: [setTo("deletion_policy", "PREVENT")],
      kept: "everything, for 30 days",
      encryption: "what is in it has keys of its own",
    },
    billing: FREE,
  },
  google_project_iam_audit_config: {
    ...PROJECT_IAM,
    holdsData: false,
    billing: { notCounted: "data access logs, by volume" },
  },
  google_project_iam_binding: { ...PROJECT_IAM, holdsData: false, billing: FREE },
  google_project_iam_custom_role: {
    api: "iam",
    plan: ["iam.roles.get"],
    apply: "roles/iam.roleAdmin",
    holdsData: false,
    billing: FREE,
  },
  google_project_iam_member: { ...PROJECT_IAM, holdsData: false, billing: FREE },
  google_project_service: {
    ...SERVICE_USAGE,
    // Comes before every API.
    api: false,
    plan: ["serviceusage.services.get", "serviceusage.services.list"],
    holdsData: false,
    billing: FREE,
  },
  google_project_service_identity: {
    ...SERVICE_USAGE,
    plan: ["serviceusage.services.get"],
    holdsData: false,
    billing: FREE,
  },
  google_pubsub_schema: { ...PUBSUB, plan: ["pubsub.schemas.get"], holdsData: false, billing: FREE },
  google_pubsub_subscription: {
    ...PUBSUB,
    plan: ["pubsub.subscriptions.get"],
    // Messages are on their way.
    holdsData: false,
    billing: {
      notCounted: `messages: ${per(MESSAGES)} delivered from the first 10 GiB on, ${per(MESSAGES_KEPT)} kept longer than a day`,
    },
  },
  google_pubsub_subscription_iam_member: {
    ...PUBSUB,
    plan: ["pubsub.subscriptions.getIamPolicy"],
    holdsData: false,
    billing: FREE,
  },
  google_pubsub_topic: {
    ...PUBSUB,
    plan: ["pubsub.topics.get"],
    holdsData: false,
    billing: {
      notCounted: `messages: ${per(MESSAGES)} published from the first 10 GiB on, ${per(MESSAGES_KEPT)} that the topic keeps`,
    },
  },
  google_pubsub_topic_iam_member: {
    ...PUBSUB,
    plan: ["pubsub.topics.getIamPolicy"],
    holdsData: false,
    billing: FREE,
  },
  google_redis_instance: {
    api: "redis",
    plan: ["redis.instances.get"],
    apply: "roles/redis.admin",
    holdsData: {
      what: "all that is kept in it",
      guards: [],
      encryption: [key("customer_managed_key", "instance")],
    },
    tls: MEMORYSTORE_TLS,
    billing: billing.redis,
  },
  google_secret_manager_secret: {
    ...SECRETS,
    plan: ["secretmanager.secrets.get"],
    holdsData: {
      what: "its versions",
      guards: [setTo("deletion_protection", true)],
      kept: ({ args }) => {
        const days = daysOf(Number.parseInt(String(args["version_destroy_ttl"] ?? 0), 10));
        return days ? `versions, ${days} days after they are destroyed` : "nothing";
      },
      encryption: [
        {
          path: "replication",
          is: isReplicatedWithKeys,
          write: "give each replica customer_managed_encryption with a KMS key of its region",
        },
      ],
    },
    billing: billing.secret,
  },
  google_secret_manager_secret_iam_member: {
    ...SECRETS,
    plan: ["secretmanager.secrets.getIamPolicy"],
    holdsData: false,
    billing: FREE,
  },
  google_secret_manager_secret_version: {
    ...SECRETS,
    // Its value is written and never read: the provider asks for it only where secret_data is set.
    plan: ["secretmanager.versions.get"],
    holdsData: {
      what: "a secret's value",
      guards: [],
      kept: "the value, as long as its secret says",
      encryption: "a version has its secret's keys",
      mayEnd: "a rotation replaces it by another",
    },
    // Counted with its secret.
    billing: FREE,
  },
  google_service_account: { ...SERVICE_ACCOUNTS, holdsData: false, billing: FREE },
  google_service_account_iam_member: { ...SERVICE_ACCOUNTS, holdsData: false, billing: FREE },
  google_service_networking_connection: {
    api: "servicenetworking",
    plan: ["compute.networks.get", "servicenetworking.services.get"],
    apply: "roles/servicenetworking.networksAdmin",
    holdsData: false,
    billing: FREE,
  },
  google_spanner_database: {
    ...SPANNER,
    plan: ["spanner.databases.get", "spanner.databases.getDdl"],
    holdsData: {
      what: "its tables",
      guards: [setTo("deletion_protection", true), setTo("enable_drop_protection", true)],
      kept: "backups, until they expire",
      encryption: [key("encryption_config.kms_key_name", "instance")],
    },
    // Counted with its instance.
    billing: FREE,
  },
  google_spanner_instance: {
    ...SPANNER,
    plan: ["spanner.instances.get"],
    holdsData: {
      what: "its databases",
      guards: [leftOut("force_destroy")],
      encryption: "its databases have keys of their own",
    },
    billing: billing.unpriced("a Spanner instance"),
  },
  google_sql_database: {
    ...SQL,
    plan: ["cloudsql.databases.get", "cloudsql.instances.get"],
    holdsData: {
      what: "its tables",
      guards: [setTo("deletion_policy", "ABANDON")],
      encryption: "a database has its instance's key",
    },
    billing: FREE,
  },
  google_sql_database_instance: {
    ...SQL,
    plan: ["cloudsql.instances.get", "cloudsql.users.list"],
    holdsData: {
      what: "its databases",
      // The first is Terraform's, the second the API's.
      guards: [setTo("deletion_protection", true), setTo("settings.deletion_protection_enabled", true)],
      kept: keptBackups,
      encryption: [
        {
          ...key("encryption_key_name", "instance"),
          // In the primary's region a replica has the primary's key, and takes no other.
          where: (block, all) => {
            const primary = primaryOf(block, all);
            return !primary || primary.args["region"] !== block.args["region"];
          },
        },
      ],
    },
    tls: [
      {
        path: "settings.ip_configuration.ssl_mode",
        is: ["TRUSTED_CLIENT_CERTIFICATE_REQUIRED", "ENCRYPTED_ONLY"],
        write:
          'set it to "TRUSTED_CLIENT_CERTIFICATE_REQUIRED", or "ENCRYPTED_ONLY" for clients without the Auth Proxy',
      },
    ],
    billing: billing.databaseInstance,
  },
  google_sql_user: {
    ...SQL,
    plan: ["cloudsql.instances.get", "cloudsql.users.get", "cloudsql.users.list"],
    // PostgreSQL refuses to drop a user who owns something.
    holdsData: false,
    billing: FREE,
  },
  google_storage_bucket: {
    ...BUCKETS,
    holdsData: {
      what: "its objects",
      guards: [leftOut("force_destroy")],
      kept: ({ args }) => {
        const seconds = (...path: string[]) => Number(argument(args, ...path) ?? 0);
        // Retained, or deleted and still to be restored, the bucket with them.
        const days = daysOf(
          Math.max(
            seconds("retention_policy", "retention_period"),
            seconds("soft_delete_policy", "retention_duration_seconds"),
          ),
        );
        return days ? `objects, for ${days} days` : "nothing";
      },
      encryption: [
        {
          ...key("encryption.default_kms_key_name", "bucket"),
          // What has to be kept for a time must not depend on a key that somebody may destroy before, and what everybody may
          // read is no secret.
          where: ({ args }) => argument(args, "retention_policy") === undefined && !saysPublic(args),
        },
      ],
    },
    billing: billing.bucket,
  },
  google_storage_bucket_iam_binding: { ...BUCKETS, holdsData: false, billing: FREE },
  google_storage_bucket_iam_member: { ...BUCKETS, holdsData: false, billing: FREE },
  google_storage_bucket_object: {
    ...IN_A_BUCKET,
    // Made of files of the checkout, and made again.
    holdsData: false,
    // Counted with its bucket.
    billing: FREE,
  },
  google_storage_managed_folder: {
    ...IN_A_BUCKET,
    holdsData: {
      what: "its objects",
      guards: [leftOut("force_destroy")],
      encryption: "objects have their bucket's key",
      mayEnd:
        "without force_destroy the API refuses it while there is an object, and with it the objects stay",
    },
    billing: FREE,
  },
  google_storage_managed_folder_iam_member: { ...IN_A_BUCKET, holdsData: false, billing: FREE },
} satisfies Readonly<Record<`google_${string}`, ResourceType & GoogleAccess>>;

/** Data source types of google and google-beta, by name. */
export const GOOGLE_DATA = {
  google_artifact_registry_docker_image: {
    ...REGISTRIES,
    plan: [
      "artifactregistry.dockerimages.get",
      "artifactregistry.dockerimages.list",
      "artifactregistry.repositories.get",
      "artifactregistry.tags.list",
    ],
    reads: "names and digests",
  },
  google_bigquery_default_service_account: {
    api: "bigquery",
    plan: ["resourcemanager.projects.get"],
    apply: "roles/browser",
    reads: "an address",
  },
  google_dns_keys: {
    ...DNS,
    plan: ["dns.dnsKeys.get", "dns.dnsKeys.list", "dns.managedZones.get"],
    reads: "public keys, and their digests",
  },
  // Puts its own arguments together.
  google_iam_policy: { api: false, plan: [], apply: [], reads: "roles and members" },
  google_kms_crypto_key_version: {
    ...KEYS,
    plan: ["cloudkms.cryptoKeyVersions.get", "cloudkms.cryptoKeyVersions.viewPublicKey"],
    apply: "roles/cloudkms.publicKeyViewer",
    reads: "a public key, and the state of its version",
  },
  google_monitoring_notification_channel: {
    ...MONITORING,
    plan: ["monitoring.notificationChannels.list"],
    reads: "names and addresses; the API obfuscates its sensitive labels",
  },
  google_project: {
    api: "cloudresourcemanager",
    plan: ["resourcemanager.projects.get"],
    apply: "roles/browser",
    reads: "name and number",
  },
  google_storage_project_service_account: {
    api: "storage",
    plan: ["resourcemanager.projects.get"],
    apply: "roles/browser",
    reads: "an address",
  },
} satisfies Readonly<Record<`google_${string}`, DataSourceType & GoogleAccess>>;

function daysOf(seconds: number): number {
  return Math.round(seconds / 86_400);
}

function keptSnapshot({ args }: Block): string {
  return args["create_snapshot_before_destroy"] === true ? "a snapshot" : "nothing";
}

function keptBackups({ args }: Block): string {
  if (args["master_instance_name"] !== undefined) return "all of it, by its primary";
  const backup = (...path: string[]) => argument(args, "settings", "backup_configuration", ...path);
  if (backup("enabled") !== true) return "nothing: no backups";
  const days = backup("transaction_log_retention_days");
  return [
    `${backup("backup_retention_settings", "retained_backups") ?? 7} daily backups`,
    backup("point_in_time_recovery_enabled") === true
      ? `any point in time of ${days ?? 7} days`
      : "no point-in-time recovery",
    ...(argument(args, "settings", "retain_backups_on_delete") === true
      ? ["backups outlive the instance"]
      : []),
  ].join(", ");
}

/** Whether each place that keeps a secret encrypts it with a key of our own. */
function isReplicatedWithKeys(replication: unknown): boolean {
  const replicas = argument(replication, "user_managed", "replicas") ?? argument(replication, "auto") ?? [];
  const copies = Array.isArray(replicas) ? replicas : [replicas];
  const isEncrypted = (copy: unknown) => given(argument(copy, "customer_managed_encryption", "kms_key_name"));
  return copies.length > 0 && copies.every(isEncrypted);
}
