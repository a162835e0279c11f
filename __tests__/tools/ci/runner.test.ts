import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { recordedSystem } from "../../../tools/ci/record";
import { BUCKET, CiFolder, chain, type Module } from "../../support/ci-folder";
import { FakeGcs } from "../../support/fake-gcs";
import { FakeGoogle } from "../../support/fake-google";
import { describeWith } from "../../support/needs";
import { vouched } from "../../support/plue";
import { ALICE, BOB, projectOf } from "../../support/program";

const describeWithBoth = describeWith("fake-gcs-server", "terraform");

let place: string;
let packages: string[];
beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), "plue-runner-"));
  const { stdout } = spawnSync(process.execPath, ["scripts/bundle.mjs", join(place, "plue")], {
    encoding: "utf8",
  });
  packages = stdout.trim().split("\n");
});
afterAll(() => rmSync(place, { recursive: true }));

test("the command line of jobs with an identity holds no package that synthesizes", () => {
  expect(packages).toContain("commander");
  expect(packages.filter((name) => /cdktf|constructs|jsii|esbuild|typescript/.test(name))).toEqual([]);
});

test("what is recorded of the program is what it says, to the last field that a job reads", async () => {
  const folder = new CiFolder(undefined, [ALICE, BOB]);
  const before = process.cwd();
  const project = projectOf();
  try {
    folder.write("cdktf.out/manifest.json", "{}");
    expect((await folder.ci(["record"])).status).toBe(0);
    process.chdir(folder.folder);
    const recorded = recordedSystem.readProject();
    const fields = ["environments", "production", "base", "declared", "members", "repository"] as const;
    for (const field of [...fields, "placeholders"] as const)
      expect([field, recorded[field]]).toEqual([field, JSON.parse(JSON.stringify(project[field]))]);
    expect(recorded.applicationRepository).toBe(project.applicationRepository);
    expect(() => recorded.stage("x")).toThrow("not the program");
  } finally {
    process.chdir(before);
    folder.remove();
  }
});

describeWithBoth("in a folder with stacks and without packages", () => {
  let gcs: FakeGcs;
  let folder: CiFolder;
  beforeAll(async () => {
    gcs = await FakeGcs.start();
    await gcs.createBucket(BUCKET);
  });
  afterAll(() => gcs.stop());
  beforeEach(async () => {
    folder = new CiFolder(gcs);
    folder.write("cdktf.out/manifest.json", "{}");
    await folder.ci(["record"]);
  });
  afterEach(async () => {
    folder.remove();
    await gcs.delete(BUCKET, "production/default.tfstate");
  });

  const synthesized = (module: Module = {}, lock = "") => {
    const terraform = {
      required_version: ">= 1.11.0",
      backend: { gcs: { bucket: BUCKET, prefix: "production" } },
    };
    folder.synthesized("production", {
      ...chain({ a: "1" }),
      ...module,
      terraform: { ...terraform, ...module["terraform"] },
    });
    folder.write("cdktf.out/stacks/production/.terraform.lock.hcl", lock);
  };

  const plue = (...args: string[]) => plueWith({}, ...args);

  async function plueWith(environment: Readonly<Record<string, string>>, ...args: string[]) {
    const child = spawn(join(place, "plue"), args, {
      cwd: folder.folder,
      env: {
        PATH: process.env["PATH"],
        HOME: folder.folder,
        STORAGE_EMULATOR_HOST: gcs.url,
        GOOGLE_OAUTH_ACCESS_TOKEN: "emulated",
        CHECKPOINT_DISABLE: "1",
        ...environment,
      },
    });
    let said = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (chunk) => {
        said += chunk;
      });
    const [status] = await once(child, "close");
    return { status, said };
  }

  test("it plans and applies", async () => {
    synthesized();
    expect(await plue("ci", "identity", "production", "--for", "apply")).toMatchObject({
      status: 0,
      said: expect.stringContaining("service_account=terraform-apply@plue-prod.iam.gserviceaccount.com"),
    });
    expect(await plue("ci", "apply", "production")).toMatchObject({ status: 0 });
    expect((await folder.state("production"))?.["resources"]).toHaveLength(1);
    expect(await plue("ci", "plan", "production")).toMatchObject({
      status: 0,
      said: expect.stringMatching(/^outcome=unchanged$/m),
    });
  });

  test("it reports drift", async () => {
    const google = await FakeGoogle.start();
    synthesized();
    folder.write(
      "plans/production.json",
      '{"stack":"production","outcome":"changed","actions":[],"text":""}',
    );
    expect(await plue("ci", "identity", "production", "--for", "report")).toMatchObject({
      status: 0,
      said: expect.stringContaining("service_account=report-drift@plue-prod.iam.gserviceaccount.com"),
    });
    const matrix = '{"include":[{"stack":"production"}]}';
    const report = ["ci", "drift-log", "--plans", "plans", "--matrix", matrix];
    const { status } = await plueWith(google.environment, ...report);
    await google.stop();
    expect([status, google.changes]).toEqual([0, ["POST /v2/entries:write"]]);
  });

  test("it has no other command", async () => {
    expect(await plue("status")).toMatchObject({ status: 2 });
    expect(await plue("ci", "record")).toMatchObject({ status: 2 });
  });

  const google = { required_providers: { google: { source: "hashicorp/google", version: "6.50.0" } } };
  const door =
    'provider "evil.example/mallory/door" {\n  version = "1.0.0"\n  hashes = [\n    "h1:x",\n  ]\n}\n';
  const locked = vouched(readFileSync("terraform.lock.hcl", "utf8"));
  const [tampered = ""] = locked.match(/provider "[^"]*\/google" \{\n(?: .*\n)*\}\n/) ?? [];
  test.each<[string, () => unknown, string]>([
    [
      "a program on apply",
      () =>
        synthesized({
          resource: { terraform_data: { a: { provisioner: [{ "local-exec": { command: "id" } }] } } },
        }),
      "has a provisioner",
    ],
    ["a module", () => synthesized({ module: { a: { source: "./a" } } }), "module.a hides what it makes"],
    [
      "another address of Google's API",
      () =>
        synthesized({
          terraform: google,
          provider: { google: [{ storage_custom_endpoint: "https://evil.example" }] },
        }),
      "has storage_custom_endpoint",
    ],
    [
      "a provider that the checkout has not",
      () => synthesized({}, door),
      "has other packages of mallory/door",
    ],
    [
      "another package of one that it has",
      () => synthesized({}, tampered.replace(/zh:\w{60}/, `zh:${"0".repeat(60)}`)),
      "has other packages of hashicorp/google",
    ],
    [
      "a file that Terraform reads of itself",
      () => [synthesized(), folder.write("cdktf.out/stacks/production/a_override.tf.json", "{}")],
      "a_override.tf.json is no file of a stack",
    ],
  ])("what the synthesis left is refused where a plan would not show it: %s", async (_, leave, message) => {
    leave();
    const { status, said } = await plue("ci", "apply", "production");
    expect([status, said]).toEqual([5, expect.stringContaining(message)]);
    expect(await folder.state("production")).toBeUndefined();
  });
});

test("npm makes it", () => {
  const { scripts } = JSON.parse(readFileSync("package.json", "utf8"));
  expect(resolve(scripts.bundle.replace("node ", ""))).toBe(resolve("scripts/bundle.mjs"));
});
