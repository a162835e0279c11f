import { given } from "../../../lib/core/resource-types";
import { argument } from "../../../lib/core/terraform-json";
import { atLeast, lacking, type Required, requires } from "./required";
import { at, list, type Rule, resources, rule } from "./rule";

const CLUSTER = "google_container_cluster";
const POOL = "google_container_node_pool";
const POLICY = "google_binary_authorization_policy";

const KNOWN_ORIGIN: readonly Required[] = [
  {
    type: CLUSTER,
    path: "binary_authorization.evaluation_mode",
    is: "PROJECT_SINGLETON_POLICY_ENFORCE",
    write: 'set it to "PROJECT_SINGLETON_POLICY_ENFORCE"',
  },
  {
    type: POLICY,
    path: "default_admission_rule.evaluation_mode",
    is: ["ALWAYS_DENY", "REQUIRE_ATTESTATION"],
    write: 'set it to "ALWAYS_DENY", and name places in admission_whitelist_patterns',
  },
  {
    type: POLICY,
    path: "default_admission_rule.enforcement_mode",
    is: "ENFORCED_BLOCK_AND_AUDIT_LOG",
    write: 'set it to "ENFORCED_BLOCK_AND_AUDIT_LOG"',
  },
];

export const CLUSTER_RULES: readonly Rule[] = [
  requires("pods-are-not-nodes", {
    title: "Pods act as themselves, and nodes as an account with the rights of a node",
    why: "Without it a pod takes the node's token from the metadata server, and the default account is an editor of the project.",
    all: [
      {
        type: CLUSTER,
        path: "workload_identity_config.workload_pool",
        is: given,
        write: 'set it to "<project>.svc.id.goog"',
      },
      {
        type: POOL,
        path: "node_config.workload_metadata_config.mode",
        is: "GKE_METADATA",
        write: 'set it to "GKE_METADATA"',
      },
      {
        type: POOL,
        path: "node_config.service_account",
        is: (value) => given(value) && value !== "default",
        write: "make a service account with roles/container.defaultNodeServiceAccount, and name it",
      },
    ],
  }),
  requires("nodes-are-shielded", {
    title: "Nodes prove what they booted, and run what Google hardened",
    why: "A changed kernel or boot loader would outlive everything that is done inside the cluster.",
    all: [
      { type: CLUSTER, path: "enable_shielded_nodes", is: true, write: "set it to true" },
      {
        type: POOL,
        path: "node_config.shielded_instance_config.enable_secure_boot",
        is: true,
        write: "set it to true",
      },
      {
        type: POOL,
        path: "node_config.shielded_instance_config.enable_integrity_monitoring",
        is: true,
        write: "set it to true",
      },
      {
        type: POOL,
        path: "management.auto_upgrade",
        is: true,
        write: "set it to true: fixes come as versions",
      },
      { type: POOL, path: "management.auto_repair", is: true, write: "set it to true" },
    ],
  }),
  requires("cluster-asks-who-you-are", {
    title: "Nobody enters a cluster without an identity",
    why: "Certificates cannot be revoked, ABAC and bindings to everybody grant by mistake, and an open kubelet port shows what runs.",
    all: [
      {
        type: CLUSTER,
        path: "master_auth.client_certificate_config.issue_client_certificate",
        is: false,
        write: "set it to false",
      },
      { type: CLUSTER, path: "enable_legacy_abac", is: false, write: "set it to false" },
      {
        type: CLUSTER,
        path: "anonymous_authentication_config.mode",
        is: "LIMITED",
        write: 'set it to "LIMITED"',
      },
      {
        type: CLUSTER,
        path: "rbac_binding_config.enable_insecure_binding_system_authenticated",
        is: false,
        write: "set it to false",
      },
      {
        type: CLUSTER,
        path: "rbac_binding_config.enable_insecure_binding_system_unauthenticated",
        is: false,
        write: "set it to false",
      },
      {
        type: CLUSTER,
        path: "node_pool_defaults.node_config_defaults.insecure_kubelet_readonly_port_enabled",
        is: "FALSE",
        write: 'set it to "FALSE"',
      },
    ],
  }),
  requires("network-policies-hold", {
    title: "Network policies are enforced",
    why: "Without Dataplane V2 (or Calico) Kubernetes stores a NetworkPolicy and does nothing with it.",
    all: [
      {
        type: CLUSTER,
        path: "datapath_provider",
        is: "ADVANCED_DATAPATH",
        write: 'set it to "ADVANCED_DATAPATH"',
      },
      {
        type: CLUSTER,
        path: "service_external_ips_config.enabled",
        is: false,
        write: "set it to false (CVE-2020-8554)",
      },
    ],
  }),
  rule("images-of-known-origin", {
    title: "A cluster runs images from named places alone",
    why: "Otherwise whoever may make a pod may run anything that any registry in the world has.",
    *find(program) {
      yield* lacking(program, KNOWN_ORIGIN);
      for (const policy of resources(program, POLICY)) {
        for (const pattern of list(policy.args["admission_whitelist_patterns"])) {
          const images = String(argument(pattern, "name_pattern"));
          const place = images.replace(/\$\{[^}]+\}/g, "x");
          if (!/^[\w.-]+(:\d+)?\/[^*]/.test(place))
            yield at(policy, `allows ${images}: name a registry and a path in it, "registry.example/shop/*"`);
        }
        // A cluster's own rule counts instead of the default one.
        if (list(policy.args["cluster_admission_rules"]).length > 0)
          yield at(policy, "has another rule for single clusters: leave cluster_admission_rules out");
      }
      for (const cluster of resources(program, CLUSTER))
        if (!cluster.json.resource?.[POLICY])
          yield at(
            cluster,
            "asks its project's policy, which allows every image unless one is declared: declare BinaryAuthorization beside it",
          );
    },
  }),
  requires("findings-are-looked-for", {
    title: "Google looks for what is wrong: in workloads, and in images of production",
    why: "A misconfiguration that nobody looks for is found by somebody else.",
    all: [
      {
        type: CLUSTER,
        path: "security_posture_config.mode",
        is: ["BASIC", "ENTERPRISE"],
        write: 'set it to "BASIC"',
      },
      {
        type: "google_artifact_registry_repository",
        path: "vulnerability_scanning_config.enablement_config",
        is: "INHERITED",
        write: 'set it to "INHERITED"',
      },
    ],
  }),
  requires("flow-logs-are-kept", {
    title: "Subnets log their flows",
    why: "After an incident it is the only record of who talked to whom.",
    all: [
      {
        type: "google_compute_subnetwork",
        path: "log_config.flow_sampling",
        is: atLeast(0.1),
        write: "set it to 0.5",
      },
    ],
  }),
];
