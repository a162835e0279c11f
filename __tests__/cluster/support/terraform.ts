import { existsSync } from "node:fs";
import type { Synthesized } from "../../support/synth";
import type { KubernetesObject } from "./cluster";

/** What the state of the stack below would answer: Plue's environments, and OctoLLM's. */
const BASE_OUTPUTS: Record<string, string> = {
  application_database: "plue",
  application_database_user: "plue-production@plue-prod.iam",
  application_service_account: "plue-production@plue-prod.iam.gserviceaccount.com",
  certificate_map_name: "plue",
  ssl_policy_name: "plue",
  security_policy_name: "plue",
  cluster_dns_endpoint: "gke-0123456789ab.us-central1.gke.goog",
  cluster_name: "octollm-prod-cluster",
  database_grants_service_account: "database-grants@plue-staging.iam.gserviceaccount.com",
  ingress_address_name: "plue-ingress",
  instance_connection_name: "octollm-prod:us-central1:octollm-prod-postgres",
  network_name: "plue-vpc",
  orchestrator_service_account: "orchestrator@octollm-prod.iam.gserviceaccount.com",
  pgbouncer_database_user: "pgbouncer@octollm-prod.iam",
  pgbouncer_service_account: "pgbouncer@octollm-prod.iam.gserviceaccount.com",
  private_ip_address: "10.3.0.3",
  project_id: "plue-staging",
  registry_repository_id: "plue",
  registry_url: "us-central1-docker.pkg.dev/octollm-prod/octollm",
  sql_admin_secret_id: "plue-staging-db-password",
  sql_admin_user: "plue",
  sql_connection_name: "plue-staging:us-central1:plue-staging",
  sql_instance_name: "plue-staging",
  sql_private_ip: "10.3.0.3",
  store_reader_service_account: "store-reader@octollm-prod.iam.gserviceaccount.com",
};

const KINDS: Record<string, [apiVersion: string, kind: string]> = {
  kubernetes_cluster_role_binding_v1: ["rbac.authorization.k8s.io/v1", "ClusterRoleBinding"],
  kubernetes_cluster_role_v1: ["rbac.authorization.k8s.io/v1", "ClusterRole"],
  kubernetes_limit_range_v1: ["v1", "LimitRange"],
  kubernetes_namespace_v1: ["v1", "Namespace"],
  kubernetes_network_policy_v1: ["networking.k8s.io/v1", "NetworkPolicy"],
  kubernetes_resource_quota_v1: ["v1", "ResourceQuota"],
  kubernetes_role_binding_v1: ["rbac.authorization.k8s.io/v1", "RoleBinding"],
  kubernetes_role_v1: ["rbac.authorization.k8s.io/v1", "Role"],
};

/** Blocks that Terraform names in the singular and Kubernetes in the plural. */
const PLURAL: Record<string, string> = { limit: "limits", rule: "rules", subject: "subjects" };

/** Arguments whose keys are data. */
const MAPS = new Set(["annotations", "hard", "labels", "match_labels", "max"]);

export interface HelmRelease {
  readonly name: string;
  readonly namespace: string;
  /** Folder of the chart. */
  readonly chart: string;
  /** In the order in which they are merged: files of the chart, and values. */
  readonly values: readonly ({ readonly file: string } | { readonly values: KubernetesObject })[];
}

/** What applying one synthesized stack would make in the cluster. */
export class AppliedStack {
  /**
   * @param image digits of the digest that the image tags resolve to
   * @param charts folders in which the stack's charts are, the first that has one
   */
  constructor(
    private readonly stack: Synthesized,
    private readonly image = "1",
    private readonly charts: readonly string[] = ["helm"],
  ) {}

