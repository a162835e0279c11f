import { readFileSync } from "node:fs";
import { InvalidInputError } from "../../../../lib/input/problems";
import { parseConfig, readConfig, stateOwner } from "../../../../stacks/plue/config";
import { printedBy } from "../../../support/problems";
import fc from "../../../support/properties";

const committed = readFileSync("cdktf.json", "utf8");
const print = (text: string) => printedBy(() => parseConfig(text, "cdktf.json"));

// biome-ignore lint/suspicious/noExplicitAny: tests put anything anywhere
type Any = any;
/** What is printed after a change to context.plue, without file and place. */
const printAfter = (change: (plue: Any) => void) => {
  const file = JSON.parse(committed);
  change(file.context.plue);
  return print(JSON.stringify(file, null, 2)).map((line) =>
    line.replace(/^cdktf\.json:\d+:\d+: context\.plue\.?/, ""),
  );
};

test("the committed configuration is Plue's", () => {
  const config = readConfig("cdktf.json");
  expect(config.domain).toBe("plue.dev");
  expect(config.platformTeam).toEqual({ platform: "group:platform@plue.dev" });
  expect(config.staging).toMatchObject({
    projectId: "plue-staging",
    region: "us-central1",
    stateBucket: "plue-terraform-state",
    domain: "staging.plue.dev",
    alertEmails: { platform: "platform@plue.dev" },
  });
  expect(config.production).toMatchObject({
    projectId: "plue-prod",
    domain: "plue.dev",
    region: "us-central1",
  });
});

test("the CLI finds what it needs to run the program, and writes nothing of its own into the file", () => {
  // Without a projectId it would make one up and rewrite the file.
  expect(JSON.parse(committed)).toMatchObject({
    language: "typescript",
    app: "node scripts/app.mjs",
    projectId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    sendCrashReports: "false",
  });
});

test("all that may be set is taken", () => {
  const full = JSON.parse(committed);
  Object.assign(full.context.plue, {
    githubRepository: "plue/plue",
    applicationRepository: "plue/api",
    platformTeam: {
      platform: "group:platform@plue.dev",
      ann: "user:ann@plue.dev",
      ci: "serviceAccount:ci@plue-prod.iam.gserviceaccount.com",
    },
  });
  const network = {
    nodes: "10.128.0.0/20",
    pods: "172.16.0.0/14",
    services: "192.168.16.0/20",
    privateServices: "100.64.0.0/20",
  };
  Object.assign(full.context.plue.staging, {
    network,
    secretVersions: { "plue-staging-db-password": 2 },
    domain: "plue-staging.dev",
    dnsZone: { domain: "plue-staging.dev", cloudflareZoneId: "1".repeat(32) },
  });
  Object.assign(full.context.plue.production, {
    secretVersions: { "anthropic-api-key": 3 },
    zones: ["us-central1-a", "us-central1-f"],
    stateKmsKey: "projects/plue-prod/locations/us-central1/keyRings/terraform/cryptoKeys/state",
    slackChannel: "#alerts",
    domain: "app.plue.dev",
    network: { ...network, pods: "10.64.0.0/14" },
  });
  expect(parseConfig(JSON.stringify(full), "cdktf.json")).toEqual(full.context.plue);
});

test("what is said of the network leaves the rest as it is", () => {
  const file = JSON.parse(committed);
  file.context.plue.staging.network = { pods: "10.64.0.0/14" };
  const { staging, production } = parseConfig(JSON.stringify(file), "cdktf.json");
  expect(staging.network).toEqual({
    nodes: "10.0.0.0/16",
    pods: "10.64.0.0/14",
    services: "10.2.0.0/16",
    privateServices: "10.3.0.0/16",
  });
  expect(production.network.pods).toBe("10.1.0.0/16");
});

test("a domain that only ends as staging's does is production's to have", () => {
  expect(printAfter((plue) => (plue.production.domain = "mystaging.plue.dev"))).toEqual([]);
});

test.each(["plue-staging.dev", "env.plue-staging.dev"])(
  "with a zone of its own, staging's hosts may be below %s",
  (domain) => {
    const dnsZone = { domain: "plue-staging.dev", cloudflareZoneId: "1".repeat(32) };
    expect(printAfter((plue) => Object.assign(plue.staging, { domain, dnsZone }))).toEqual([]);
  },
);

test("keys and context of the CLI's own are left to it", () => {
  const file = JSON.parse(committed);
  Object.assign(file, {
    codeMakerOutput: ".gen",
    context: { ...file.context, excludeStackIdFromLogicalIds: "true" },
  });
  expect(print(JSON.stringify(file))).toEqual([]);
});

test("nothing of it can be changed", () => {
  const config = readConfig("cdktf.json");
  expect(() => Object.assign(config.staging.alertEmails, { x: "x@plue.dev" })).toThrow(TypeError);
});

