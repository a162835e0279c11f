import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { copyThat } from "../../../stacks/copy-that";
import { parseConfig } from "../../../stacks/copy-that/config";
import { ejectedRepository } from "../../../tools/eject/repository";

const text = readFileSync("stacks/copy-that/cdktf.json", "utf8");
const changed = (from: string, to: string) => () => parseConfig(text.replace(from, to), "cdktf.json");

test.each([
  [
    "a project that both have",
    '"copy-that-production"',
    '"copy-that-staging"',
    'production.projectId: "copy-that-staging" is staging\'s project: production needs one of its own',
  ],
  [
    "a bucket that both have",
    '"copy-that-production-terraform-state"',
    '"copy-that-staging-terraform-state"',
    'production.stateBucket: "copy-that-staging-terraform-state" is staging\'s bucket',
  ],
  [
    "a developer who is no IAM member",
    '"group:developers@company.com"',
    '"developers@company.com"',
    '"developers@company.com" is not an IAM member',
  ],
  ["a key that nobody knows", '"developers":', '"developrs":', "developrs"],
  ["no domain of production", '"domain": "copy-that.com",', "", 'the key "domain" is missing'],
])("refuses %s", (_, from, to, message) => {
  expect(text).toContain(from);
  expect(changed(from, to)).toThrow(message);
});

test("what is wrong in both files is told at once", () => {
  const folder = mkdtempSync(join(tmpdir(), "plue-copy-that-"));
  try {
    for (const name of ["cdktf.json", "releases.json"])
      cpSync(resolve("stacks/copy-that", name), join(folder, name));
    writeFileSync(join(folder, "cdktf.json"), text.replace('"us-central1"', '"us-central1-a"'));
    writeFileSync(
      join(folder, "releases.json"),
      readFileSync("stacks/copy-that/releases.json", "utf8").replace("sha256:0", "sha256:x"),
    );
    expect(() => copyThat.readProject(folder)).toThrow(/cdktf\.json:\d+:\d+: .*\n.*releases\.json:\d+:\d+: /);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("an ejected copy has variables in place of what belongs to the installation, in one order", () => {
  const project = copyThat.readProject("stacks/copy-that");
  const values = project.installation.map(({ value }) => value);
  expect(
    project.installation.map(({ variable, environment }) => `${environment ?? "all"} ${variable}`),
  ).toEqual([
    "staging project_id",
    "staging region",
    "staging alert_emails",
    "production project_id",
    "production region",
    "production alert_emails",
    "all billing_account",
  ]);
  expect(project.withInstallation(values).config).toEqual(project.config);
  const other = project.withInstallation(["acme-staging", ...values.slice(1)]);
  expect(other.config.staging.projectId).toBe("acme-staging");
  expect(other.config.production).toEqual(project.config.production);
});

test("it ejects: each stack is an environment, and what is in the way of a module has another way to say it", () => {
  const { environments } = ejectedRepository(copyThat.readProject("stacks/copy-that"));
  expect([...environments].sort()).toEqual(
    copyThat
      .readProject("stacks/copy-that")
      .declared.map(({ stack }) => stack)
      .sort(),
  );
});
