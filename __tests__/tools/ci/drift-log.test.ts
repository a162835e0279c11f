import type { PlanReport } from "../../../tools/ci/planned-actions";
import { CiFolder } from "../../support/ci-folder";
import { FakeGoogle, type Refusal } from "../../support/fake-google";
import { HOSTILE, obeyed } from "../../support/hostile-text";
import { describeWith } from "../../support/needs";
import { synthesizeStack } from "../../support/program";

const RUN = {
  GITHUB_SERVER_URL: "https://github.com",
  GITHUB_REPOSITORY: "plue/infrastructure",
  GITHUB_RUN_ID: "77",
};
const args = (...stacks: string[]) => {
  const matrix = JSON.stringify({ include: stacks.map((stack) => ({ stack })) });
  return ["drift-log", "--plans", "plans", "--matrix", matrix];
};

describeWith("fake-gcs-server")("the log of drift", () => {
  let google: FakeGoogle;
  let folder: CiFolder;
  beforeAll(async () => {
    google = await FakeGoogle.start();
  });
  afterAll(() => google.stop());
  beforeEach(() => {
    google.calls.length = 0;
    google.refuse = () => undefined;
    folder = new CiFolder(undefined);
  });
  afterEach(() => folder.remove());

  const write = (
    stack: string,
    outcome: PlanReport["outcome"],
    text = "",
    actions: PlanReport["actions"] = [],
  ) => folder.write(`plans/${stack}.json`, JSON.stringify({ stack, outcome, text, actions }));
  const log = (...stacks: string[]) => folder.ci(args(...stacks), { ...google.environment, ...RUN });

  test("has an entry for each stack that has drifted or cannot be planned, in one call, and none for others", async () => {
    write("production", "changed");
    write("staging-base", "failed");
    write("staging-access", "unchanged");
    write("staging-platform", "new");
    const stacks = ["production", "staging-base", "staging-access", "staging-platform", "production-app"];
    const { status, stdout, stderr } = await log(...stacks);
    expect([status, stdout]).toEqual([0, ""]);
    expect(stderr).toBe(
      "production: changed, written to the log drift of plue-prod\nstaging-base: failed, written to the log drift of plue-prod\nproduction-app: failed, written to the log drift of plue-prod\n",
    );
    const run = "https://github.com/plue/infrastructure/actions/runs/77";
    const entry = (stack: string, outcome: string, message: string) => ({
      severity: "WARNING",
      jsonPayload: { message: `${stack} ${message}`, stack, outcome, run },
    });
    expect(google.calls).toEqual([
      {
        method: "POST",
        path: "/v2/entries:write",
        body: {
          logName: "projects/plue-prod/logs/drift",
          resource: { type: "global", labels: { project_id: "plue-prod" } },
          entries: [
            entry("production", "changed", "is not as main declares it"),
            entry("staging-base", "failed", "cannot be planned"),
            entry("production-app", "failed", "cannot be planned"),
          ],
        },
      },
    ]);
  });

  test("is what production's alert reads, and each entry of it", async () => {
    write("production", "changed");
    await log("production");
    const { logName, entries } = google.calls[0]?.body ?? {};
    const alert = synthesizeStack("production").resource(
      "google_monitoring_alert_policy",
      "monitoring_alerts_drift",
    );
    const [{ condition_matched_log: matched }] = alert["conditions"];
    expect([matched.filter, alert["project"]]).toEqual([
      'log_id("drift") AND severity >= WARNING',
      "plue-prod",
    ]);
    expect([logName, entries[0].severity]).toEqual(["projects/plue-prod/logs/drift", "WARNING"]);
  });

  test("asks nothing of Google where nothing has drifted", async () => {
    write("production", "unchanged");
    write("staging-base", "new");
    const { status, stderr } = await log("production", "staging-base");
    expect([status, stderr]).toEqual([0, "Nothing has drifted, and nothing is written.\n"]);
    expect(google.calls).toEqual([]);
  });

  test("holds nothing of a plan, which may hold values", async () => {
    write("production", "changed", `password = hunter2 ${HOSTILE}`, [
      { address: 'google_x.y["hunter2"]', action: "update" },
    ]);
    const { stderr } = await log("production");
    expect(google.calls).toHaveLength(1);
    expect(JSON.stringify(google.calls)).not.toMatch(/hunter2|google_x|password/);
    expect(obeyed(stderr)).toEqual([]);
  });

  test.each([
    ["a file of another stack", "production", '{"stack":"x","outcome":"changed","actions":[],"text":""}', 1],
    ["a file that is no report", "production", "{}", 1],
    ["a name that is a path", "../production", "{}", 2],
  ])("takes no entry from %s", async (_, stack, text, expected) => {
    folder.write("plans/production.json", text);
    const { status } = await log(stack);
    expect([status, google.calls]).toEqual([expected, []]);
  });

  test.each<[Refusal, string]>([
    [
      { code: 403, message: "Permission 'logging.logEntries.create' denied on resource" },
      "your Google account may not (Permission 'logging.logEntries.create' denied on resource): it needs at least roles/logging.logWriter on project plue-prod",
    ],
    [
      { code: 403, message: "Cloud Logging API has not been used", reason: "SERVICE_DISABLED" },
      "an API is off, or was enabled a moment ago",
    ],
    [{ code: 429, message: "Quota exceeded" }, "Google takes no more of these calls for now"],
    [{ code: 503, message: "Unavailable" }, "Google Cloud failed"],
  ])("says what Google's refusal means, and writes none again by itself: %j", async (refusal, why) => {
    write("production", "changed");
    google.refuse = () => refusal;
    const { status, stderr } = await log("production");
    expect([status, google.calls.length]).toEqual([4, 1]);
    expect(stderr).toContain(`cannot write to the log drift of plue-prod: ${why}`);
    expect(stderr).not.toContain("    at ");
  });
});

test("nobody who answers is told as such", async () => {
  const folder = new CiFolder(undefined);
  const { status, stderr } = await folder.ci(args("production"), {
    GOOGLE_APIS_EMULATOR_HOST: "127.0.0.1:1",
  });
  folder.remove();
  expect(status).toBe(4);
  expect(stderr).toMatch(/^cannot write to the log drift of plue-prod: Google Cloud cannot be reached .*\n$/);
});
