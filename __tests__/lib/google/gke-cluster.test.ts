import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { GoogleBetaProvider } from "@cdktf/provider-google-beta/lib/provider";
import type { Stack } from "../../../lib/core/stack";
import { GkeCluster, type GkeClusterProps } from "../../../lib/google/gke-cluster";
import { Networking } from "../../../lib/google/networking";
import { DataResource } from "../../support/data-resource";
import { type Synthesized, synthesize } from "../../support/synth";

type Changes = Partial<GkeClusterProps>;

const POOL = { machineType: "e2-standard-2", minNodes: 1, maxNodes: 3, diskSizeGb: 50 };

/** A cluster of some shop: nothing in the construct may depend on whose it is. */
function cluster(stack: Stack, changes: Changes = {}): GkeCluster {
  new GoogleProvider(stack, "google");
  const network = new Networking(stack, "network", {
    projectId: "shop-test",
    region: "europe-west1",
    name: "shop",
    subnets: {
      nodes: { cidr: "10.0.0.0/20", secondaryRanges: { pods: "10.4.0.0/14", services: "10.8.0.0/20" } },
      plain: { cidr: "10.1.0.0/24" },
      far: {
        cidr: "10.2.0.0/24",
        region: "us-east1",
        secondaryRanges: { p: "10.16.0.0/24", s: "10.17.0.0/24" },
      },
    },
  });
  return new GkeCluster(stack, "cluster", {
    projectId: "shop-test",
    region: "europe-west1",
    name: "shop",
    network,
    subnet: "nodes",
    podsRange: "pods",
    servicesRange: "services",
    nodePools: { default: POOL },
    releaseChannel: "REGULAR",
    deletionProtection: false,
    ...changes,
  });
}

const synth = (changes: Changes = {}) => synthesize((stack) => void cluster(stack, changes));
const argumentsOf = (stack: Synthesized) => stack.resource("google_container_cluster", "cluster");

