import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { FakeCloudflare } from "../support/fake-cloudflare";
import { describeWithFakeGcs, FakeGcs } from "../support/fake-gcs";
import { FakeGoogle } from "../support/fake-google";
import { FakeSecretManager } from "../support/fake-secret-manager";
import { pretendAuthPlugin } from "../support/gke-auth-plugin";
import { PlueFolder } from "../support/plue";

let folder: PlueFolder;
beforeEach(() => {
  folder = new PlueFolder();
  folder.fill();
  mkdirSync(join(folder.folder, "bin"));
});
afterEach(() => folder.remove());

/** A tool that prints this, in the only folder of the PATH. */
function tool(name: string, prints: string): void {
  const file = join(folder.folder, "bin", name);
  writeFileSync(file, `#!/bin/sh\ncat <<'END'\n${prints}\nEND\n`.replace("cat", "/bin/cat"));
  chmodSync(file, 0o755);
}

async function doctor(environment: Record<string, string> = {}, run: "plue" | "launch" = "plue") {
  const { status, stdout } = await folder[run](["doctor", "--json"], {
    PATH: join(folder.folder, "bin"),
    HOME: folder.folder,
    CLOUDSDK_CONFIG: join(folder.folder, "gcloud"),
    STORAGE_EMULATOR_HOST: "::",
    TERRAFORM_BINARY_NAME: "terraform",
    TF_CLI_CONFIG_FILE: "",
    TF_PLUGIN_CACHE_DIR: "",
    ...environment,
  });
  const checks: { name: string }[] = JSON.parse(stdout);
  return { status, check: (name: string) => checks.find((each) => each.name === name) };
}

function haveAll(): Record<string, string> {
  tool("terraform", '{"terraform_version": "1.11.4"}');
  tool("gcloud", "Google Cloud SDK 528.0.0\nbq 2.1");
  pretendAuthPlugin(join(folder.folder, "bin"));
  const credentials = join(folder.folder, "credentials.json");
  writeFileSync(credentials, '{"type": "authorized_user", "refresh_token": "secret-token"}');
  return { GOOGLE_APPLICATION_CREDENTIALS: credentials, TF_PLUGIN_CACHE_DIR: folder.folder };
}

test("on a bare machine everything that is needed is missing, each with what mends it", async () => {
  const { status, check } = await doctor();
  expect(status).toBe(1);
  expect(check("node")).toMatchObject({ ok: true, found: process.versions.node });
  const missing = { ok: false, needed: true };
  expect(check("terraform")).toMatchObject({
    ...missing,
    found: "terraform is not on the PATH",
    mend: expect.stringContaining("https://"),
  });
  expect(check("gcloud")).toMatchObject({ ...missing, mend: expect.stringContaining("https://") });
  expect(check("gke-gcloud-auth-plugin")).toMatchObject({
    ...missing,
    mend: "gcloud components install gke-gcloud-auth-plugin",
  });
  expect(check("gcloud account")).toMatchObject({ ...missing, mend: "gcloud auth login --update-adc" });
  expect(check("credentials")).toMatchObject({ ...missing, mend: "gcloud auth application-default login" });
  expect(check("state bucket")).toMatchObject(missing);
  expect(check("provider cache")).toMatchObject({
    ok: false,
    needed: false,
    mend: expect.stringContaining("TF_PLUGIN_CACHE_DIR="),
  });
});

test("values of cdktf.json that are still zeros are needed, of all environments", async () => {
  expect((await doctor()).check("cdktf.json")).toMatchObject({ ok: true, needed: true });
  cpSync("cdktf.json", join(folder.folder, "cdktf.json"));
  expect((await doctor()).check("cdktf.json")).toEqual({
    name: "cdktf.json",
    needed: true,
    ok: false,
    found:
      "still zeros: cloudflareZoneId, billingAccount, githubOwnerId, staging.projectNumber, production.projectNumber",
    mend: "npx plue init",
  });
});

test.each([
  ["1.10.5", false],
  ["1.11.0", true],
  ["1.12.0-rc1", true],
  ["2.0.0", true],
])("terraform %s will do: %s", async (version, ok) => {
  tool("terraform", `{"terraform_version": "${version}"}`);
  expect((await doctor()).check("terraform")).toMatchObject({ ok, found: expect.stringContaining(version) });
});

test("a provider without hashes is told of, and plue lock finds them", async () => {
  expect((await doctor()).check("providers")).toMatchObject({ ok: true, needed: false });
  const lock = join(folder.folder, "terraform.lock.hcl");
  writeFileSync(lock, readFileSync(lock, "utf8").replace(/ {2}hashes = \[\n[^\]]*\]\n/, ""));
  expect((await doctor()).check("providers")).toEqual({
    name: "providers",
    needed: false,
    ok: false,
    found: "terraform.lock.hcl has no hashes of cloudflare/cloudflare 5.14.0",
    mend: "npx plue lock",
  });
});

