import { plue } from "../../../stacks/plue";
import { Bootstrap } from "../../../tools/bootstrap/steps";
import { CliError } from "../../../tools/command-line/errors";
import { describeWithFakeGcs } from "../../support/fake-gcs";
import { FakeGoogle, type Refusal } from "../../support/fake-google";

const project = plue.readProject();
const BUCKET = "plue-terraform-state";

const isChange = ({ method, path }: { method: string; path: string }) =>
  method !== "GET" && !path.endsWith(":getIamPolicy");

describeWithFakeGcs("bootstrap", () => {
  let google: FakeGoogle;
  beforeEach(async () => {
    google = await FakeGoogle.start();
    Object.assign(process.env, google.environment);
  });
  afterEach(async () => {
    for (const name of Object.keys(google.environment)) delete process.env[name];
    await google.stop();
  });

  async function bootstrap(): Promise<void> {
    const steps = new Bootstrap(project, "production", [1, 1]);
    await steps.run(await steps.missing());
  }
  const state = (stack: string) => google.gcs.get(BUCKET, `${stack}/default.tfstate`);

  test("ended at any change, goes on there, and makes nothing twice", async () => {
    await bootstrap();
    const all = google.changes;
    expect(all).toHaveLength(8);
    for (const index of all.keys()) {
      await google.restart();
      let changes = 0;
      google.refuse = (call) =>
        isChange(call) && changes++ >= index ? { code: 403, message: "no" } : undefined;
      await expect(bootstrap()).rejects.toThrow(/^cannot /);
      google.refuse = () => undefined;
      google.calls.length = 0;
      await bootstrap();
      expect(google.changes).toEqual(all.slice(index));
    }
  });

  test("a state that is there is not touched, nor one that somebody writes meanwhile", async () => {
    await bootstrap();
    await google.gcs.put(BUCKET, "production/default.tfstate", "a state with everything");
    await google.gcs.delete(BUCKET, "production-app/default.tfstate");
    google.calls.length = 0;
    google.refuse = (call) =>
      isChange(call) && call.path.startsWith("/upload")
        ? { code: 412, message: "conditionNotMet" }
        : undefined;
    await bootstrap();
    expect(await state("production")).toBe("a state with everything");
    const [upload, ...others] = google.calls.filter(isChange);
    expect(upload?.path).toMatch(/production-app.*ifGenerationMatch=0|ifGenerationMatch=0.*production-app/);
    expect(others).toEqual([]);
  });

  const refusals: Record<string, [path: RegExp, refusal: Refusal, message: string]> = {
    "no rights": [
      /batchGet/,
      { code: 403, message: "Permission denied to list services" },
      "your Google account may not (Permission denied to list services): it needs at least roles/serviceusage.serviceUsageAdmin on project plue-prod",
    ],
    "no project": [
      /batchGet/,
      { code: 404, message: "Project 'plue-prod' not found or deleted." },
      "there is no project plue-prod (Project 'plue-prod' not found or deleted): check projectId in cdktf.json",
    ],
    "no billing": [
      /batchEnable/,
      {
        code: 400,
        message: "Billing account for project '1' is not found.",
        reason: "UREQ_PROJECT_BILLING_NOT_FOUND",
      },
      "plue-prod has no active billing account (Billing account for project '1' is not found): link one: gcloud billing projects link plue-prod",
    ],
    "a key ring without rights": [
      /keyRings\?keyRingId/,
      { code: 403, message: "Permission 'cloudkms.keyRings.create' denied" },
      "cannot make the key ring projects/plue-prod/locations/us-central1/keyRings/terraform-state: your Google account may not (Permission 'cloudkms.keyRings.create' denied): it needs at least roles/cloudkms.admin on project plue-prod",
    ],
    "an API that is not ready yet": [
      /keyRings\?keyRingId/,
      { code: 403, message: "Cloud KMS API has not been used in project 1", reason: "SERVICE_DISABLED" },
      "run this again in a minute",
    ],
    "a bucket that may not be seen": [
      /^\/storage\/v1\/b\/plue-terraform-state\?/,
      { code: 403, message: "does not have storage.buckets.get access" },
      "it is somebody else's (names are unique in all of Google Cloud, so choose another stateBucket in cdktf.json), or your Google account needs roles/storage.admin on project plue-prod",
    ],
    "a name that is taken": [
      /^\/storage\/v1\/b\?/,
      { code: 409, message: "The requested bucket name is not available." },
      "the bucket name plue-terraform-state is taken, by another project or somebody else",
    ],
    "no bucket without rights": [
      /^\/storage\/v1\/b\?/,
      { code: 403, message: "does not have storage.buckets.create access" },
      "cannot make the bucket plue-terraform-state in us-central1: your Google account may not (does not have storage.buckets.create access): it needs at least roles/storage.admin on project plue-prod",
    ],
  };
  test.each(Object.entries(refusals))("%s is one message", async (_, [path, refusal, message]) => {
    google.refuse = (call) => (path.test(call.path) ? refusal : undefined);
    const error: Error = await bootstrap().then(
      () => new Error("nothing was refused"),
      (refused) => refused,
    );
    expect(error).toBeInstanceOf(CliError);
    expect(error.message).toContain(message);
    expect(error.message).not.toContain("\n");
  });

  test.each([
    ["to see the bucket", /^\/storage\/v1\/b\/plue-terraform-state\?/],
    ["to write a state", /^\/upload/],
  ])(
    "staging, in production's bucket: who may not is told the right on production's project: %s",
    async (_, path) => {
      await bootstrap();
      google.refuse = (call) => (path.test(call.path) ? { code: 403, message: "no" } : undefined);
      const staging = new Bootstrap(project, "staging", []);
      const run = async () => staging.run(await staging.missing());
      await expect(run()).rejects.toThrow(/needs .*roles\/storage\.admin on project plue-prod/);
    },
  );

  describe("making the bucket with a key that was granted a moment ago", () => {
    /** Refuses that many attempts to make the bucket. */
    async function make(refused: number): Promise<void> {
      let attempts = 0;
      google.refuse = ({ method, path }) =>
        method === "POST" && path.startsWith("/storage/v1/b?") && attempts++ < refused
          ? {
              code: 403,
              message:
                "Permission denied on Cloud KMS key. Please ensure that your Cloud Storage service account has been authorized to use this key.",
            }
          : undefined;
      await bootstrap();
    }
    const attempts = () => google.changes.filter((change) => change === "POST /storage/v1/b").length;

    test("is tried again", async () => {
      await make(2);
      expect(attempts()).toBe(3);
    });

    test("ends with what Google said when it does not become true", async () => {
      await expect(make(9)).rejects.toThrow(/^cannot make the bucket .*Permission denied on Cloud KMS key/);
      expect(attempts()).toBe(3);
    });
  });
});
