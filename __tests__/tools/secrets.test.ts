import { spawn, spawnSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readConfig } from "../../stacks/plue/config";
import { checkedValue } from "../../tools/secrets/value";
import { FakeSecretManager } from "../support/fake-secret-manager";
import { testUnless } from "../support/needs";
import { LAUNCHER, PlueFolder } from "../support/plue";

const KEY = "plue-staging/anthropic-api-key";
const VALUE = "sk-ant-not-a-real-key-0001";
let fake: FakeSecretManager;
let folder: PlueFolder;

beforeEach(async () => {
  fake = await FakeSecretManager.start();
  folder = new PlueFolder();
  for (const secret of ["anthropic-api-key", "github-app-private-key", "cloudflare-api-token"])
    for (const project of ["plue-staging", "plue-prod"]) fake.declare(`${project}/${secret}`);
  fake.declare("plue-staging/plue-staging-db-password", 10);
  fake.declare("plue-prod/plue-prod-db-password", 10);
});
afterEach(async () => {
  folder.remove();
  await fake.stop();
});

const secrets = (args: readonly string[], input = "") =>
  folder.plue(["secrets", ...args], { SECRET_MANAGER_EMULATOR_HOST: fake.host }, input);
const configText = () => readFileSync(join(folder.folder, "cdktf.json"), "utf8");
const versionsInUse = () => readConfig(join(folder.folder, "cdktf.json")).staging.secretVersions;

describe("set", () => {
  test("stores the first value, and leaves the configuration alone: version 1 is in use anyway", async () => {
    const before = configText();
    const { status, stdout, stderr } = await secrets(["set", "staging", "anthropic-api-key"], VALUE);
    expect([status, stdout]).toEqual([0, ""]);
    expect(fake.values(KEY)).toEqual([VALUE]);
    expect(stderr).toMatch(/^Adding a version to anthropic-api-key of plue-staging \(staging\)/);
    expect(stderr).toContain("Version 1 of anthropic-api-key is there.");
    expect(configText()).toBe(before);
  });

  test("stores no line break that echo put behind the value", async () => {
    await secrets(["set", "staging", "anthropic-api-key"], `${VALUE}\n`);
    expect(fake.values(KEY)).toEqual([VALUE]);
  });

  test("stores a key file byte by byte", async () => {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const pem = privateKey.export({ type: "pkcs1", format: "pem" }).toString();
    const { status } = await secrets(["set", "staging", "github-app-private-key"], pem);
    expect([status, fake.values("plue-staging/github-app-private-key")]).toEqual([0, [pem]]);
  });

  test("refuses to replace a value", async () => {
    fake.declare(KEY, 3);
    const { status, stderr } = await secrets(["set", "staging", "anthropic-api-key"], VALUE);
    expect(status).toBe(5);
    expect(stderr).toContain("npx plue secrets rotate staging anthropic-api-key replaces it");
    expect(fake.values(KEY)).toHaveLength(1);
  });

  test("refuses the password that Terraform makes", async () => {
    const { status, stderr } = await secrets(["set", "staging", "plue-staging-db-password"], VALUE);
    expect([status, fake.values("plue-staging/plue-staging-db-password")]).toEqual([5, [expect.any(String)]]);
    expect(stderr).toContain("is made and replaced by Terraform");
  });

  test("makes a later version the one in use, where the first was destroyed", async () => {
    for (const version of fake.declare(KEY, 3)) version.state = "DESTROYED";
    const { stderr } = await secrets(["set", "staging", "anthropic-api-key"], VALUE);
    expect(versionsInUse()).toEqual({ "anthropic-api-key": 2 });
    expect(stderr).toContain("git commit cdktf.json");
  });

  test.each([
    ["nothing", "", "is empty"],
    ["white space", " \n", "is empty"],
    ["more than the value", `ANTHROPIC_API_KEY=${VALUE} `, "has white space in it"],
    ["a line of .env", `ANTHROPIC_API_KEY=${VALUE}`, "has a name in front or quotes around it"],
    ["quotes", `"${VALUE}"`, "has a name in front or quotes around it"],
    ["two lines", `${VALUE}\n${VALUE}\n`, "has white space in it"],
    [
      "more than Secret Manager takes",
      "x".repeat(65_537),
      "has 65537 bytes, of which Secret Manager takes 65536",
    ],
    ["a key that was cut off", "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n", "is not a whole private key"],
  ])("refuses %s, and does not say what it was", (_, value, message) => {
    const check = () => checkedValue("anthropic-api-key", Buffer.from(value));
    expect(check).toThrow(`anthropic-api-key: the value ${message}`);
    expect(check).not.toThrow(/sk-ant|MIIE/);
  });

  test("stores nothing of a value that it refuses, nor prints it", async () => {
    const { status, stderr } = await secrets(["set", "staging", "anthropic-api-key"], `${VALUE} ${VALUE}`);
    expect([status, fake.values(KEY)]).toEqual([3, []]);
    expect(stderr).not.toContain("sk-ant");
  });

  test("has no argument that a value could be typed into", async () => {
    const { status, stderr } = await secrets(["set", "staging", "anthropic-api-key", VALUE]);
    expect(status).toBe(2);
    expect(stderr).toContain("too many arguments");
  });
});

