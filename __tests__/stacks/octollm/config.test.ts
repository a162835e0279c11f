import { readFileSync } from "node:fs";
import { InvalidInputError } from "../../../lib/input/problems";
import { parseConfig } from "../../../stacks/octollm/config";
import { FOLDER } from "./synthesize";

// biome-ignore lint/suspicious/noExplicitAny: what people could write
type Config = any;
const written = JSON.parse(readFileSync(`${FOLDER}/cdktf.json`, "utf8"));

/** What is said of the configuration with a change: places and messages. */
function complaints(change: (octollm: Config) => void): string[] {
  const file = structuredClone(written);
  change(file.context.octollm);
  try {
    parseConfig(JSON.stringify(file), "cdktf.json");
    return [];
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    return error.problems.map(({ path, message }) => `${path.slice(2).join(".")}: ${message}`);
  }
}

test("the committed configuration is right", () => expect(complaints(() => {})).toEqual([]));

test.each<[string, (octollm: Config) => void, RegExp]>([
  [
    "a project of two environments",
    ({ staging }) => Object.assign(staging, { projectId: "octollm-dev" }),
    /^staging\.projectId: .*octollm-dev.* is dev's: give staging a project of its own$/,
  ],
  [
    "a bucket of two environments",
    ({ prod }) => Object.assign(prod, { stateBucket: "octollm-staging-terraform-state" }),
    /^prod\.stateBucket: .* is staging's: give prod a bucket of its own$/,
  ],
  [
    "an application of another owner",
    (octollm) => Object.assign(octollm, { applicationRepository: "acme/octollm" }),
    /^applicationRepository: .*another owner/,
  ],
  [
    "a range that does not begin with its first address",
    (octollm) => Object.assign(octollm, { officeRange: "203.0.113.7/24" }),
    /^officeRange: .*203\.0\.113\.0\/24/,
  ],
  [
    "the version of a secret that there is not",
    ({ dev }) => Object.assign(dev, { secretVersions: { "openai-key": 2 } }),
    /^dev\.secretVersions: .*openai-key.* has no version to set: there are openai-api-key, octollm-dev-postgres-admin$/,
  ],
  [
    "a name server with a dot",
    ({ prod }) =>
      Object.assign(prod, {
        delegations: {
          dev: { nameServers: ["ns-cloud-a1.googledomains.com.", "ns-cloud-a2.googledomains.com"] },
        },
      }),
    /^prod\.delegations\.dev\.nameServers\.0: .*host name/,
  ],
  [
    "delegations of an environment that has none",
    ({ dev }) => Object.assign(dev, { delegations: {} }),
    /delegations/,
  ],
  [
    "a digest with its algorithm",
    ({ images }) => Object.assign(images, { pgbouncer: `sha256:${"a".repeat(64)}` }),
    /^images\.pgbouncer: .*digest/,
  ],
])("refused: %s", (_, change, message) => {
  const found = complaints(change);
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(message);
});

test("everything that is wrong is told at once", () => {
  const found = complaints((octollm) => {
    octollm.domain = "https://octollm.com";
    octollm.staging.projectId = "octollm-dev";
    octollm.dev.region = "us-centrl1";
  });
  expect(found.map((line) => line.split(":")[0]).sort()).toEqual([
    "dev.region",
    "domain",
    "staging.projectId",
  ]);
});
