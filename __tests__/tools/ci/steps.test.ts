import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { HOSTILE, obeyed } from "../../support/hostile-text";
import { PlueFolder } from "../../support/plue";

const folder = new PlueFolder([
  { name: "alice", email: "alice@plue.dev", github: "Alice-P", githubId: "1001" },
  { name: "bob", email: "bob@plue.dev" },
]);
const ci = (...args: string[]) => folder.plue(["ci", ...args]);
afterAll(() => folder.remove());

test("the stacks of CI are all but the engineers' own", async () => {
  const { include } = JSON.parse((await ci("stacks", "--matrix")).stdout);
  const names = include.map(({ stack }: { stack: string }) => stack);
  expect(names).toEqual(
    expect.arrayContaining(["staging-base", "staging-access", "production", "production-app"]),
  );
  expect(names).not.toContain("staging-alice");
  expect((await ci("stacks")).stdout).toBe(`${names.join("\n")}\n`);
});

test.each([
  ["production-app", "plan", "terraform-plan@plue-prod.iam.gserviceaccount.com", "https://plue.dev"],
  ["production", "apply", "terraform-apply@plue-prod.iam.gserviceaccount.com", ""],
  ["staging-base", "apply", "terraform-apply@plue-staging.iam.gserviceaccount.com", ""],
  [
    "staging-alice",
    "plan",
    // Nobody by Google's action: the stack itself asks for the account's tokens.
    "",
    "https://alice.staging.plue.dev",
  ],
  ["staging-alice", "apply", "", "https://alice.staging.plue.dev"],
  ["production", "report", "report-drift@plue-prod.iam.gserviceaccount.com", ""],
  ["production-bootstrap", "report", "report-drift@plue-prod.iam.gserviceaccount.com", ""],
])("who is to %s: %s is %s", async (stack, purpose, account, url) => {
  const { status, stdout } = await ci("identity", stack, "--for", purpose);
  expect(status).toBe(0);
  const outputs = Object.fromEntries(
    stdout
      .trim()
      .split("\n")
      .map((line) => line.split("=", 2)),
  );
  expect(outputs).toMatchObject({ service_account: account, url });
  expect(outputs.provider).toMatch(
    /^projects\/\d+\/locations\/global\/workloadIdentityPools\/github\/providers\/github$/,
  );
});

test.each([
  [["identity", "staging-bootstrap", "--for", "apply"], 5, "only people deploy it"],
  [["identity", "staging-base", "--for", "report"], 5, "is in a project to which no drift is reported"],
  [["identity", "staging-alice", "--for", "report"], 5, "is in a project to which no drift is reported"],
  [["identity", "prodution", "--for", "plan"], 2, 'there is no stack "prodution"; did you mean production?'],
  [["identity", "production", "--for", "destroy"], 2, "Allowed choices are plan, apply, report"],
  [
    ["may-deploy", "--ref", "refs/heads/staging/bob", "--actor", "bob", "--actor-id", "1002"],
    5,
    "gives bob no GitHub login",
  ],
  [["branch-rules", "--print", "bob"], 2, "no push deploys bob"],
  [["smoke", "plue.dev"], 2, "give an address such as https://plue.dev"],
  [["smoke", "https://plue.dev", "--attempts", "0"], 2, "give a number above 0"],
  [["apply", "production", "--lock-timeout", "1m"], 2, "give a number above 0"],
  [["apply", "production", "--images", "none.json"], 2, "none.json cannot be read"],
])("%j ends with %i: %s", async (args, status, message) => {
  const run = await ci(...args);
  expect([run.status, run.stdout]).toEqual([status, ""]);
  expect(run.stderr).toContain(message);
});

test("a state that cannot be read fails its plan, with the exit code of what cannot be read", async () => {
  const { status, stdout, stderr } = await folder.plue(["ci", "plan", "production"], {
    STORAGE_EMULATOR_HOST: "127.0.0.1:1",
  });
  expect([status, stdout]).toEqual([4, "outcome=failed\n"]);
  expect(stderr).toMatch(/^cannot read the state of production .*\nproduction could not be planned\.\n$/);
});

test("the ruleset of a branch is as GitHub's API takes it, and lets its engineer alone by", async () => {
  const { stdout } = await ci("branch-rules", "--print", "alice");
  expect(JSON.parse(stdout)).toEqual({
    name: "staging/alice: Alice-P alone",
    target: "branch",
    enforcement: "active",
    conditions: { ref_name: { include: ["refs/heads/staging/alice"], exclude: [] } },
    rules: [{ type: "creation" }, { type: "update" }, { type: "deletion" }],
    bypass_actors: [{ actor_id: 1001, actor_type: "User", bypass_mode: "always" }],
  });
});

test("whatever a branch or an account is called, nothing of it is obeyed in the log", async () => {
  for (const [ref, actor, id] of [
    [`refs/heads/staging/${HOSTILE}`, "Alice-P", "1001"],
    ["refs/heads/staging/alice", HOSTILE, HOSTILE],
  ] as const) {
    const { status, stdout, stderr } = await ci(
      "may-deploy",
      "--ref",
      ref,
      "--actor",
      actor,
      "--actor-id",
      id,
    );
    expect([status, stdout]).toEqual([5, ""]);
    expect(obeyed(stderr)).toEqual([]);
    expect(stderr.trimEnd()).not.toContain("\n");
  }
});

test("a release is asked for /health, whatever the address ends with", async () => {
  const asked: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url);
    response.writeHead(asked.length > 1 ? 200 : 503).end();
  }).listen(0, "127.0.0.1");
  await new Promise((listening) => server.once("listening", listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const healthy = await ci("smoke", `${url}/`, "--interval", "0.1");
  server.close();
  expect([healthy.status, asked]).toEqual([0, ["/health", "/health"]]);
  const gone = await ci("smoke", url, "--attempts", "2", "--interval", "0.1");
  expect(gone.status).toBe(1);
  expect(gone.stderr).toContain(`${url} is not healthy: asked 2 times, last`);
});
