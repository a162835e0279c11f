import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describeWithFakeGcs, FakeGcs } from "../support/fake-gcs";
import { PlueFolder } from "../support/plue";

let folder: PlueFolder;
beforeEach(() => {
  folder = new PlueFolder();
  mkdirSync(join(folder.folder, "bin"));
});
afterEach(() => folder.remove());
jest.setTimeout(60_000);

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
  tool("gke-gcloud-auth-plugin", "Kubernetes v1.30.0");
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
  expect(check("credentials")).toMatchObject({ ...missing, mend: "gcloud auth application-default login" });
  expect(check("state bucket")).toMatchObject(missing);
  expect(check("provider cache")).toMatchObject({
    ok: false,
    needed: false,
    mend: expect.stringContaining("TF_PLUGIN_CACHE_DIR="),
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
    '{"type": "impersonated_service_account", "service_account_impersonation_url": "https://x/v1/projects/-/serviceAccounts/tf-staging-alice@p.iam.gserviceaccount.com:generateAccessToken"}',
    "acting as tf-staging-alice@p.iam.gserviceaccount.com",
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
