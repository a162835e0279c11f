import { readFileSync } from "node:fs";
import { parseState, StateError } from "../../../tools/state/terraform-state";
import { HOSTILE, obeyed } from "../../support/hostile-text";

/** What Terraform 1.11 wrote for five `terraform_data`. */
const recorded = readFileSync("__tests__/tools/state/fixtures/terraform-1.11.tfstate", "utf8");
const WHERE = "gs://bucket/staging-alice/default.tfstate";
const parse = (text: string) => parseState(text, WHERE);

/** The recorded state with something changed. */
const changed = (change: object) => parse(JSON.stringify({ ...JSON.parse(recorded), ...change }));
const resource = (more: object) => ({
  mode: "managed",
  type: "google_sql_user",
  name: "user",
  instances: [{}],
  ...more,
});

test("a state that Terraform wrote is read: resources by address, output, version", () => {
  expect(parse(recorded)).toEqual({
    terraformVersion: "1.11.4",
    serial: 2,
    resources: [
      "terraform_data.n[0]",
      "terraform_data.n[1]",
      "terraform_data.namespace",
      'terraform_data.pod["api"]',
      'terraform_data.pod["ui"]',
    ],
    url: "https://alice.staging.plue.dev",
    images: [],
    providers: [],
  });
});

test("a destroyed stack's state holds nothing", () => {
  expect(changed({ resources: [], outputs: {} })).toEqual({
    terraformVersion: "1.11.4",
    serial: 2,
    resources: [],
    images: [],
    providers: [],
  });
});

test.each([
  ['provider["registry.terraform.io/hashicorp/google"]', ["hashicorp/google"]],
  ['provider["registry.opentofu.org/hashicorp/google"]', ["hashicorp/google"]],
  ['provider["registry.terraform.io/hashicorp/google"].billing', ["hashicorp/google"]],
  ['module.a.provider["registry.terraform.io/hashicorp/google"]', ["hashicorp/google"]],
  ['provider["registry.terraform.io/mallory/google"]', ["mallory/google"]],
  ['provider["evil.example/hashicorp/google"]', ["evil.example/hashicorp/google"]],
  [
    'provider["registry.terraform.io.evil.example/hashicorp/google"]',
    ["registry.terraform.io.evil.example/hashicorp/google"],
  ],
  ['provider["terraform.io/builtin/terraform"]', []],
  ["provider.mallory", ["provider.mallory"]],
  ['module.a["b"].provider["evil.example/a/b"]', ['module.a["b"].provider["evil.example/a/b"]']],
  [undefined, []],
])("of %s Terraform would start %j, managed or read", (provider, providers) => {
  for (const mode of ["managed", "data"])
    expect(changed({ resources: [resource({ mode, provider })] }).providers).toEqual(providers);
});

test("modules and objects that a replacement left over are named as Terraform names them", () => {
  const resources = [resource({ module: "module.a", instances: [{}, { deposed: "4a1b" }] })];
  expect(changed({ resources }).resources).toEqual([
    "module.a.google_sql_user.user",
    "module.a.google_sql_user.user (deposed 4a1b)",
  ]);
});

test("images come with tag and digest, and data sources do not count as resources", () => {
  const attributes = {
    image_name: "zig-api:alice",
    self_link: "us-central1-docker.pkg.dev/plue-staging/plue/zig-api@sha256:1a2b",
  };
  const image = resource({
    mode: "data",
    type: "google_artifact_registry_docker_image",
    instances: [{ attributes }],
  });
  expect(changed({ resources: [image] })).toMatchObject({
    resources: [],
    images: [{ name: "zig-api:alice", digest: "sha256:1a2b" }],
  });
});

test("whatever somebody writes into a state, nothing of it is obeyed or ends a line", () => {
  const hostile = resource({
    module: `module.${HOSTILE}`,
    type: HOSTILE,
    name: HOSTILE,
    instances: [{ index_key: HOSTILE, deposed: HOSTILE }],
  });
  const image = resource({
    mode: "data",
    type: "google_artifact_registry_docker_image",
    instances: [
      { attributes: { image_name: HOSTILE, self_link: "x@sha256:1a2b" } },
      { attributes: { image_name: "zig-api:alice", self_link: `x@${HOSTILE}` } },
    ],
  });
  const state = changed({
    resources: [hostile, image],
    terraform_version: HOSTILE,
    outputs: { url: { value: HOSTILE, type: "string" } },
  });
  const read = [state.terraformVersion, state.url ?? "", ...state.resources];
  expect(read).toHaveLength(3);
  for (const text of read) {
    expect(text).toMatch(/^x|^module\.x/);
    expect(obeyed(text)).toEqual([]);
    expect(text).not.toContain("\n");
  }
  expect(state.images).toEqual([]);
});

test("a url that is marked sensitive is not read", () => {
  expect(changed({ outputs: { url: { value: "https://x", sensitive: true } } })).not.toHaveProperty("url");
});

const faultOf = (text: string): Pick<StateError, "fault" | "message"> => {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof StateError) return { fault: error.fault, message: error.message };
    throw error;
  }
  throw new Error("it was read");
};

test("a newer format is told from damage", () => {
  expect(faultOf(recorded.replace('"version": 4', '"version": 5'))).toEqual({
    fault: "newer",
    message: `${WHERE} has state format 5, written by a newer Terraform; this program knows format 4: update the program`,
  });
});

test.each([
  ["", "it is empty"],
  [" \n", "it is empty"],
  ["{", "it is not complete JSON"],
  ["null", "it is JSON, but not a Terraform state"],
  ["[]", "it is JSON, but not a Terraform state"],
  ['{"version": 3}', "it is JSON, but not a Terraform state"],
])("damage is said and how to restore an older version: %j", (text, why) => {
  const { fault, message } = faultOf(text);
  expect(fault).toBe("damaged");
  expect(message).toContain(`${WHERE} is damaged: ${why}. `);
  expect(message).toContain(`gcloud storage ls --all-versions ${WHERE}`);
});

test("a state cut off anywhere is damaged, never read as a smaller one", () => {
  const complete = recorded.trimEnd();
  for (let length = 0; length < complete.length; length += 37)
    expect(faultOf(complete.slice(0, length)).fault).toBe("damaged");
});