describe("GkeCluster", () => {
  describe("unless its props say otherwise", () => {
    const args = argumentsOf(synth({ labels: { environment: "test" } }));

    test("is reached by its DNS endpoint alone, and its nodes have no public address", () => {
      expect(args).toMatchObject({
        control_plane_endpoints_config: {
          dns_endpoint_config: { allow_external_traffic: true },
          ip_endpoints_config: { enabled: false },
        },
        private_cluster_config: { enable_private_nodes: true, enable_private_endpoint: true },
      });
    });

    test("lets in whom Google's IAM and its own RBAC name, and nobody by certificate or unnamed", () => {
      expect(args).toMatchObject({
        workload_identity_config: { workload_pool: "shop-test.svc.id.goog" },
        master_auth: { client_certificate_config: { issue_client_certificate: false } },
        anonymous_authentication_config: { mode: "LIMITED" },
        rbac_binding_config: {
          enable_insecure_binding_system_authenticated: false,
          enable_insecure_binding_system_unauthenticated: false,
        },
        enable_legacy_abac: false,
      });
    });

    test("has Dataplane V2, which enforces and sees policies between pods of one node too", () => {
      expect(args).toMatchObject({
        datapath_provider: "ADVANCED_DATAPATH",
        network_policy: { enabled: false },
        enable_intranode_visibility: true,
        service_external_ips_config: { enabled: false },
      });
    });

    test("runs images that Binary Authorization admits, looks at what runs and logs what it does", () => {
      expect(args).toMatchObject({
        binary_authorization: { evaluation_mode: "PROJECT_SINGLETON_POLICY_ENFORCE" },
        security_posture_config: { mode: "BASIC" },
        logging_config: { enable_components: ["SYSTEM_COMPONENTS", "WORKLOADS"] },
      });
    });

    test("has no nodes but those of its pools, hardened while the first ones live, once they may do a node's work", () => {
      expect(args).toMatchObject({
        remove_default_node_pool: true,
        node_config: {
          service_account: "${google_service_account.cluster_node_account.email}",
          oauth_scopes: ["https://www.googleapis.com/auth/cloud-platform"],
          workload_metadata_config: { mode: "GKE_METADATA" },
          metadata: { "disable-legacy-endpoints": "true" },
          shielded_instance_config: { enable_secure_boot: true, enable_integrity_monitoring: true },
        },
        node_pool_defaults: { node_config_defaults: { insecure_kubelet_readonly_port_enabled: "FALSE" } },
        enable_shielded_nodes: true,
        depends_on: ["google_project_iam_member.cluster_node_role"],
      });
    });

    test("says whose it is, follows its channel and may be destroyed; GKE's answer of its first nodes is no change", () => {
      expect(args).toMatchObject({
        resource_labels: { environment: "test" },
        release_channel: { channel: "REGULAR" },
        deletion_protection: false,
        lifecycle: {
          prevent_destroy: false,
          ignore_changes: ["node_config", "database_encryption[0].state"],
        },
      });
    });
  });

  test("the nodes' service account has the roles of a node and no more", () => {
    const stack = synth();
    expect(stack.resource("google_service_account", "cluster_node_account")).toMatchObject({
      project: "shop-test",
      account_id: "shop-nodes",
    });
    expect(stack.resources("google_project_iam_member")).toMatchObject({
      cluster_node_role: {
        project: "shop-test",
        role: "roles/container.defaultNodeServiceAccount",
        member: "${google_service_account.cluster_node_account.member}",
      },
    });
    expect(Object.keys(stack.resources("google_project_iam_member"))).toHaveLength(1);
  });

  test("deletion protection guards in the provider and in Terraform", () => {
    expect(argumentsOf(synth({ deletionProtection: true }))).toMatchObject({
      deletion_protection: true,
      lifecycle: { prevent_destroy: true },
    });
  });

  test("authorized networks open the IP endpoint, to them alone", () => {
    expect(
      argumentsOf(
        synth({ controlPlane: { dnsEndpoint: false, authorizedNetworks: { office: "203.0.113.7/32" } } }),
      ),
    ).toMatchObject({
      control_plane_endpoints_config: {
        dns_endpoint_config: { allow_external_traffic: false },
        ip_endpoints_config: { enabled: true },
      },
      private_cluster_config: { enable_private_nodes: true, enable_private_endpoint: false },
      master_authorized_networks_config: {
        cidr_blocks: [{ display_name: "office", cidr_block: "203.0.113.7/32" }],
        gcp_public_cidrs_access_enabled: false,
      },
    });
  });

  test("everything optional can be set", () => {
    const args = argumentsOf(
      synth({
        kubernetesVersion: "1.33",
        maintenanceWindow: {
          start: "2024-01-01T02:00:00Z",
          end: "2024-01-01T09:00:00Z",
          recurrence: "FREQ=WEEKLY;BYDAY=SA,SU",
        },
        privateNodes: false,
        binaryAuthorization: false,
        intranodeVisibility: false,
        logs: ["SYSTEM_COMPONENTS"],
        metrics: ["SYSTEM_COMPONENTS", "APISERVER"],
        backupAgent: true,
        filestore: true,
        releaseChannel: "STABLE",
      }),
    );
    expect(args).toMatchObject({
      min_master_version: "1.33",
      maintenance_policy: {
        recurring_window: {
          start_time: "2024-01-01T02:00:00Z",
          end_time: "2024-01-01T09:00:00Z",
          recurrence: "FREQ=WEEKLY;BYDAY=SA,SU",
        },
      },
      private_cluster_config: { enable_private_nodes: false },
      binary_authorization: { evaluation_mode: "DISABLED" },
      enable_intranode_visibility: false,
      logging_config: { enable_components: ["SYSTEM_COMPONENTS"] },
      monitoring_config: { enable_components: ["SYSTEM_COMPONENTS", "APISERVER"] },
      addons_config: {
        gcp_filestore_csi_driver_config: { enabled: true },
        gke_backup_agent_config: { enabled: true },
      },
      release_channel: { channel: "STABLE" },
    });
  });

  test("secrets are encrypted with a given key, once its grants are there", () => {
    const stack = synthesize((stack) => {
      const grant = new DataResource(stack, "grant");
      cluster(stack, { databaseEncryptionKey: { id: "projects/p/…/cryptoKeys/gke", grants: [grant] } });
    });
    expect(argumentsOf(stack)).toMatchObject({
      database_encryption: { state: "ENCRYPTED", key_name: "projects/p/…/cryptoKeys/gke" },
      depends_on: ["google_project_iam_member.cluster_node_role", "terraform_data.grant"],
    });
  });

  test("outputs", () => {
    const { outputs } = synthesize((stack) => {
      const { node: _, props: __, ...fields } = cluster(stack);
      for (const [name, value] of Object.entries(fields)) stack.output(name, { value });
    });
    const reference = (value: string) => ({ value: `\${google_container_cluster.cluster.${value}}` });
    expect(outputs).toEqual({
      clusterName: reference("name"),
      location: reference("location"),
      endpoint: reference("endpoint"),
      caCertificate: reference("master_auth[0].cluster_ca_certificate"),
      dnsEndpoint: reference("control_plane_endpoints_config[0].dns_endpoint_config[0].endpoint"),
      workloadPool: reference("workload_identity_config[0].workload_pool"),
      nodeServiceAccountEmail: { value: "${google_service_account.cluster_node_account.email}" },
      nodeServiceAccountMember: { value: "${google_service_account.cluster_node_account.member}" },
    });
  });

  describe("node pools", () => {
    test("a pool autoscales between totals, upgrades and repairs itself, and says which it is", () => {
      const stack = synth({ labels: { environment: "test" } });
      expect(stack.resource("google_container_node_pool", "cluster_default")).toMatchObject({
        autoscaling: { total_min_node_count: 1, total_max_node_count: 3 },
        management: { auto_repair: true, auto_upgrade: true },
        upgrade_settings: { strategy: "SURGE", max_surge: 1, max_unavailable: 0 },
        node_config: {
          shielded_instance_config: { enable_secure_boot: true },
          labels: { pool: "default" },
          resource_labels: { environment: "test" },
        },
        lifecycle: { ignore_changes: ["initial_node_count"] },
      });
    });

    test("a pool's own settings", () => {
      const pool = synth({
        nodePools: {
          default: POOL,
          batch: {
            ...POOL,
            minNodes: 0,
            diskType: "pd-balanced",
            imageType: "UBUNTU_CONTAINERD",
            labels: { tier: "batch" },
            taints: [{ key: "batch", value: "true", effect: "NO_SCHEDULE" }],
            tags: ["batch"],
            nodeLocations: ["europe-west1-b"],
            spot: true,
            upgrade: { maxSurge: 0, maxUnavailable: 2 },
          },
        },
      }).resource("google_container_node_pool", "cluster_batch");
      expect(pool).toMatchObject({
        name: "batch-pool",
        node_locations: ["europe-west1-b"],
        autoscaling: { total_min_node_count: 0, total_max_node_count: 3, location_policy: "ANY" },
        upgrade_settings: { max_surge: 0, max_unavailable: 2 },
        node_config: {
          disk_type: "pd-balanced",
          image_type: "UBUNTU_CONTAINERD",
          spot: true,
          labels: { pool: "batch", tier: "batch" },
          taint: [{ key: "batch", value: "true", effect: "NO_SCHEDULE" }],
          tags: ["batch"],
        },
      });
    });

    test("a pool's GPUs come with a driver, whatever the pool's provider", () => {
      const stack = synthesize((stack) => {
        const googleBeta = new GoogleBetaProvider(stack, "google-beta");
        const gpus = { type: "nvidia-l4", count: 1 };
        cluster(stack, {
          googleBeta,
          nodePools: {
            default: POOL,
            models: { ...POOL, machineType: "g2-standard-8", gpus: { ...gpus, driver: "LATEST" } },
            sandbox: { ...POOL, machineType: "g2-standard-4", gpus, sandbox: "gvisor" },
          },
        });
      });
      const gpusOf = (id: string) =>
        stack.resource("google_container_node_pool", id)["node_config"].guest_accelerator;
      const gpu = { type: "nvidia-l4", count: 1 };
      expect(gpusOf("cluster_default")).toBeUndefined();
      expect(gpusOf("cluster_models")).toEqual([
        { ...gpu, gpu_driver_installation_config: { gpu_driver_version: "LATEST" } },
      ]);
      expect(gpusOf("cluster_sandbox")).toEqual([
        { ...gpu, gpu_driver_installation_config: { gpu_driver_version: "DEFAULT" } },
      ]);
    });

    test("the place where spot nodes come from can be set", () => {
      const pool = synth({
        nodePools: { default: { ...POOL, spot: true, locationPolicy: "BALANCED" } },
      }).resource("google_container_node_pool", "cluster_default");
      expect(pool["autoscaling"].location_policy).toBe("BALANCED");
    });

    test("a gVisor pool is google-beta's, and leaves taint and label to GKE", () => {
      const stack = synthesize((stack) => {
        const googleBeta = new GoogleBetaProvider(stack, "google-beta");
        cluster(stack, { googleBeta, nodePools: { default: POOL, sandbox: { ...POOL, sandbox: "gvisor" } } });
      });
      expect(Object.keys(stack.resources("google_container_node_pool")).sort()).toEqual([
        "cluster_default",
        "cluster_sandbox",
      ]);
      const plain = stack.resource("google_container_node_pool", "cluster_default");
      const sandbox = stack.resource("google_container_node_pool", "cluster_sandbox");
      expect(plain["provider"]).toBeUndefined();
      expect(sandbox).toEqual({
        ...plain,
        provider: "google-beta",
        name: "sandbox-pool",
        node_config: {
          ...plain["node_config"],
          labels: { pool: "sandbox" },
          sandbox_config: { sandbox_type: "gvisor" },
        },
      });
      expect(sandbox["node_config"].taint).toBeUndefined();
    });

    test.each([
      ["a node in each zone", { minNodes: 3, maxNodes: 10 }, 1],
      ["enough for the minimum", { minNodes: 4, maxNodes: 20 }, 2],
      ["not more than the maximum", { minNodes: 4, maxNodes: 5 }, 1],
      ["none where one in each zone were too many", { minNodes: 1, maxNodes: 2 }, 0],
      ["none where none are asked for", { minNodes: 0, maxNodes: 9 }, 0],
      ["all in one zone", { minNodes: 4, maxNodes: 5, nodeLocations: ["europe-west1-b"] }, 4],
    ])("the pool starts with %s", (_, bounds, perZone) => {
      const nodePools = { default: POOL, other: { ...POOL, ...bounds } };
      expect(
        synth({ nodePools }).resource("google_container_node_pool", "cluster_other")["initial_node_count"],
      ).toBe(perZone);
    });
  });
});