describe("a terminal", () => {
  const script = spawnSync("script", ["--version"], { encoding: "utf8" });
  const testWithTerminal = testUnless(script.stdout?.includes("util-linux") ? [] : ["script"]);

  testWithTerminal("is asked for the value, and does not show it", async () => {
    const command = `${process.execPath} ${LAUNCHER} secrets set staging anthropic-api-key`;
    const child = spawn("script", ["-qec", command, "/dev/null"], {
      cwd: folder.folder,
      env: { ...process.env, NO_COLOR: "1", SECRET_MANAGER_EMULATOR_HOST: fake.host },
    });
    let shown = "";
    const ended = new Promise((resolve) => child.on("close", resolve));
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      shown += chunk;
      if (chunk.includes("(not shown)")) child.stdin.write(`${VALUE}\r`);
    });
    expect(await ended).toBe(0);
    expect(fake.values(KEY)).toEqual([VALUE]);
    expect(shown).toContain("Version 1 of anthropic-api-key is there");
    expect(shown).not.toContain("sk-ant");
  });
});

describe("rotate", () => {
  test("stores the next value, and makes it the version in use; nothing else in the file changes", async () => {
    fake.declare(KEY, 100);
    const before = JSON.parse(configText());
    const { status, stderr } = await secrets(["rotate", "staging", "anthropic-api-key"], VALUE);
    expect(status).toBe(0);
    expect(fake.values(KEY)).toEqual(["value of 100 days ago", VALUE]);
    before.context.plue.staging.secretVersions = { "anthropic-api-key": 2 };
    expect(JSON.parse(configText())).toEqual(before);
    expect(stderr).toContain("npx plue secrets retire staging anthropic-api-key");
    expect(stderr).not.toContain(VALUE);
  });

  test("of a secret without a value is its first, and changes nothing that would have to be committed", async () => {
    const before = configText();
    const { status, stderr } = await secrets(["rotate", "staging", "anthropic-api-key"], VALUE);
    expect([status, fake.values(KEY), configText()]).toEqual([0, [VALUE], before]);
    expect(stderr).not.toMatch(/git commit|nothing reads it/);
  });

  test("raises the number of a password, asks for nothing and calls nobody", async () => {
    const { status, stderr } = await secrets(["rotate", "staging", "plue-staging-db-password"]);
    expect([status, fake.calls]).toEqual([0, 0]);
    expect(versionsInUse()).toEqual({ "plue-staging-db-password": 2 });
    expect(stderr).toContain("npx plue deploy staging-base");
  });

  test("leaves the configuration alone for a secret whose latest version is read", async () => {
    const before = configText();
    const { status, stderr } = await secrets(["rotate", "production", "cloudflare-api-token"], "token");
    expect([status, fake.values("plue-prod/cloudflare-api-token")]).toEqual([0, ["token"]]);
    expect(configText()).toBe(before);
    expect(stderr).toContain("docs/secrets.md");
  });

  test("stores nothing when the configuration is not valid", async () => {
    writeFileSync(join(folder.folder, "cdktf.json"), configText().replace('"plue-staging"', '"Plue"'));
    const { status } = await secrets(["rotate", "staging", "anthropic-api-key"], VALUE);
    expect([status, fake.values(KEY)]).toEqual([3, []]);
  });
});

describe("retire", () => {
  beforeEach(async () => {
    fake.declare(KEY, 200, 100);
    await secrets(["rotate", "staging", "anthropic-api-key"], VALUE);
  });

  test("destroys what was before the version in use, and says how to bring it back", async () => {
    const { status, stderr } = await secrets(["retire", "staging", "anthropic-api-key", "--yes"]);
    expect(status).toBe(0);
    expect(fake.secrets.get(KEY)?.map(({ state }) => state)).toEqual(["DISABLED", "DISABLED", "ENABLED"]);
    expect(stderr).toContain(
      "Destroying version 2, 1 of anthropic-api-key of plue-staging; version 3 is in use.",
    );
    expect(stderr).toContain(
      "gcloud secrets versions enable 1 --secret=anthropic-api-key --project=plue-staging",
    );
    expect((await secrets(["retire", "staging", "anthropic-api-key", "--yes"])).stderr).toContain(
      "Nothing to do",
    );
  });

  test("asks first", async () => {
    const { status } = await secrets(["retire", "staging", "anthropic-api-key"]);
    expect([status, fake.secrets.get(KEY)?.map(({ state }) => state)]).toEqual([
      5,
      ["ENABLED", "ENABLED", "ENABLED"],
    ]);
  });

  test("refuses while the version in use is not there", async () => {
    fake.declare(KEY, 200, 100);
    const { status, stderr } = await secrets(["retire", "staging", "anthropic-api-key", "--yes"]);
    expect([status, fake.secrets.get(KEY)?.map(({ state }) => state)]).toEqual([5, ["ENABLED", "ENABLED"]]);
    expect(stderr).toContain("version 3 is to be in use and is not there");
  });
});