describe("what is refused", () => {
  test.each([
    ['{"app": "x"}', '1:1: the key "context" is missing'],
    ['{"contxt": {}}', '1:2: contxt: unknown key "contxt": did you mean "context"?'],
    ['{"context": {"Plue": {}}}', '1:14: context.Plue: unknown key "Plue": did you mean "plue"?'],
    ['{"context": {"plue": null}}', "1:22: context.plue: expected an object; found null"],
  ])("%s", (text, expected) => expect(print(text)).toEqual([`cdktf.json:${expected}`]));

  test.each<[what: string, change: (plue: Any) => void, ...expected: (string | RegExp)[]]>([
    [
      "a key too few",
      (c) => delete c.staging.region,
      /^staging: the key "region" is missing: for instance "region": "us-central1"$/,
    ],
    [
      "a key too many",
      (c) => (c.production.tier = 1),
      /^production\.tier: unknown key "tier": known here are "projectId", /,
    ],
    [
      "a misspelled optional key",
      (c) => (c.staging.zone = ["us-central1-a"]),
      'staging.zone: unknown key "zone": did you mean "zones"?',
    ],
    [
      "one project for both",
      (c) => (c.production.projectId = "plue-staging"),
      `production.projectId: "plue-staging" is staging's project: production needs one of its own`,
    ],
    [
      "a project number",
      (c) => (c.staging.projectId = "123456789012"),
      /^staging\.projectId: "123456789012" is not a project id: use 6 to 30/,
    ],
    [
      "a zone for a region",
      (c) => (c.staging.region = "us-central1-a"),
      `staging.region: "us-central1-a" is not a region: write it as Google Cloud does, without a zone's letter, for instance "us-central1"`,
    ],
    ["a multi-region", (c) => (c.staging.region = "US"), /^staging\.region: "US" is not a region/],
    [
      "zones of elsewhere, twice, or none",
      (c) => (c.staging.zones = ["us-east1-b", "us-central1-a", "us-central1-a", "a"]),
      'staging.zones[0]: "us-east1-b" is not in "us-central1": for instance "us-central1-a"',
      'staging.zones[2]: "us-central1-a" is listed already: remove it here',
      /^staging\.zones\[3\]: "a" is not a zone/,
    ],
    [
      "no zones",
      (c) => (c.staging.zones = []),
      "staging.zones: an empty list has too few elements: at least 1",
    ],
    [
      "a bucket's URL",
      (c) => (c.staging.stateBucket = "gs://plue-state/x"),
      /^staging\.stateBucket: "gs:.* for instance "plue-state"$/,
    ],
    [
      "a bucket Google keeps",
      (c) => (c.staging.stateBucket = "goog-state"),
      /^staging\.stateBucket: "goog-state" is not a bucket name/,
    ],
    [
      "half a key name",
      (c) => (c.staging.stateKmsKey = "terraform/state"),
      /^staging\.stateKmsKey: .* is not a key name: write it in full, for instance "projects\//,
    ],
    [
      "a URL for a domain",
      (c) => (c.domain = "https://Plue.dev/"),
      /^domain: "https:\/\/Plue\.dev\/" is not a domain: .*, for instance "plue\.dev"$/,
    ],
    [
      "staging two labels deep",
      (c) => (c.staging.domain = "a.staging.plue.dev"),
      /^staging\.domain: "a\.staging\.plue\.dev" is not one label below "plue\.dev", .* for instance "staging\.plue\.dev", or name its zone in dnsZone$/,
    ],
    [
      "staging in another zone",
      (c) => (c.staging.domain = "staging.plue.com"),
      /^staging\.domain: "staging\.plue\.com" is not one label below "plue\.dev", .*, or name its zone in dnsZone$/,
    ],
    [
      "a zone of staging's that is the product's",
      (c) => (c.staging.dnsZone = { domain: "staging.plue.dev", cloudflareZoneId: "1".repeat(32) }),
      /^staging\.dnsZone\.domain: "staging\.plue\.dev" and the product's "plue\.dev" are one domain, whose cookies travel: name another that you registered, or leave dnsZone out$/,
    ],
    [
      "a zone of staging's that holds the product's",
      (c) => {
        c.domain = c.production.domain = "app.plue.dev";
        c.staging.dnsZone = { domain: "plue.dev", cloudflareZoneId: "1".repeat(32) };
      },
      /^staging\.dnsZone\.domain: "plue\.dev" and the product's "app\.plue\.dev" are one domain/,
    ],
    [
      "staging outside its own zone",
      (c) => (c.staging.dnsZone = { domain: "plue-staging.dev", cloudflareZoneId: "1".repeat(32) }),
      /^staging\.domain: "staging\.plue\.dev" is neither "plue-staging\.dev", the domain of dnsZone, nor one label below it, .*: for instance "plue-staging\.dev"$/,
    ],
    [
      "a zone of staging's without its id",
      (c) => {
        c.staging.domain = "plue-staging.dev";
        c.staging.dnsZone = { domain: "plue-staging.dev" };
      },
      /^staging\.dnsZone: the key "cloudflareZoneId" is missing/,
    ],
    [
      "staging on the product's own domain",
      (c) => (c.staging.domain = "plue.dev"),
      /^staging\.domain: "plue\.dev" is not one label below "plue\.dev", .*: for instance "staging\.plue\.dev"/,
    ],
    [
      "production on staging's domain",
      (c) => (c.production.domain = "staging.plue.dev"),
      /^production\.domain: "staging\.plue\.dev" is at or below "staging\.plue\.dev", which is staging's: for instance "plue\.dev"$/,
    ],
    [
      "production elsewhere, and staging on the product's own domain",
      (c) => {
        c.staging.domain = "plue.dev";
        c.production.domain = "notplue.dev";
      },
      /^staging\.domain: /,
      /^production\.domain: "notplue\.dev" is neither/,
    ],
    [
      "a mistyped region",
      (c) => (c.staging.region = "us-centrl1"),
      /^staging\.region: "us-centrl1" is no region that is known here \(one that Google opened since is a line of lib\/google\/regions\.ts\): for instance "us-central1"$/,
    ],
    [
      "another mistyped region",
      (c) => (c.production.region = "europe-wset4"),
      /^production\.region: .*: for instance "europe-west4"$/,
    ],
    [
      "a zone that its region has not",
      (c) => (c.staging.zones = ["us-central1-d"]),
      /^staging\.zones\[0\]: "us-central1-d" is no zone that is known here: "us-central1" has "us-central1-a", "us-central1-b", "us-central1-c", "us-central1-f" \(one that Google opened since is a letter in lib\/google\/regions\.ts\)$/,
    ],
    [
      "production elsewhere",
      (c) => (c.production.domain = "notplue.dev"),
      /^production\.domain: "notplue\.dev" is neither "plue\.dev" nor below it/,
    ],
    [
      "a zone's name for its id",
      (c) => (c.cloudflareZoneId = "plue.dev"),
      /^cloudflareZoneId: "plue\.dev" is not a zone id: copy the 32 hexadecimal digits/,
    ],
    [
      "a billing account in full",
      (c) => (c.billingAccount = "billingAccounts/01a2b3-000000-ffffff"),
      /^billingAccount: .* for instance "01A2B3-000000-FFFFFF"$/,
    ],
    [
      "a team without its kind",
      (c) => (c.platformTeam.platform = "platform@plue.dev"),
      /^platformTeam\.platform: "platform@plue\.dev" is not an IAM member: .*, for instance "group:platform@plue\.dev"$/,
    ],
    [
      "everybody as the team",
      (c) => (c.platformTeam.platform = "allUsers"),
      /^platformTeam\.platform: "allUsers" is not an IAM member/,
    ],
    [
      "a list of the team",
      (c) => (c.platformTeam = []),
      /^platformTeam: expected an object, for instance .*; found an empty list$/,
    ],
    [
      "no team",
      (c) => (c.platformTeam = {}),
      /^platformTeam: nobody is named here: give at least one, for instance /,
    ],
    [
      "nobody to alert",
      (c) => (c.staging.alertEmails = {}),
      /^staging\.alertEmails: nobody is named here: give at least one, for instance {"platform":"platform@plue\.dev"}$/,
    ],
    [
      "a channel that names no Terraform address",
      (c) => (c.staging.alertEmails = { "On call": "a@plue.dev" }),
      /^staging\.alertEmails\["On call"\]: "On call" is not a short name/,
    ],
    [
      "an address that is none",
      (c) => (c.staging.alertEmails.platform = "platform"),
      /^staging\.alertEmails\.platform: "platform" is not an e-mail address/,
    ],
    [
      "a channel name that nobody sees",
      (c) => (c.production.slackChannel = " alerts"),
      /^production\.slackChannel: .* character 1 is a space; .* for instance "alerts"$/,
    ],
    [
      "a budget in words",
      (c) => (c.staging.monthlyBudget.amount = "400"),
      'staging.monthlyBudget.amount: expected a number, for instance 400; found "400"',
    ],
    [
      "no budget",
      (c) => (c.staging.monthlyBudget.amount = 0),
      "staging.monthlyBudget.amount: 0 is too small: at least 1",
    ],
    [
      "a version of a secret that is none",
      (c) => (c.staging.secretVersions = { "anthropic-api-key": 0, "a b": 1 }),
      /^staging\.secretVersions\["anthropic-api-key"\]: 0 is too small: at least 1$/,
      /^staging\.secretVersions\["a b"\]: "a b" is not a secret id: character 2 is a space/,
    ],
    [
      "a repository's URL",
      (c) =>
        Object.assign(c, {
          githubRepository: "https://github.com/plue/plue.git",
          githubOwnerId: "plue",
        }),
      /^githubRepository: .* for instance "plue\/plue"$/,
      /^githubOwnerId: "plue" is not a number: write its digits in quotes, for instance "1234567"$/,
    ],
    [
      "an application of another owner, whom githubOwnerId does not stand for",
      (c) => (c.applicationRepository = "mallory/plue"),
      'applicationRepository: "mallory" is another owner than "plue" of githubRepository, for whom githubOwnerId stands',
    ],
    [
      "a project's number as a number",
      (c) => (c.staging.projectNumber = 123456789012),
      /^staging\.projectNumber: expected a string, for instance "123456789012"; found 123456789012$/,
    ],
    [
      "ranges that are none",
      (c) =>
        (c.staging.network = {
          nodes: "10.0.0.0",
          pods: "10.1.0.0/33",
          services: "10.2.0.256/20",
          privateServices: 10,
        }),
      'staging.network.nodes: "10.0.0.0" is not an IPv4 range: write its first address, a slash and its prefix length, for instance "10.0.0.0/16"',
      /^staging\.network\.pods: "10\.1\.0\.0\/33" is not an IPv4 range: .* "10\.1\.0\.0\/16"$/,
      /^staging\.network\.services: "10\.2\.0\.256\/20" is not an IPv4 range: /,
      /^staging\.network\.privateServices: expected a string, for instance "10\.3\.0\.0\/16"; found 10$/,
    ],
    [
      "ranges that do not begin with their first address, are too small, too large, or not private",
      (c) =>
        (c.production.network = {
          nodes: "10.0.0.1/16",
          pods: "10.64.0.0/30",
          services: "10.128.0.0/12",
          privateServices: "8.8.0.0/16",
        }),
      'production.network.nodes: "10.0.0.1/16" does not begin with its first address: give "10.0.0.0/16"',
      'production.network.pods: "10.64.0.0/30" is too small for pods: from /9 to /24',
      'production.network.services: "10.128.0.0/12" is too large for services: from /16 to /27',
      'production.network.privateServices: "8.8.0.0/16" is not private: take it from 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10',
    ],
    [
      "ranges that overlap each other",
      (c) => (c.staging.network = { nodes: "10.64.0.0/16", pods: "10.64.0.0/14" }),
      'staging.network.pods: "10.64.0.0/14" overlaps "10.64.0.0/16", nodes: give each a range of its own',
    ],
    [
      "a range that overlaps what others are by default",
      (c) => (c.staging.network = { nodes: "10.2.0.0/15" }),
      'staging.network.nodes: "10.2.0.0/15" overlaps "10.2.0.0/16", the default of services: give each a range of its own',
      'staging.network.nodes: "10.2.0.0/15" overlaps "10.3.0.0/16", the default of privateServices: give each a range of its own',
    ],
    [
      "a range for something else",
      (c) => (c.staging.network = { pod: "10.64.0.0/14" }),
      'staging.network.pod: unknown key "pod": did you mean "pods"?',
    ],
  ])("%s", (_, change, ...expected) => {
    const printed = printAfter(change);
    expect(printed).toEqual(
      expected.map((line) => (typeof line === "string" ? line : expect.stringMatching(line))),
    );
  });
});

