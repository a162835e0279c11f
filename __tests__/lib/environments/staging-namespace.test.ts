import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { StagingNamespace, type StagingNamespaceProps } from "../../../lib/environments/staging-namespace";
import { Chart } from "../../../lib/kubernetes/chart";
import type { PlueValues } from "../../../stacks/plue/chart-values";
import { engineerNames } from "../../../stacks/plue/registry/engineer-names";
import { type Synthesized, synthesize } from "../../support/synth";

const chart = new Chart<PlueValues>("helm/plue");
const props: StagingNamespaceProps = {
  projectId: "plue-staging",
  environment: "staging",
  names: engineerNames("al-ice", "plue-staging"),
  email: "alice@plue.dev",
  domain: "staging.plue.dev",
  gateway: { name: "plue", namespace: "gateway", routesFrom: { label: "plue.dev/routes", value: "yes" } },
  deployerClusterRole: "plue-namespace-deployer",
  sqlInstance: { name: "plue-staging", connectionName: "p:r:plue-staging", privateIp: "10.3.0.3" },
  application: {
    chart,
    releaseName: "plue",
    valuesFiles: ["values-staging.yaml"],
    images: {
      registry: { projectId: "plue-staging", location: "us-central1", repositoryId: "plue" },
      names: { image: "zig-api" },
      tag: "al-ice",
    },
    secrets: {
      environment: { ANTHROPIC_API_KEY: "anthropic-api-key" },
      files: { KEY_FILE: "key" },
      versions: { "anthropic-api-key": 2, key: 1 },
    },
  },
};

function environment(overrides: Partial<StagingNamespaceProps> = {}): [Synthesized, StagingNamespace] {
  let made: StagingNamespace | undefined;
  const synthesized = synthesize((stack) => {
    new GoogleProvider(stack, "google", {});
    new HelmProvider(stack, "helm", {});
    new KubernetesProvider(stack, "kubernetes", {});
    made = new StagingNamespace(stack, "env", { ...props, ...overrides });
    const { namespace, database } = made;
    stack.outputs({
      namespace: { value: namespace, description: "" },
      database: { value: database, description: "" },
    });
  });
  return [synthesized, made as StagingNamespace];
}

describe("StagingNamespace", () => {
  const [alice, made] = environment();

  test("names its namespace after the engineer, and lets the Gateway accept its routes", () => {
    expect(alice.resource("kubernetes_namespace_v1", "env")["metadata"]).toMatchObject({
      name: "al-ice",
      labels: {
        environment: "staging",
        owner: "al-ice",
        managed_by: "terraform",
        "app.kubernetes.io/managed-by": "terraform",
        "app.kubernetes.io/part-of": "plue",
        "plue.dev/routes": "yes",
        "pod-security.kubernetes.io/enforce": "restricted",
      },
    });
  });

  test("makes a database, and no login to it", () => {
    expect(alice.resource("google_sql_database", "env_database")).toEqual({
      project: "plue-staging",
      instance: "plue-staging",
      name: "plue_al_ice",
    });
  });

  test("a destroy takes the release, then the namespace with its last pods, then the database", () => {
    const release = alice.resource("helm_release", "env_release");
    expect(release["depends_on"]).toContain("google_sql_database.env_database");
    expect(release["depends_on"]).toContain("kubernetes_role_binding_v1.env_deployer");
    expect(release["namespace"]).toBe("${kubernetes_namespace_v1.env.metadata[0].name}");
    expect(alice.resource("kubernetes_namespace_v1", "env")["depends_on"]).toEqual([
      "google_sql_database.env_database",
    ]);
  });

  test("tells the application its host, database and identity", () => {
    expect(alice.json["locals"].env_release_values).toMatchObject({
      environment: "staging",
      route: { host: "al-ice.staging.plue.dev", gateway: { name: "plue", namespace: "gateway" } },
      database: {
        instanceConnectionName: "p:r:plue-staging",
        privateIp: "10.3.0.3",
        name: "${google_sql_database.env_database.name}",
        user: "staging-al-ice@plue-staging.iam",
      },
      serviceAccount: { googleServiceAccount: "staging-al-ice@plue-staging.iam.gserviceaccount.com" },
      secrets: {
        projectId: "plue-staging",
        environment: { ANTHROPIC_API_KEY: "anthropic-api-key" },
        files: { KEY_FILE: "key" },
        versions: { "anthropic-api-key": 2, key: 1 },
      },
      image: { repository: "us-central1-docker.pkg.dev/plue-staging/plue/zig-api" },
    });
    expect(alice.resource("helm_release", "env_release")["values"][0]).toBe(
      '${file("../../charts/plue/values-staging.yaml")}',
    );
  });

  test("tells it where the control plane is, if that is said", () => {
    const valuesOf = (synthesized: Synthesized) => synthesized.json["locals"].env_release_values;
    expect(valuesOf(alice)).not.toHaveProperty("networkPolicy");
    expect(valuesOf(environment({ controlPlaneRanges: ["10.64.0.0/20"] })[0]).networkPolicy).toEqual({
      controlPlaneRanges: ["10.64.0.0/20"],
    });
  });

  test("binds its own deployer and lets its engineer into pods, and others only read", () => {
    const [shared] = environment({ readers: ["carol@plue.dev"] });
    const subjects = (id: string) =>
      shared.resource("kubernetes_role_binding_v1", id)["subject"].map(({ name }: { name: string }) => name);
    expect(subjects("env_deployer")).toEqual(["tf-staging-al-ice@plue-staging.iam.gserviceaccount.com"]);
    expect(subjects("env_debuggers")).toEqual(["alice@plue.dev"]);
    expect(subjects("env_readers")).toEqual(["alice@plue.dev", "carol@plue.dev"]);
  });

  test("has the usual quota, but for what is said", () => {
    const quota = (synthesized: Synthesized) =>
      synthesized.resource("kubernetes_resource_quota_v1", "env_quota")["spec"].hard;
    expect(quota(alice)).toMatchObject({
      "requests.cpu": "4",
      "requests.memory": "8Gi",
      "requests.storage": "10Gi",
      pods: "20",
    });
    expect(quota(environment({ quota: { cpu: "6", pods: 30 } })[0])).toMatchObject({
      "requests.cpu": "6",
      "requests.memory": "8Gi",
      pods: "30",
    });
  });

  test("says what it made", () => {
    expect(made.url).toBe("https://al-ice.staging.plue.dev");
    expect(alice.outputs["namespace"]?.["value"]).toBe("${kubernetes_namespace_v1.env.metadata[0].name}");
    expect(alice.outputs["database"]?.["value"]).toBe("${google_sql_database.env_database.name}");
  });

  test("while offboarding it can be destroyed although its images are gone", () => {
    const images = { ...props.application.images, resolveDigests: false };
    const [leaving] = environment({ application: { ...props.application, images } });
    expect(leaving.json["data"]).toBeUndefined();
  });

  test("holds no IAM, no login, no Secret and no DNS record", () => {
    expect(Object.keys(alice.json["resource"])).toEqual([
      "google_sql_database",
      "helm_release",
      "kubernetes_limit_range_v1",
      "kubernetes_namespace_v1",
      "kubernetes_network_policy_v1",
      "kubernetes_resource_quota_v1",
      "kubernetes_role_binding_v1",
      "kubernetes_role_v1",
    ]);
  });
});