describe("list", () => {
  const rowOf = async (secret: string, environment = "staging") => {
    const { stdout } = await secrets(["list", "--json"]);
    return JSON.parse(stdout).find(
      (row: { secret: string; environment: string }) =>
        row.secret === secret && row.environment === environment,
    );
  };

  test("names the secrets of both environments, and those without a value", async () => {
    const { status, stdout } = await secrets(["list", "--json"]);
    const rows: { environment: string; secret: string; problem: string }[] = JSON.parse(stdout);
    expect(status).toBe(1);
    expect(rows.map(({ environment, secret, problem }) => [environment, secret, problem])).toEqual([
      ["staging", "anthropic-api-key", "missing"],
      ["staging", "cloudflare-api-token", "missing"],
      ["staging", "github-app-private-key", "missing"],
      ["staging", "plue-staging-db-password", null],
      ["production", "anthropic-api-key", "missing"],
      ["production", "cloudflare-api-token", "missing"],
      ["production", "github-app-private-key", "missing"],
      ["production", "plue-prod-db-password", null],
    ]);
  });

  test("says which is due: the version in use is older than its days", async () => {
    fake.declare(KEY, 91);
    expect(await rowOf("anthropic-api-key")).toMatchObject({ inUse: 1, problem: "due" });
    fake.declare(KEY, 89);
    expect(await rowOf("anthropic-api-key")).toMatchObject({ inUse: 1, problem: null, enabled: [1] });
  });

  test("says which has old versions left", async () => {
    fake.declare(KEY, 100, 99);
    await secrets(["rotate", "staging", "anthropic-api-key"], VALUE);
    expect(await rowOf("anthropic-api-key")).toMatchObject({
      inUse: 3,
      problem: "retire",
      enabled: [3, 2, 1],
    });
  });

  test("says when the version in use is disabled", async () => {
    for (const version of fake.declare(KEY, 1)) version.state = "DISABLED";
    expect(await rowOf("anthropic-api-key")).toMatchObject({ problem: "not enabled" });
  });

  test("a secret that the caller may not see is a row as any other", async () => {
    fake.forbidden.add("plue-prod/anthropic-api-key");
    expect(await rowOf("anthropic-api-key", "production")).toMatchObject({ problem: "not yours to read" });
  });

  test("prints a table, with the command that mends each", async () => {
    const { stdout } = await secrets(["list", "staging"]);
    expect(stdout).toMatch(/^ENVIRONMENT {2}SECRET +IN USE {2}AGE +DUE +STATE$/m);
    expect(stdout).toContain("missing: npx plue secrets set staging anthropic-api-key");
    expect(stdout).not.toContain("production");
  });
});

describe("faults", () => {
  test.each([
    [["list", "stagin"], 2, 'there is no environment "stagin"; did you mean staging?'],
    [["set", "staging", "antropic-api-key"], 2, "did you mean anthropic-api-key?"],
    [["set", "staging", "xxxx"], 2, "there are: anthropic-api-key, cloudflare-api-token"],
  ])("%j is wrong usage", async (args, status, message) => {
    const run = await secrets(args, VALUE);
    expect([run.status, run.stdout]).toEqual([status, ""]);
    expect(run.stderr).toContain(message);
  });

  test("a secret that was never deployed is named, with what to do", async () => {
    fake.secrets.clear();
    const { status, stderr } = await secrets(["set", "staging", "anthropic-api-key"], VALUE);
    expect(status).toBe(4);
    expect(stderr).toContain(
      "there is no secret anthropic-api-key of plue-staging (Secret [plue-staging/anthropic-api-key] not found): deploy the stack",
    );
  });

  test("a refusal of Google's is passed on, without a stack trace", async () => {
    fake.forbidden.add(KEY);
    const { status, stderr } = await secrets(["set", "staging", "anthropic-api-key"], VALUE);
    expect(status).toBe(4);
    expect(stderr).toBe(
      "cannot list the versions of secret anthropic-api-key of plue-staging: your Google account may not (Permission denied on resource project plue-staging): it needs at least roles/secretmanager.viewer on secret anthropic-api-key of plue-staging, if there is one of that name\n",
    );
  });

  test("nobody answers", async () => {
    const host = fake.host;
    await fake.stop();
    const run = await folder.plue(
      ["secrets", "set", "staging", "anthropic-api-key"],
      { SECRET_MANAGER_EMULATOR_HOST: host },
      VALUE,
    );
    fake = await FakeSecretManager.start();
    expect([run.status, run.stderr]).toEqual([
      4,
      expect.stringMatching(
        /^cannot list the versions of .*: Google Cloud cannot be reached \(.*ECONNREFUSED.*\).*\n$/,
      ),
    ]);
  });
});
