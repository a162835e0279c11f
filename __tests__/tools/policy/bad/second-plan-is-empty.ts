import { ArtifactRegistry } from "../../../../lib/google/artifact-registry";
import type { BadStacks } from "../../../support/bad-stacks";
import { soundRun } from "../../../support/cloud-run";

const cluster =
  (path: string, argument: string, value: unknown): BadStacks[string] =>
  (bad) => {
    bad.cluster();
    bad.override(path, argument, value);
  };

export default {
  "a state of encryption that is compared": cluster(
    "cluster/Resource",
    "lifecycle.ignore_changes",
    undefined,
  ),
  "a subsetting that GKE may have turned on": cluster(
    "cluster/Resource",
    "enable_l4_ilb_subsetting",
    undefined,
  ),
  "a pool's number of nodes that is compared": cluster(
    "cluster/default",
    "lifecycle.ignore_changes",
    undefined,
  ),
  "a kubelet that stops to enforce CPU limits": cluster("cluster/default", "node_config.kubelet_config", {
    cpu_manager_policy: "static",
  }),
  "an OAuth client of IAP's that is compared": (bad) =>
    bad.raw("google_compute_backend_service", {
      load_balancing_scheme: "EXTERNAL_MANAGED",
      security_policy: "guarded",
      iap: { enabled: true },
    }),
  "a registry that says it is mutable": (bad) => {
    new ArtifactRegistry(bad.stack, "registry", {
      projectId: bad.projectId,
      region: "us-central1",
      name: "shop",
      deletionProtection: false,
      labels: bad.labels,
    });
    bad.override("registry/Resource", "docker_config", { immutable_tags: false });
  },
  "a pool of connections that is off": (bad) => {
    bad.database();
    bad.override("sql/Resource", "settings.connection_pool_config", [{ connection_pooling_enabled: false }]);
  },
  "a reminder whose time is compared": (bad) => {
    bad.database();
    bad.raw("google_secret_manager_secret", {
      secret_id: "key",
      labels: bad.labels,
      lifecycle: { prevent_destroy: true },
      replication: { auto: {} },
      rotation: { rotation_period: "7776000s", next_rotation_time: "2027-01-01T00:00:00Z" },
    });
  },
  "a client that is compared": (bad) =>
    bad.raw("google_cloud_run_v2_service", {
      ...soundRun(bad.labels),
      lifecycle: { ignore_changes: ["client_version", "scaling"] },
    }),
  "a stage that is compared": (bad) =>
    bad.raw("google_cloud_run_v2_worker_pool", { ...soundRun(bad.labels), launch_stage: "BETA" }),
  "a least number of no instances": (bad) =>
    bad.raw("google_cloud_run_v2_service", {
      ...soundRun(bad.labels),
      scaling: { min_instance_count: 0 },
      lifecycle: { ignore_changes: ["client", "client_version"] },
    }),
  "no greatest number of instances": (bad) =>
    bad.raw("google_cloud_run_v2_service", soundRun(bad.labels, {}, { scaling: undefined })),
  "a service that does not say when it has CPU": (bad) =>
    bad.raw(
      "google_cloud_run_v2_service",
      soundRun(bad.labels, { resources: { limits: { cpu: "1", memory: "512Mi" } } }),
    ),
  "a job without limits": (bad) => {
    const { template, ...job } = soundRun(bad.labels, { resources: undefined });
    bad.raw("google_cloud_run_v2_job", { ...job, template: { template } });
  },
  "a worker pool without a mode": (bad) =>
    bad.raw("google_cloud_run_v2_worker_pool", {
      ...soundRun(bad.labels),
      scaling: { manual_instance_count: 1 },
    }),
  "headers of a request that logs in": (bad) =>
    bad.raw("google_cloud_scheduler_job", {
      name: "hourly",
      http_target: {
        uri: "https://run.googleapis.com/",
        oauth_token: { service_account_email: "clock@acme-prod.iam.gserviceaccount.com" },
      },
    }),
} satisfies BadStacks;
