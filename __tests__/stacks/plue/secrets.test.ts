import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { exposedSecrets } from "../../../tools/policy/rules/exposed-secrets";
import { ALICE, BOB, charts, synthesizeProgram } from "../../support/program";

const leaving = { ...BOB, state: "offboarding" };
const stacks = synthesizeProgram({ engineers: [ALICE, leaving] });
const secretIds = new Set(
  [...stacks.values()].flatMap((stack) =>
    Object.values(stack.resources("google_secret_manager_secret")).map(({ secret_id }) => secret_id),
  ),
);

test.each([...stacks])("no secret lands in state or plan of %s", (_, { json }) => {
  expect(exposedSecrets(json, secretIds)).toEqual([]);
});

test("passwords are made where they are used: there is one in each GCP stack, and nowhere else", () => {
  const made = [...stacks].flatMap(([name, { json }]) =>
    Object.entries<object>(json["ephemeral"] ?? {}).flatMap(([type, named]) =>
      Object.keys(named).map((id) => `${name}: ${type}.${id}`),
    ),
  );
  expect(made.sort()).toEqual([
    "production: random_password.sql_admin_password",
    "staging-base: random_password.sql_admin_password",
  ]);
});

test("no stack asks for a value but an image's tag and digest, and whom to act as", () => {
  const variables = [...stacks].map(([name, { json }]) => [name, Object.keys(json["variable"] ?? {})]);
  expect(Object.fromEntries(variables)).toEqual({
    production: [],
    "production-app": ["image_digests", "image_tag"],
    "production-bootstrap": [],
    "staging-access": [],
    "staging-alice": ["acting_as", "image_digests", "image_tag"],
    "staging-base": [],
    "staging-bootstrap": [],
    "staging-bob": ["acting_as", "image_tag"],
    "staging-platform": [],
  });
});

test("providers get no credentials from the program: Google's and Cloudflare's are whoever runs it, clusters' a plug-in", () => {
  for (const [name, { json }] of stacks)
    for (const [provider, [config]] of Object.entries<[Record<string, unknown>]>(json["provider"])) {
      const takes = Object.keys(config).sort();
      if (provider.startsWith("google"))
        // An account to act as is none: whoever runs it has to be allowed to.
        expect(
          takes.filter((each) => each !== "impersonate_service_account" || !/-(alice|bob)$/.test(name)),
        ).toEqual(["project", "region"]);
      else if (provider === "kubernetes") expect(takes).toEqual(["exec", "host"]);
      else if (provider === "helm") expect(takes).toEqual(["helm_driver", "kubernetes"]);
      else expect(takes).toEqual([]);
    }
});

