import { execFile, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { clusterProviders } from "../../../lib/kubernetes/providers";
import { pretendAuthPlugin } from "../../support/gke-auth-plugin";
import { describeWith, testWith } from "../../support/needs";
import { synthesize } from "../../support/synth";

const DEPLOYER = "tf-staging-alice@plue-staging.iam.gserviceaccount.com";

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

// client-go, with which both providers and kubectl run the plug-in, holds the version that it asked for against the answer's
// before it calls the cluster: k8s.io/client-go/plugin/pkg/client/auth/exec/exec.go, "plugin returned version".
describeWith("kubectl")("client-go takes the plug-in's answer", () => {
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

test("both act as a service account where one is given, and as nobody else", () => {
  const { json } = synthesize((stack) => clusterProviders(stack, "gke-1.example.goog", DEPLOYER));
  const { kubernetes, helm } = json["provider"];
  const args = [`--impersonate_service_account=${DEPLOYER}`];
  expect([kubernetes[0].exec[0].args, helm[0].kubernetes.exec.args]).toEqual([args, args]);
});

describe("the plug-in itself, with gcloud logged in as an administrator", () => {
  let server: Server;
  let folder: string;
  const asked: string[] = [];
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "plue-gcloud-"));
    writeFileSync(join(folder, "token"), "the administrator's");
    asked.length = 0;
    // As IAM's Service Account Credentials API answers.
    server = createServer((request, response) => {
      asked.push(`${request.headers.authorization} ${request.url}`);
      const expireTime = new Date(Date.now() + 3_600_000).toISOString().replace(/\.\d+/, "");
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ accessToken: "the deployer's", expireTime }));
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  afterEach(() => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  testWith("gcloud", "gke-gcloud-auth-plugin")(
    "gets the deployer's token, for which the administrator only asks",
    async () => {
      const { json } = synthesize((stack) => clusterProviders(stack, "gke-1.example.goog", DEPLOYER));
      const { command, args } = json["provider"].helm[0].kubernetes.exec;
      const environment = {
        ...process.env,
        HOME: folder,
        KUBECONFIG: join(folder, "kubeconfig"),
        CLOUDSDK_CONFIG: join(folder, "gcloud"),
        CLOUDSDK_CORE_ACCOUNT: "administrator@plue.dev",
        CLOUDSDK_CORE_DISABLE_PROMPTS: "1",
        CLOUDSDK_AUTH_ACCESS_TOKEN_FILE: join(folder, "token"),
        CLOUDSDK_API_ENDPOINT_OVERRIDES_IAMCREDENTIALS: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
      };
      const { stdout } = await promisify(execFile)(command, args, { env: environment });
      expect(JSON.parse(stdout)).toMatchObject({
        apiVersion: "client.authentication.k8s.io/v1beta1",
        status: { token: "the deployer's" },
      });
      expect(asked).toEqual([
        `Bearer the administrator's /v1/projects/-/serviceAccounts/${DEPLOYER}:generateAccessToken`,
      ]);
    },
    60_000,
  );
});
