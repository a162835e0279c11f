import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clusterProviders } from "../../../lib/kubernetes/providers";
import { pretendAuthPlugin } from "../../support/gke-auth-plugin";
import { synthesize } from "../../support/synth";

test("both providers reach the cluster with tokens that a plug-in gets, and helm needs no right to Secrets", () => {
  const { json } = synthesize((stack) => clusterProviders(stack, "gke-1.example.goog"));
  const host = "https://gke-1.example.goog";
  const exec = expect.objectContaining({
    command: "gke-gcloud-auth-plugin",
    args: ["--use_application_default_credentials"],
  });
  expect(json["provider"]).toEqual({
    kubernetes: [{ host, exec: [exec] }],
    helm: [{ helm_driver: "configmap", kubernetes: { host, exec } }],
  });
  expect(JSON.stringify(json)).not.toContain("token");
});

const kubectl = spawnSync("kubectl", ["version", "--client"]);
if (kubectl.error)
  console.warn("skipped, as kubectl is not here: what client-go makes of the plug-in's answer");

// client-go, with which both providers and kubectl run the plug-in, holds the version that it asked for against the answer's
// before it calls the cluster: k8s.io/client-go/plugin/pkg/client/auth/exec/exec.go, "plugin returned version".
(kubectl.error ? describe.skip : describe)("client-go takes the plug-in's answer", () => {
  const folder = mkdtempSync(join(tmpdir(), "plue-plugin-"));
  beforeAll(() => pretendAuthPlugin(folder));
  afterAll(() => rmSync(folder, { recursive: true }));

  /** What kubectl says where nobody listens, with a provider's exec block in its configuration. */
  function ask(exec: { api_version: string; command: string; args: string[] }): string {
    const { api_version: apiVersion, command, args } = exec;
    const config = {
      apiVersion: "v1",
      kind: "Config",
      "current-context": "it",
      clusters: [{ name: "it", cluster: { server: "https://127.0.0.1:1" } }],
      users: [{ name: "it", user: { exec: { apiVersion, command, args, interactiveMode: "Never" } } }],
      contexts: [{ name: "it", context: { cluster: "it", user: "it" } }],
    };
    const file = join(folder, "config");
    writeFileSync(file, JSON.stringify(config));
    const { stderr } = spawnSync("kubectl", ["get", "--raw", "/version"], {
      encoding: "utf8",
      env: { ...process.env, KUBECONFIG: file, PATH: `${folder}:${process.env["PATH"]}` },
    });
    return stderr;
  }
  const { kubernetes, helm } = synthesize((stack) => clusterProviders(stack, "gke-1.example.goog")).json[
    "provider"
  ];
  const execs = { kubernetes: kubernetes[0].exec[0], helm: helm[0].kubernetes.exec };

  test.each(Object.entries(execs))("as the %s provider asks for it", (_, exec) => {
    expect(ask(exec)).toMatch(/127\.0\.0\.1:1.*refused/);
  });

  test("and refuses it where another version was asked for", () => {
    expect(ask({ ...execs.kubernetes, api_version: "client.authentication.k8s.io/v1" })).toMatch(
      /configured to use API version client\.authentication\.k8s\.io\/v1, plugin returned version client\.authentication\.k8s\.io\/v1beta1/,
    );
  });
});