  /**
   * The stack's Kubernetes objects, each after those that it refers to.
   * @param releases whether those that wait for a release, or those that wait for none
   */
  objects(releases: "before" | "after" = "before"): KubernetesObject[] {
    const resources = Object.keys(KINDS)
      .flatMap((type) =>
        Object.keys(this.stack.resources(type)).map((id) => ({ type, id, address: `${type}.${id}` })),
      )
      .filter(({ type, id }) => {
        const { depends_on: before = [] } = this.stack.resource(type, id);
        return (
          before.some((address: string) => address.startsWith("helm_release.")) === (releases === "after")
        );
      });
    const ordered: typeof resources = [];
    let waiting = resources;
    while (waiting.length > 0) {
      const missing = new Set(waiting.map(({ address }) => address));
      const ready = waiting.filter(({ type, id, address }) => {
        const text = JSON.stringify(this.stack.resource(type, id));
        return (text.match(/kubernetes_\w+\.\w+/g) ?? []).every((to) => to === address || !missing.has(to));
      });
      if (ready.length === 0) throw new Error(`a cycle among ${[...missing].join(", ")}`);
      ordered.push(...ready);
      waiting = waiting.filter((resource) => !ready.includes(resource));
    }
    return ordered.map(({ type, id }) => this.object(type, id));
  }

  release(id: string): HelmRelease {
    const release = this.stack.resource("helm_release", id);
    return {
      name: release["name"],
      namespace: this.evaluate(release["namespace"]),
      chart: this.chartPath(release["chart"]),
      values: (release["values"] as string[]).map((expression) => this.values(expression)),
    };
  }

  private values(expression: string) {
    const [, file] = /^\$\{file\("(.+)"\)\}$/.exec(expression) ?? [];
    if (file) return { file: this.chartPath(file) };
    const [, local = ""] = /^\$\{yamlencode\(local\.(\w+)\)\}$/.exec(expression) ?? [];
    const values = this.stack.json["locals"]?.[local];
    if (!values) throw new Error(`not understood: ${expression}`);
    return { values: this.evaluate(values) };
  }

  private chartPath(reference: string): string {
    const paths = this.charts.map((folder) => reference.replace("../../charts", folder));
    return paths.find((path) => existsSync(path)) ?? reference;
  }

  private object(type: string, id: string): KubernetesObject {
    const [apiVersion, kind] = KINDS[type] as [string, string];
    const { depends_on: _, lifecycle: __, ...block } = this.stack.resource(type, id);
    return { apiVersion, kind, ...(kubernetes(this.evaluate(block)) as object) };
  }

  /** Fills in what Terraform would know when it applies. */
  private evaluate<T>(value: T): T {
    if (typeof value === "string")
      return value.replace(/\$\{([^}]+)\}/g, (_, expression) => this.reference(expression)) as T;
    if (Array.isArray(value)) return value.map((item) => this.evaluate(item)) as T;
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.evaluate(item)])) as T;
  }

  private reference(expression: string): string {
    if (
      /^element\(split\("@", data\.google_artifact_registry_docker_image\.\w+\.self_link\), 1\)$/.test(
        expression,
      )
    )
      return `sha256:${this.image.repeat(64).slice(0, 64)}`;
    const [, output] = /^data\.terraform_remote_state\.base\.outputs\.(\w+)$/.exec(expression) ?? [];
    if (output && BASE_OUTPUTS[output]) return BASE_OUTPUTS[output];
    const [, variable] = /^var\.(\w+)$/.exec(expression) ?? [];
    if (variable) return this.stack.json["variable"][variable].default;
    const [, type, id, path] = /^(\w+)\.(\w+)\.(.+)$/.exec(expression) ?? [];
    if (type && id && path) {
      const found = path
        .replace("[0]", "")
        .split(".")
        .reduce((block, key) => block[key], this.stack.resource(type, id));
      if (typeof found === "string") return this.evaluate(found);
    }
    throw new Error(`not understood: ${expression}`);
  }
}

/** Terraform's spelling of an object as Kubernetes': names, plurals, ports as numbers. */
function kubernetes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(kubernetes);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      if (MAPS.has(key)) return [camelCase(key), item];
      if (key === "port" && /^\d+$/.test(String(item))) return [key, Number(item)];
      return [PLURAL[key] ?? camelCase(key), kubernetes(item)];
    }),
  );
}

function camelCase(key: string): string {
  return key.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}
