import { SERVICE_ACCOUNTS } from "../../stacks/octollm/names";
import { synthesizeOctollm } from "../stacks/octollm/synthesize";
import { admin, attempt, eventually, type KubernetesObject } from "./support/cluster";
import { install } from "./support/environment";
import { AppliedStack } from "./support/terraform";

const CHARTS = ["helm", "stacks/octollm/helm"];
/** Of the other releases the charts are their makers'. */
const RELEASES = ["application_base", "pgbouncer_release"];

describe.each(["dev", "prod"])("OctoLLM's cluster stack of %s", (environment) => {
  const namespace = `octollm-${environment}`;
  const stack = synthesizeOctollm().get(`${namespace}-cluster`);
  if (!stack) throw new Error(`no stack ${namespace}-cluster`);
  const applied = new AppliedStack(stack, "1", CHARTS);
  // The operator's own namespace is there already, of Plue's platform.
  const objects = applied.objects().filter(({ metadata }) => inNamespace(metadata, namespace));

  beforeAll(() => {
    admin.run(["delete", "namespace", namespace, "--ignore-not-found", "--wait"]);
    admin.apply(objects);
    for (const release of RELEASES) install(applied.release(release));
  });

  afterAll(() => {
    for (const name of ["pgbouncer", "application-base"])
      attempt("helm", ["uninstall", name, "-n", namespace, "--ignore-not-found"]);
    admin.run(["delete", "namespace", namespace, "--ignore-not-found", "--wait=false"]);
  });

  test("its PgBouncer is admitted where pods are restricted, and becomes ready", async () => {
    const { status, spec } = admin.get("deployment", "pgbouncer", namespace);
    expect(status.readyReplicas).toBe(spec.replicas);
    await eventually("its endpoints", () => {
      const slices = admin.list("endpointslices", namespace, "-l", "kubernetes.io/service-name=pgbouncer");
      return slices.flatMap(({ endpoints = [] }) => endpoints).length === spec.replicas ? true : undefined;
    });
  });

  test("its store reads Secret Manager as the namespace's own service account, and pins the version", () => {
    const { provider } = admin.get("secretstore", "gcpsm-secret-store", namespace)["spec"];
    expect(provider.gcpsm.auth.workloadIdentity.serviceAccountRef).toEqual({
      name: SERVICE_ACCOUNTS.storeReader,
    });
    const { data } = admin.get("externalsecret", "openai-api-key", namespace)["spec"];
    expect(data.map(({ remoteRef }: KubernetesObject) => [remoteRef.key, remoteRef.version])).toEqual([
      ["openai-api-key", "1"],
    ]);
    expect(admin.list("secrets", namespace)).toEqual([]);
  });

  test("the orchestrator's account is Google's, and mounts no token of the cluster", () => {
    const account = admin.get("serviceaccount", "orchestrator", namespace);
    expect(account["metadata"].annotations["iam.gke.io/gcp-service-account"]).toBe(
      "orchestrator@octollm-prod.iam.gserviceaccount.com",
    );
    expect(account["automountServiceAccountToken"]).toBe(false);
  });

  test("a privileged pod is refused there, and all traffic that no policy allows is denied", () => {
    const container = { name: "main", image: "example", securityContext: { privileged: true } };
    const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "plain", namespace } };
    expect(admin.tryCreate({ ...pod, spec: { containers: [container] } })).toEqual({
      ok: false,
      text: expect.stringContaining('violates PodSecurity "restricted'),
    });
    expect(admin.get("networkpolicy", "default-deny", namespace)["spec"]).toMatchObject({
      podSelector: {},
      policyTypes: ["Ingress", "Egress"],
    });
  });
});

/** The namespace itself, or what is in it. */
function inNamespace({ name, namespace }: KubernetesObject["metadata"], wanted: string): boolean {
  return (namespace ?? name) === wanted;
}