test("a terraform that answers something else is not taken for one", async () => {
  tool("terraform", "Terraform v1.11.4");
  expect((await doctor()).check("terraform")).toMatchObject({
    ok: false,
    found: "terraform does not say its version",
  });
});

test("a provider cache that Terraform could not use is needed, as Terraform stops at it", async () => {
  const cache = join(folder.folder, "cache");
  expect((await doctor({ TF_PLUGIN_CACHE_DIR: cache })).check("provider cache")).toMatchObject({
    ok: false,
    needed: true,
    mend: `mkdir -p ${cache}`,
  });
});

test("a provider cache may stand in Terraform's own configuration", async () => {
  writeFileSync(join(folder.folder, ".terraformrc"), 'plugin_cache_dir = "$HOME/bin"\n');
  // Of the home directory a process knows its own alone.
  expect((await doctor({}, "launch")).check("provider cache")).toMatchObject({
    ok: true,
    found: join(folder.folder, "bin"),
  });
});

test.each([
  [
    '{"type": "service_account", "client_email": "ci@p.iam.gserviceaccount.com"}',
    "ci@p.iam.gserviceaccount.com (service_account)",
  ],
  [
    '{"type": "impersonated_service_account", "service_account_impersonation_url": "https://x/v1/projects/-/serviceAccounts/somebody@p.iam.gserviceaccount.com:generateAccessToken"}',
    "acting as somebody@p.iam.gserviceaccount.com",
  ],
  ['{"type": "authorized_user", "refresh_token": "secret"}', "your own (authorized_user)"],
])("credentials are named, and nothing secret of them: %s", async (text, found) => {
  const file = join(folder.folder, "gcloud", "application_default_credentials.json");
  mkdirSync(join(file, ".."));
  writeFileSync(file, text);
  expect((await doctor()).check("credentials")).toEqual({
    name: "credentials",
    needed: true,
    ok: true,
    found,
  });
});

test("credentials of a deployer are told apart: her stack asks for its tokens as herself", async () => {
  const file = join(folder.folder, "gcloud", "application_default_credentials.json");
  mkdirSync(join(file, ".."));
  const deployer = "tf-staging-alice@plue-staging.iam.gserviceaccount.com";
  const url = `https://x/v1/projects/-/serviceAccounts/${deployer}:generateAccessToken`;
  writeFileSync(
    file,
    JSON.stringify({ type: "impersonated_service_account", service_account_impersonation_url: url }),
  );
  expect((await doctor()).check("credentials")).toMatchObject({
    ok: false,
    needed: true,
    found: `acting as ${deployer}: staging-alice does that by itself, and asks for its tokens as you`,
    mend: "gcloud auth application-default login",
  });
});

test("credentials that are cut off are not usable, and their text is not printed", async () => {
  const file = join(folder.folder, "credentials.json");
  writeFileSync(file, '{"refresh_token": "secret');
  const { status, stdout } = await folder.plue(["doctor"], {
    PATH: join(folder.folder, "bin"),
    GOOGLE_APPLICATION_CREDENTIALS: file,
    STORAGE_EMULATOR_HOST: "::",
  });
  expect(status).toBe(1);
  expect(stdout).toContain(`${file} cannot be used`);
  expect(stdout).toContain("unset GOOGLE_APPLICATION_CREDENTIALS && gcloud auth application-default login");
  expect(stdout).not.toContain("secret");
});

test("a mistake in cdktf.json is told as the reason why the bucket is unknown", async () => {
  writeFileSync(join(folder.folder, "cdktf.json"), "{}");
  expect((await doctor()).check("state bucket")).toMatchObject({
    ok: false,
    found: expect.stringContaining("unknown: cdktf.json:1:1"),
  });
});

describeWithFakeGcs("with a state bucket", () => {
  let gcs: FakeGcs;
  beforeEach(async () => {
    gcs = await FakeGcs.start();
  });
  afterEach(() => gcs.stop());

  test("a machine that has everything is ready", async () => {
    await gcs.createBucket("plue-terraform-state");
    const { status, stdout } = await folder.plue(["doctor"], {
      ...haveAll(),
      PATH: join(folder.folder, "bin"),
      STORAGE_EMULATOR_HOST: gcs.url,
    });
    expect(status).toBe(0);
    expect(stdout).toMatch(/\nReady to deploy\.\n$/);
    expect(stdout).not.toContain("missing");
  });

  test("a bucket that is not there comes with the command that makes it", async () => {
    expect(
      (await doctor({ ...haveAll(), STORAGE_EMULATOR_HOST: gcs.url })).check("state bucket"),
    ).toMatchObject({
      ok: false,
      mend: "npx plue bootstrap production",
    });
  });
});

