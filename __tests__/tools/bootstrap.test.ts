import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describeWithFakeGcs } from "../support/fake-gcs";
import { FakeGoogle } from "../support/fake-google";
import { PlueFolder } from "../support/plue";
import { inFolder, terraform, testWithTerraform } from "../support/terraform";

const BUCKET = "plue-terraform-state";
const RING = "projects/plue-prod/locations/us-central1/keyRings/terraform-state";
const KEY = `${RING}/cryptoKeys/state`;
const AGENT = "serviceAccount:service-0@gs-project-accounts.iam.gserviceaccount.com";
const STATES = ["production-bootstrap", "production", "production-app"];
/** Every change of a first run, in order. */
const ALL = [
  "POST /v1/projects/plue-prod/services:batchEnable",
  "POST /v1/projects/plue-prod/locations/us-central1/keyRings?keyRingId=terraform-state",
  `POST /v1/${RING}/cryptoKeys?cryptoKeyId=state`,
  `POST /v1/${KEY}:setIamPolicy`,
  "POST /storage/v1/b",
  ...STATES.map(() => `POST /upload/storage/v1/b/${BUCKET}/o`),
];

describeWithFakeGcs("plue bootstrap", () => {
  let google: FakeGoogle;
  let folder: PlueFolder;
  beforeEach(async () => {
    google = await FakeGoogle.start();
    folder = new PlueFolder();
    folder.fill();
  });
  afterEach(async () => {
    folder.remove();
    await google.stop();
  });

  const bootstrap = (...args: string[]) => folder.plue(["bootstrap", ...args], google.environment);
  const made = () => bootstrap("production", "--yes");
  const bodyOf = (path: string) => google.calls.find((call) => call.path.startsWith(path) && call.body)?.body;
  const state = (stack: string) => google.gcs.get(BUCKET, `${stack}/default.tfstate`);
  const configure = (change: (plue: Record<string, Record<string, string>>) => void) => {
    const file = join(folder.folder, "cdktf.json");
    const config = JSON.parse(readFileSync(file, "utf8"));
    change(config.context.plue);
    writeFileSync(file, JSON.stringify(config));
  };

  test("makes key, bucket and empty states in a new project, and says what comes next", async () => {
    const { status, stdout, stderr } = await made();
    expect([status, stdout]).toEqual([0, ""]);
    expect(google.changes).toEqual(ALL);
    expect(stderr).toContain("to do    make the bucket plue-terraform-state in us-central1\n");
    expect(stderr).toContain(
      'in cdktf.json, set context.plue.production.projectNumber to "0"\n  npx plue deploy production-bootstrap',
    );
  });

  test.each([["--yes"], ["--dry-run"]])(
    "with values that are still zeros nothing is asked or made: %s",
    async (option) => {
      cpSync("cdktf.json", join(folder.folder, "cdktf.json"));
      const { status, stdout, stderr } = await bootstrap("production", option);
      expect([status, stdout]).toEqual([3, ""]);
      expect(stderr).toBe(
        "cdktf.json: still zeros: cloudflareZoneId, billingAccount, githubOwnerId, production.projectNumber: npx plue init asks for them. Nothing was changed\n",
      );
      expect(google.calls).toEqual([]);
    },
  );

  test("asks for a bucket that is private, encrypted with the key, and keeps what is replaced or deleted", async () => {
    await made();
    expect(bodyOf(`/v1/${KEY}:setIamPolicy`).policy).toEqual({
      etag: "BwXhqDVEjyQ=",
      bindings: [{ role: "roles/cloudkms.cryptoKeyEncrypterDecrypter", members: [AGENT] }],
    });
    expect(bodyOf("/storage/v1/b?")).toMatchObject({
      name: BUCKET,
      location: "us-central1",
      versioning: { enabled: true },
      iamConfiguration: {
        uniformBucketLevelAccess: { enabled: true },
        publicAccessPrevention: "enforced",
      },
      encryption: { defaultKmsKeyName: KEY },
      softDeletePolicy: { retentionDurationSeconds: 30 * 86_400 },
    });
  });

  test("a bucket of somebody else ends it with one message and exit code 4, and what was made is told", async () => {
    google.refuse = ({ method, path }) =>
      method === "POST" && path.startsWith("/storage/v1/b?")
        ? { code: 409, message: "The requested bucket name is not available." }
        : undefined;
    const { status, stdout, stderr } = await made();
    expect([status, stdout]).toEqual([4, ""]);
    expect(stderr).toContain(`done     make the key ${KEY}\n`);
    expect(stderr.trimEnd().split("\n").at(-1)).toMatch(
      /^the bucket name plue-terraform-state is taken, by another project or somebody else/,
    );
  });

  test("what Google refuses ends with exit code 4, also a look without changes", async () => {
    google.refuse = () => ({ code: 403, message: "Permission denied" });
    for (const option of ["--dry-run", "--yes"]) {
      const { status, stderr } = await bootstrap("production", option);
      expect([status, stderr]).toEqual([4, expect.stringMatching(/^cannot see whether to enable .*\n$/)]);
    }
  });

  test("twice is once: the second run finds everything, asks nothing and changes nothing", async () => {
    await made();
    const before = await Promise.all(STATES.map(state));
    google.calls.length = 0;
    const { status, stderr } = await bootstrap("production");
    expect(status).toBe(0);
    expect(stderr).not.toContain("to do");
    expect(google.changes).toEqual([]);
    expect(await Promise.all(STATES.map(state))).toEqual(before);
  });

  test("--dry-run says what would be made; so does a run that nobody answers, and neither makes anything", async () => {
    const dry = await bootstrap("production", "--dry-run");
    expect(dry.status).toBe(0);
    expect(dry.stderr.match(/^to do/gm)).toHaveLength(ALL.length);
    expect(dry.stderr).toMatch(/\nNothing was changed\.\n$/);
    const unanswered = await bootstrap("production");
    expect(unanswered.status).toBe(5);
    expect(unanswered.stderr).toContain("Make 8 changes in plue-prod? Nobody is here to answer: pass --yes.");
    expect(google.changes).toEqual([]);
  });

  test("staging keeps its state in production's bucket, and refuses to begin without it", async () => {
    const early = await bootstrap("staging", "--yes");
    expect(early.status).toBe(4);
    expect(early.stderr).toContain(
      "there is no bucket plue-terraform-state yet. Several environments keep their state in it, and it belongs to production's project: npx plue bootstrap production",
    );
    await made();
    google.calls.length = 0;
    expect((await bootstrap("staging", "--yes")).status).toBe(0);
    expect(new Set(google.changes)).toEqual(new Set([`POST /upload/storage/v1/b/${BUCKET}/o`]));
    expect(JSON.parse(await state("staging-base")).resources).toEqual([]);
  });

  test("with a bucket of its own, staging makes key and bucket in its own project", async () => {
    configure(({ staging }) => Object.assign(staging as object, { stateBucket: "staging-state" }));
    expect((await bootstrap("staging", "--yes")).status).toBe(0);
    expect(google.changes.filter((change) => change.includes("plue-prod"))).toEqual([]);
    expect(bodyOf("/storage/v1/b?").name).toBe("staging-state");
  });

  test("a key that is named in cdktf.json is used, and not made", async () => {
    const stateKmsKey = KEY.replace("plue-prod", "plue-keys");
    configure(({ production }) => Object.assign(production as object, { stateKmsKey }));
    const missing = await made();
    expect(missing.stderr).toContain(`there is no key ${stateKmsKey}: check stateKmsKey in cdktf.json`);
    google.keys.add(stateKmsKey);
    expect((await made()).status).toBe(0);
    expect(bodyOf("/storage/v1/b?").encryption.defaultKmsKeyName).toBe(stateKmsKey);
    expect(google.changes.join()).not.toContain("cryptoKeyId");
  });

  test("a bucket of that name in another project, or in another place, is refused before anything is made", async () => {
    await google.gcs.createBucket(BUCKET);
    const elsewhere = await FakeGoogle.start("77");
    const other = await folder.plue(["bootstrap", "production", "--yes"], {
      GOOGLE_APIS_EMULATOR_HOST: elsewhere.environment["GOOGLE_APIS_EMULATOR_HOST"] as string,
      STORAGE_EMULATOR_HOST: google.gcs.url,
    });
    await elsewhere.stop();
    expect(other.stderr).toContain("the bucket name plue-terraform-state is taken, by another project");
    expect(elsewhere.changes).toEqual([]);
    configure(({ production }) => Object.assign(production as object, { region: "europe-west1" }));
    const moved = await made();
    expect(moved.stderr).toContain(
      "the bucket plue-terraform-state is in us-central1 and not in europe-west1",
    );
    expect(google.changes).toEqual([]);
  });

  testWithTerraform(
    "Terraform goes on from an empty state, and its first reader writes nothing",
    async () => {
      await made();
      const seeded = await state("production");
      const gcs = {
        bucket: BUCKET,
        prefix: "production",
        storage_custom_endpoint: `${google.gcs.url}/storage/v1/b`,
        access_token: "none",
      };
      const base = { backend: "gcs", config: gcs };
      run({ data: { terraform_remote_state: { base } } }, ["plan", "-lock=false"]);
      expect(await state("production")).toBe(seeded);

      run({ terraform: { backend: { gcs } }, resource: { terraform_data: { made: { input: "here" } } } }, [
        "apply",
        "-auto-approve",
      ]);
      const applied = JSON.parse(await state("production"));
      expect(applied.lineage).toBe(JSON.parse(seeded).lineage);
      expect(applied.resources).toHaveLength(1);
    },
  );
});

/** Runs Terraform on a module of its own. */
function run(module: object, [command = "", ...options]: string[]): void {
  inFolder({ "main.tf.json": JSON.stringify(module) }, (cwd) => {
    for (const { status, stdout, stderr } of [terraform(cwd, "init"), terraform(cwd, command, ...options)])
      if (status !== 0) throw new Error(stdout + stderr);
  });
}