test("the charts make no Kubernetes Secret: external-secrets does", () => {
  for (const chart of Object.values(charts)) {
    const templates = join("helm", chart.name, "templates");
    for (const file of readdirSync(templates))
      expect([file, readFileSync(join(templates, file), "utf8")]).not.toEqual([
        file,
        expect.stringMatching(/^\s*kind:\s*["']?Secret\b/m),
      ]);
  }
});

describe("the walk finds", () => {
  const password = { ephemeral: { random_password: { p: { length: 32 } } } };
  const wo = "${ephemeral.random_password.p.result}";

  test.each<[what: string, json: object, ...expected: string[]]>([
    [
      "a password that is kept",
      { resource: { google_sql_user: { u: { name: "plue", password: "hunter2" } } } },
      "resource.google_sql_user.u.password: a secret in an argument that is kept",
    ],
    [
      "a password from a variable, which lands in the plan",
      {
        variable: { db_password: { type: "string", sensitive: true } },
        resource: { google_sql_user: { u: { password: "${var.db_password}" } } },
      },
      "variable.db_password: its value lands in the plan",
      "resource.google_sql_user.u.password: refers to a secret, var.db_password",
    ],
    [
      "a generated password that is kept",
      {
        resource: {
          random_password: { p: { length: 32 } },
          google_sql_user: { u: { name: "${random_password.p.result}" } },
        },
      },
      "resource.random_password: its state holds a secret",
      "resource.random_password: its state holds the value, which is random for a reason",
    ],
    [
      "an ephemeral value where it is kept",
      { ...password, resource: { google_sql_user: { u: { password: wo } } } },
      "resource.google_sql_user.u.password: an ephemeral value in an argument that is kept",
    ],
    [
      "an ephemeral value in a local, an output or a release's values",
      {
        ...password,
        locals: { url: `postgresql://${wo}@localhost` },
        output: { o: { value: wo } },
        resource: { helm_release: { r: { values: [`pw: ${wo}`] } } },
      },
      "locals.url: an ephemeral value in an argument that is kept",
      "output.o.value: an ephemeral value in an argument that is kept",
      "resource.helm_release.r.values.0: an ephemeral value in an argument that is kept",
    ],
    [
      "a write-only argument with a value from the code",
      { resource: { google_sql_user: { u: { password_wo: "hunter2", password_wo_version: 1 } } } },
      "resource.google_sql_user.u.password_wo: write-only, but not fed by an ephemeral resource of this stack",
    ],
    [
      "a write-only argument with something around the ephemeral value",
      {
        ...password,
        resource: { google_sql_user: { u: { password_wo: `x${wo}`, password_wo_version: 1 } } },
      },
      "resource.google_sql_user.u.password_wo: write-only, but not fed by an ephemeral resource of this stack",
    ],
    [
      "a write-only argument fed by what is not there",
      { resource: { google_sql_user: { u: { password_wo: wo, password_wo_version: 1 } } } },
      "resource.google_sql_user.u.password_wo: write-only, but not fed by an ephemeral resource of this stack",
    ],
    [
      "a write-only argument that could never change",
      { ...password, resource: { google_sql_user: { u: { password_wo: wo } } } },
      "resource.google_sql_user.u.password_wo: write-only, but without a version",
    ],
    [
      "the value of a secret",
      { resource: { google_secret_manager_secret_version: { v: { secret_data: "x" } } } },
      "resource.google_secret_manager_secret_version.v.secret_data: a secret in an argument that is kept",
    ],
    [
      "a value under the name of a secret that is not a secret's id",
      { locals: { values: { secrets: { ANTHROPIC_API_KEY: "anthropic-api-keys" } } } },
      "locals.values.secrets.ANTHROPIC_API_KEY: a secret in an argument that is kept",
    ],
    [
      "keys and tokens of channels",
      {
        resource: {
          google_monitoring_notification_channel: {
            pagerduty: { labels: { service_key: "k" } },
            slack: { sensitive_labels: { auth_token: "t", other: "o" } },
          },
        },
      },
      "resource.google_monitoring_notification_channel.pagerduty.labels.service_key: a secret in an argument that is kept",
      "resource.google_monitoring_notification_channel.slack.sensitive_labels.auth_token: a secret in an argument that is kept",
      "resource.google_monitoring_notification_channel.slack.sensitive_labels.other: a secret in an argument that is kept",
    ],
    [
      "sensitive values of a release",
      { resource: { helm_release: { r: { set_sensitive: [{ name: "a", value: "b" }] } } } },
      "resource.helm_release.r.set_sensitive.0.name: a secret in an argument that is kept",
      "resource.helm_release.r.set_sensitive.0.value: a secret in an argument that is kept",
    ],
    [
      "a token in a provider",
      {
        data: { google_client_config: { c: {} } },
        provider: { kubernetes: [{ token: "${data.google_client_config.c.access_token}" }] },
      },
      "data.google_client_config: not known to be without secrets",
      "provider.kubernetes.0.token: refers to a secret, data.google_client_config.c.access_token",
    ],
    [
      "a key in a provider",
      { provider: { cloudflare: [{ api_token: "t" }], google: [{ credentials: "{}" }] } },
      "provider.cloudflare.0.api_token: a secret in an argument that is kept",
      "provider.google.0.credentials: a secret in an argument that is kept",
    ],
    [
      "the value of a secret, read",
      { data: { google_secret_manager_secret_version: { v: { secret: "s" } } } },
      "data.google_secret_manager_secret_version: not known to be without secrets",
      "data.google_secret_manager_secret_version.v.secret: a secret in an argument that is kept",
    ],
    [
      "an output that hands a secret on",
      {
        output: {
          key: { value: "${google_container_cluster.c.master_auth[0].client_key}", sensitive: true },
          url: { value: "postgresql://u:${google_sql_user.u.password}@h" },
        },
      },
      "output.key.value: refers to a secret, google_container_cluster.c.master_auth[0].client_key",
      "output.url.value: looks like a secret",
    ],
    [
      "a local and an output that are called after a secret",
      { locals: { db_password: "x" }, output: { api_token: { value: "x", sensitive: true } } },
      "locals.db_password: a secret in an argument that is kept",
      "output.api_token.value: a secret in an argument that is kept",
    ],
    [
      "resources whose state is a secret",
      {
        resource: {
          google_service_account_key: { k: {} },
          kubernetes_secret_v1: { s: { data: { a: "b" } } },
        },
      },
      "resource.google_service_account_key: its state holds a secret",
      "resource.kubernetes_secret_v1: its state holds a secret",
    ],
    [
      "what looks like a secret, whatever it is called",
      {
        locals: { a: "-----BEGIN RSA PRIVATE KEY-----", b: `ghp_${"x".repeat(36)}` },
        resource: { terraform_data: { x: { input: "postgresql://plue:hunter2@localhost:5432/plue" } } },
      },
      "resource.terraform_data.x.input: looks like a secret",
      "locals.a: looks like a secret",
      "locals.b: looks like a secret",
    ],
  ])("%s", (_, json, ...expected) => {
    expect(exposedSecrets(json, new Set(["anthropic-api-key"])).sort()).toEqual(expected.sort());
  });

  test("nothing in what is right", () => {
    const json = {
      ...password,
      resource: {
        google_sql_user: { u: { name: "plue", password_wo: wo, password_wo_version: 1 } },
        google_secret_manager_secret: { s: { secret_id: "anthropic-api-key", version_destroy_ttl: "1s" } },
        google_secret_manager_secret_version: {
          v: {
            secret: "${google_secret_manager_secret.s.id}",
            secret_data_wo: wo,
            secret_data_wo_version: 1,
          },
        },
      },
      locals: { values: { secrets: { ANTHROPIC_API_KEY: "anthropic-api-key", projectId: "p" } } },
      output: { secret_id: { value: "${google_secret_manager_secret.s.secret_id}" } },
    };
    expect(exposedSecrets(json, new Set(["anthropic-api-key"]))).toEqual([]);
  });
});
