import { charts, synthesizeStack } from "../../support/program";
import { reviewable } from "../../support/snapshot";

const stack = synthesizeStack("production-app");
const values = stack.json["locals"].release_values;

test("production-app in whole", () => {
  expect(reviewable(stack)).toMatchSnapshot();
});

test("the release has production's database, identity and secrets", () => {
  const output = (name: string) => `\${data.terraform_remote_state.base.outputs.${name}}`;
  expect(values).toMatchObject({
    database: {
      instanceConnectionName: output("sql_connection_name"),
      privateIp: output("sql_private_ip"),
      name: output("application_database"),
      user: output("application_database_user"),
    },
    serviceAccount: { googleServiceAccount: output("application_service_account") },
    secrets: { projectId: "plue-prod" },
  });
});

test("the API answers at api.plue.dev, through the Gateway", () => {
  expect(Object.values(values.route)).toContain("api.plue.dev");
  expect(values.route.gateway).toEqual({ name: "plue", namespace: "gateway" });
});

test("the Gateway speaks current TLS, and its services take requests from Cloudflare alone", () => {
  expect(stack.json["locals"].platform_release_values.gateway.sslPolicy).toBe(
    "${data.terraform_remote_state.base.outputs.ssl_policy_name}",
  );
  expect(values.route.securityPolicy).toBe(
    "${data.terraform_remote_state.base.outputs.security_policy_name}",
  );
});

test("the namespace stays, and with it the volume of the Git repositories", () => {
  expect(stack.resource("kubernetes_namespace_v1", "production")["lifecycle"]).toEqual({
    prevent_destroy: true,
  });
});

test("images are production's own, run by the digest behind the tag production", () => {
  expect(stack.json["variable"].image_tag).toMatchObject({ default: "production", nullable: false });
  expect(stack.data("google_artifact_registry_docker_image", "release_image")).toMatchObject({
    project: "plue-prod",
    image_name: '${try("zig-api@${var.image_digests["zig-api"]}", "zig-api:${var.image_tag}")}',
  });
  expect(values.image.digest).toBe(
    '${element(split("@", data.google_artifact_registry_docker_image.release_image.self_link), 1)}',
  );
});

test("the release waits for the platform and for the policies of its namespace", () => {
  expect(stack.resource("helm_release", "release")["depends_on"]).toEqual([
    "helm_release.platform_external_secrets",
    "kubernetes_network_policy_v1.production_default_deny",
    "kubernetes_network_policy_v1.production_allow_dns",
  ]);
});

test("a change of the chart changes the release", () => {
  expect(values.chartHash).toBe(charts.plue.hash);
});
