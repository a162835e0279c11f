import { ALICE, charts, synthesizeStack } from "../../support/program";
import { reviewable } from "../../support/snapshot";
import type { Synthesized } from "../../support/synth";

const stack = synthesizeStack("staging-alice");
const staging = (entry: object): Synthesized =>
  synthesizeStack("staging-alice", { engineers: [{ ...ALICE, ...entry }] });
const values = ({ json }: Synthesized) => json["locals"].staging_release_values;

test("an engineer's stack in whole", () => {
  expect(reviewable(stack)).toMatchSnapshot();
});

test("the release is alice's: her host, database and identity, in her namespace", () => {
  expect(values(stack)).toMatchObject({
    environment: "staging",
    route: { host: "alice.staging.plue.dev", gateway: { name: "plue", namespace: "gateway" } },
    database: {
      name: "${google_sql_database.staging_database.name}",
      user: "staging-alice@plue-staging.iam",
    },
    serviceAccount: { googleServiceAccount: "staging-alice@plue-staging.iam.gserviceaccount.com" },
  });
  expect(stack.resource("helm_release", "staging_release")["namespace"]).toBe(
    "${kubernetes_namespace_v1.staging.metadata[0].name}",
  );
});

test("a change of the chart changes the release", () => {
  expect(values(stack).chartHash).toBe(charts.plue.hash);
});

describe("images", () => {
  const digest = (id: string) =>
    `\${element(split("@", data.google_artifact_registry_docker_image.${id}.self_link), 1)}`;

  test("run by the digest behind a tag, which is the engineer's name unless somebody says otherwise", () => {
    expect(stack.json["variable"].image_tag.default).toBe("alice");
    expect(values(stack).image.digest).toBe(digest("staging_release_image"));
    expect(values(stack).runner.image.digest).toBe(digest("staging_release_runner_image"));
  });

  test("follow the tag of the registry's entry", () => {
    expect(staging({ imageTag: "main" }).json["variable"].image_tag.default).toBe("main");
  });

  test("are not looked up while offboarding: one that is gone must not keep the stack from being destroyed", () => {
    const leaving = staging({ state: "offboarding" });
    expect(Object.keys(leaving.json["data"])).toEqual(["terraform_remote_state"]);
    expect(values(leaving).image).toEqual({
      repository: expect.stringMatching(/\/zig-api$/),
      tag: "${var.image_tag}",
    });
    expect(leaving.json["variable"].image_tag.nullable).toBe(false);
  });
});

test("an engineer on the way out keeps everything else, for the destroy", () => {
  const leaving = staging({ state: "offboarding" });
  expect(leaving.addresses).toEqual(stack.addresses);
});

test("the registry's entry sets quota and readers", () => {
  const more = staging({ quota: { cpu: "6", storage: "20Gi" }, readers: ["carol@plue.dev"] });
  expect(more.resource("kubernetes_resource_quota_v1", "staging_quota")["spec"].hard).toMatchObject({
    "requests.cpu": "6",
    "requests.memory": "8Gi",
    "requests.storage": "20Gi",
  });
  const subjects = more.resource("kubernetes_role_binding_v1", "staging_readers")["subject"];
  expect(subjects.map(({ name }: { name: string }) => name)).toEqual(["alice@plue.dev", "carol@plue.dev"]);
});