test("whatever stands in the file, it is taken or refused with InvalidInputError", () => {
  const values = fc.oneof(
    fc.jsonValue(),
    fc.string({ unit: "binary" }),
    fc.constantFrom("plue.dev", "us-central1"),
  );
  const paths = fc.constantFrom(...pathsOf(JSON.parse(committed)));
  fc.assert(
    fc.property(paths, values, (path, value) => {
      const file = JSON.parse(committed);
      path.slice(0, -1).reduce((at: Any, key) => at[key], file)[path.at(-1) as string] = value;
      try {
        parseConfig(JSON.stringify(file), "cdktf.json");
      } catch (error) {
        expect(error).toBeInstanceOf(InvalidInputError);
      }
    }),
    { numRuns: 500 },
  );
});

function pathsOf(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== "object" || value === null) return [path];
  const inner = Object.entries(value).flatMap(([key, child]) => pathsOf(child, [...path, key]));
  return path.length ? [path, ...inner] : inner;
}

test("a bucket is in the project of its environment, or of production where both name it", () => {
  const config = readConfig("cdktf.json");
  const separate = { ...config, staging: { ...config.staging, stateBucket: "staging-state" } };
  expect(stateOwner(config, "staging")).toBe("production");
  expect(stateOwner(separate, "staging")).toBe("staging");
  for (const each of [config, separate]) expect(stateOwner(each, "production")).toBe("production");
});