test("a stack that nobody declared is told with the one that may have been meant", async () => {
  const { status, stderr } = await folder.plue(["doctor", "staging-bas"]);
  expect([status, stderr]).toEqual([2, 'there is no stack "staging-bas"; did you mean staging-base?\n']);
});

describeWithFakeGcs("before a stack is deployed", () => {
  let google: FakeGoogle;
  let secrets: FakeSecretManager;
  let cloudflare: FakeCloudflare;
  beforeEach(async () => {
    google = await FakeGoogle.start();
    secrets = await FakeSecretManager.start();
    cloudflare = await FakeCloudflare.start();
    await google.gcs.createBucket("plue-terraform-state");
  });
  afterEach(() => Promise.all([google.stop(), secrets.stop(), cloudflare.stop()]));

  /** What it says of a stack, without what it says of the machine. */
  async function checks(stack: string, environment: Record<string, string> = {}) {
    const { stdout } = await folder.plue(["doctor", stack, "--json"], {
      ...haveAll(),
      PATH: join(folder.folder, "bin"),
      HOME: folder.folder,
      ...google.environment,
      SECRET_MANAGER_EMULATOR_HOST: secrets.host,
      CLOUDFLARE_BASE_URL: cloudflare.url,
      CLOUDFLARE_API_TOKEN: "of-nobody",
      ...environment,
    });
    const all: { name: string; ok: boolean; needed: boolean; found: string; mend?: string }[] =
      JSON.parse(stdout);
    return all.slice(all.findIndex(({ name }) => name === "state bucket") + 1);
  }
  /** What is missing of it: what was found, and what mends it. */
  const missing = async (stack: string, environment?: Record<string, string>) =>
    (await checks(stack, environment))
      .filter(({ ok, needed }) => needed && !ok)
      .map(({ found, mend }) => [found, mend]);
  const deployed = (...stacks: string[]) =>
    putStates(stacks, [{ mode: "managed", type: "a", name: "b", instances: [{}] }]);
  const putStates = (stacks: readonly string[], resources: readonly object[]) =>
    Promise.all(
      stacks.map((stack) =>
        google.gcs.put(
          "plue-terraform-state",
          `${stack}/default.tfstate`,
          JSON.stringify({
            version: 4,
            terraform_version: "1.11.0",
            serial: 1,
            lineage: "x",
            outputs: {},
            resources,
          }),
        ),
      ),
    );
  const credentials = (account: string) => {
    const file = join(folder.folder, "impersonating.json");
    const url = `https://x/v1/projects/-/serviceAccounts/${account}:generateAccessToken`;
    writeFileSync(
      file,
      JSON.stringify({ type: "impersonated_service_account", service_account_impersonation_url: url }),
    );
    return { GOOGLE_APPLICATION_CREDENTIALS: file };
  };
  const alice = "tf-staging-alice@plue-staging.iam.gserviceaccount.com";

  test("values that are still zeros are named, of those that the stack holds", async () => {
    await deployed("production-bootstrap", "staging-bootstrap", "staging-base", "staging-platform");
    const file = join(folder.folder, "cdktf.json");
    const given = readFileSync(file, "utf8");
    cpSync("cdktf.json", file);
    expect(await missing("staging-bootstrap")).toEqual([
      ["still zeros: billingAccount, githubOwnerId, staging.projectNumber", "npx plue init"],
    ]);
    expect(await missing("staging-platform")).toEqual([]);
    writeFileSync(file, given);
    expect(await missing("staging-bootstrap")).toEqual([]);
  });

  test("stacks before it are named with the command that deploys them, whether it reads them or names what they make", async () => {
    await putStates(["staging-bootstrap", "production-bootstrap", "staging-base"], []);
    const deploy = (stack: string) => ["is not deployed yet", `npx plue deploy ${stack}`];
    expect(await missing("staging-bootstrap")).toEqual([deploy("production-bootstrap")]);
    expect(await missing("staging-base")).toEqual([deploy("staging-bootstrap")]);
    expect(await missing("staging-access")).toEqual([
      [expect.stringContaining("has no state"), "npx plue bootstrap staging"],
      ...["staging-bootstrap", "staging-base", "staging-platform"].map(deploy),
    ]);
    await deployed("staging-bootstrap", "staging-base", "staging-platform");
    await putStates(["staging-access"], []);
    expect(await missing("staging-access")).toEqual([]);
  });

  test("a state that names a provider which the stack does not declare stops a deployment", async () => {
    await deployed("staging-bootstrap", "staging-base", "staging-platform");
    const provider = 'provider["registry.terraform.io/cloudflare/cloudflare"]';
    await putStates(["staging-access"], [{ mode: "data", type: "a", name: "b", provider, instances: [{}] }]);
    expect(await missing("staging-access")).toEqual([
      [
        "its state names cloudflare/cloudflare, which Terraform would install and start",
        "docs/runbooks/foreign-provider.md",
      ],
    ]);
  });

  test("a stack with Cloudflare's provider wants a token, an active zone, and no rules of others in its phases", async () => {
    await deployed("production-bootstrap");
    await putStates(["production"], []);
    google.channels.add("Plue on-call (PagerDuty)");
    expect(await missing("production")).toEqual([]);
    expect(await missing("production", { CLOUDFLARE_API_TOKEN: "" })).toEqual([
      ["CLOUDFLARE_API_TOKEN is not set", expect.stringContaining("export CLOUDFLARE_API_TOKEN=")],
    ]);
    cloudflare.rulesets.push({ id: "1", kind: "zone", phase: "http_request_cache_settings" });
    cloudflare.rulesets.push({ id: "2", kind: "managed", phase: "http_request_firewall_managed" });
    expect(await missing("production")).toEqual([
      [expect.stringContaining("stand in http_request_cache_settings, which"), expect.any(String)],
    ]);
    await putStates(
      ["production"],
      [{ mode: "managed", type: "cloudflare_ruleset", name: "cache", instances: [{}] }],
    );
    expect(await missing("production")).toEqual([]);
    cloudflare.zone.status = "pending";
    expect(await missing("production")).toEqual([[expect.stringContaining("is pending"), undefined]]);
    cloudflare.refusal = { code: 9109, message: "Invalid access token" };
    expect(await missing("production")).toEqual([
      [expect.stringContaining("(Invalid access token): check cloudflareZoneId and"), expect.any(String)],
    ]);
    cloudflare.refusal = { code: 10000, message: "Authentication error" };
    expect(await missing("production")).toEqual([]);
  });

  test("a channel that is made by hand has to be there, under its name", async () => {
    await deployed("production-bootstrap");
    await putStates(["production"], []);
    const none = 'no pagerduty channel called "Plue on-call (PagerDuty)" in plue-prod';
    expect(await missing("production")).toEqual([[none, expect.stringContaining("project=plue-prod")]]);
    google.refuse = ({ path }) =>
      path.includes("notificationChannels")
        ? {
            code: 403,
            message: "Cloud Monitoring API has not been used in project 1",
            reason: "SERVICE_DISABLED",
          }
        : undefined;
    expect(await missing("production")).toEqual([[expect.stringContaining("an API is off"), undefined]]);
  });

  test("a release waits for the values of its secrets and for its images", async () => {
    await deployed("staging-bootstrap", "staging-base", "staging-platform", "staging-access");
    secrets.declare("plue-staging/anthropic-api-key", 1);
    secrets.declare("plue-staging/github-app-private-key");
    for (const image of ["zig-api:alice", "ui:alice", "runner:bob"]) google.images.add(image);
    expect(await missing("staging-alice")).toEqual([
      [
        "version 1 of github-app-private-key is not there, or not enabled",
        "npx plue secrets set staging github-app-private-key",
      ],
      [
        "us-central1-docker.pkg.dev/plue-staging/plue/runner:alice is not there",
        "docker push us-central1-docker.pkg.dev/plue-staging/plue/runner:alice",
      ],
    ]);
  });

  test("an engineer's stack acts as her deployer; who is logged in as one deploys nothing else", async () => {
    await deployed("staging-bootstrap", "staging-base", "staging-platform", "staging-access");
    const identity = async (stack: string, environment = {}) =>
      (await checks(stack, environment)).find(({ name }) => name === "identity");
    const bob = credentials("tf-staging-bob@plue-staging.iam.gserviceaccount.com");
    expect(await identity("staging-base", bob)).toMatchObject({
      ok: false,
      needed: true,
      found: "tf-staging-bob@plue-staging.iam.gserviceaccount.com may deploy staging-bob alone",
      mend: "gcloud auth application-default login",
    });
    expect(await identity("staging-alice")).toMatchObject({
      ok: true,
      found: `acts as ${alice}, whoever deploys it`,
    });
    expect(await identity("staging-base")).toBeUndefined();
  });

  test("what an engineer may not see is said, and stops nothing", async () => {
    secrets.forbidden.add("plue-staging/anthropic-api-key").add("plue-staging/github-app-private-key");
    for (const image of ["zig-api", "ui", "runner"]) google.images.add(`${image}:alice`);
    await deployed("staging-base");
    google.refuse = ({ path }) =>
      /staging-(bootstrap|platform|access)/.test(path) ? { code: 403, message: "Forbidden" } : undefined;
    expect(await missing("staging-alice")).toEqual([]);
    expect((await checks("staging-alice")).filter(({ ok }) => !ok).map(({ name }) => name)).toEqual([
      "staging-bootstrap",
      "staging-platform",
      "staging-access",
      "secret",
      "secret",
    ]);
  });
});
