import { gzipSync } from "node:zlib";
import { ACTING_AS } from "../../lib/environments/registry";
import { synthesizeStack } from "../support/program";
import { admin, attempt, eventually, type KubernetesObject } from "./support/cluster";
import { Environment } from "./support/environment";

/**
 * Who leaves has written the record of her release herself: what whoever destroys her stack would do with it. Helm's own
 * library does that in Terraform's provider, too.
 */
const carol = Environment.ofEngineer("engineer-1", "1");
const NAMESPACE = "engineer-1";
const BOOTY = "engineer-1-is-administrator";

const binding: KubernetesObject = {
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "ClusterRoleBinding",
  metadata: { name: BOOTY },
  roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
  subjects: [{ kind: "User", apiGroup: "rbac.authorization.k8s.io", name: "engineer-1@plue.dev" }],
};
const job: KubernetesObject = {
  apiVersion: "batch/v1",
  kind: "Job",
  metadata: { name: BOOTY, namespace: "database-grants" },
  spec: { template: { spec: { restartPolicy: "Never", containers: [{ name: "x", image: "x" }] } } },
};
const victim: KubernetesObject = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "of-somebody-else", namespace: "default" },
};

/** A release as Helm keeps it, with a hook for its end, and objects that it says are its own. */
function record(hooks: readonly KubernetesObject[], objects: readonly KubernetesObject[]): KubernetesObject {
  const release = {
    name: "plue",
    namespace: NAMESPACE,
    version: 1,
    info: {
      status: "deployed",
      first_deployed: "2026-01-01T00:00:00Z",
      last_deployed: "2026-01-01T00:00:00Z",
    },
    chart: { metadata: { name: "plue", version: "1.0.0", apiVersion: "v2" } },
    manifest: objects.map((object) => `---\n${JSON.stringify(object)}`).join("\n"),
    hooks: hooks.map(({ kind, metadata, ...rest }) => ({
      name: metadata.name,
      kind,
      path: "plue/templates/hook.yaml",
      manifest: JSON.stringify({ kind, metadata, ...rest }),
      events: ["pre-delete", "post-delete"],
    })),
  };
  const text = gzipSync(JSON.stringify(release)).toString("base64");
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: {
      name: "sh.helm.release.v1.plue.v1",
      namespace: NAMESPACE,
      labels: { owner: "helm", name: "plue", status: "deployed", version: "1" },
    },
    data: { release: text },
  };
}

const exists = ({ kind, metadata }: KubernetesObject) =>
  admin.try(["get", kind, metadata.name, ...(metadata.namespace ? ["-n", metadata.namespace] : [])]).ok;
const gone = () => {
  for (const { kind, metadata } of [binding, job])
    admin.run([
      "delete",
      kind,
      metadata.name,
      "--ignore-not-found",
      ...(metadata.namespace ? ["-n", metadata.namespace] : []),
    ]);
};
const uninstall = (...as: string[]) => attempt("helm", ["uninstall", "plue", "-n", NAMESPACE, ...as]);
const asDeployer = ["--kube-as-user", String(carol.deployer.user), "--kube-as-group", "system:authenticated"];

beforeEach(() => {
  carol.remove();
  carol.guard();
  gone();
  admin.apply([victim]);
});
afterAll(() => {
  carol.remove();
  gone();
  admin.run(["delete", "configmap", victim.metadata.name, "-n", "default", "--ignore-not-found"]);
});

test("the stack of who leaves acts as her deployer, whoever destroys it", () => {
  const { json } = synthesizeStack("staging-engineer-1", {
    engineers: [{ name: "engineer-1", email: "engineer-1@plue.dev", state: "offboarding" }],
  });
  expect(json["variable"][ACTING_AS].default).toBe(carol.deployer.user);
  const acting = [`--impersonate_service_account=\${var.${ACTING_AS}}`];
  expect(json["provider"].helm[0].kubernetes.exec.args).toEqual(acting);
  expect(json["provider"].kubernetes[0].exec[0].args).toEqual(acting);
});

test("she may write such a record: it is her release", () => {
  expect(carol.deployer.tryCreate(record([binding], []))).toMatchObject({ ok: true });
});

test.each([
  ["makes her administrator", binding, /cannot (create|delete) resource "clusterrolebindings"/],
  ["runs beside the database's password", job, /cannot (create|delete) resource "jobs"/],
])("a hook of hers that %s does not run as her deployer", (_, hook, why) => {
  carol.deployer.create(record([hook], []));
  const answer = uninstall(...asDeployer);
  expect([answer.ok, answer.text]).toEqual([false, expect.stringMatching(why)]);
  expect(exists(hook)).toBe(false);
});

test("what her record calls its own, elsewhere, is not deleted as her deployer", () => {
  carol.deployer.create(record([], [victim]));
  expect(uninstall(...asDeployer).ok).toBe(false);
  expect(exists(victim)).toBe(true);
});

test("as an administrator both would be done, which is why nobody but her deployer works on her stack", () => {
  carol.deployer.create(record([binding], [victim]));
  expect(uninstall()).toMatchObject({ ok: true });
  expect([exists(binding), exists(victim)]).toEqual([true, false]);
});

test("her deployer destroys her environment all the same: its namespace goes, with the record in it", async () => {
  carol.deployer.create(record([binding], [victim]));
  expect(carol.deployer.try(["delete", "namespace", NAMESPACE, "--wait=false"])).toMatchObject({ ok: true });
  const left = () => admin.try(["get", "namespace", NAMESPACE]).ok;
  await eventually("the end of her namespace", () => (left() ? undefined : true));
  expect([exists(binding), exists(victim)]).toEqual([false, true]);
});
