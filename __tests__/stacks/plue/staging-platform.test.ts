import { DEPLOYER_CLUSTER_ROLES } from "../../../stacks/plue/names";
import { charts, synthesizeStack } from "../../support/program";
import { reviewable } from "../../support/snapshot";

const stack = synthesizeStack("staging-platform");

test("staging-platform in whole", () => {
  expect(reviewable(stack)).toMatchSnapshot();
});

test("the Gateway takes routes of namespaces with a label alone", () => {
  expect(stack.json["locals"].platform_release_values.gateway.routesFrom).toEqual({
    label: "plue.dev/gateway-access",
    value: "true",
  });
});

test("admission policies know engineers' deployers, and the hosts that they may serve", () => {
  expect(stack.json["locals"].platform_release_values.deployers).toMatchObject({
    accountPrefix: "tf-staging-",
    projectId: "plue-staging",
    domain: "staging.plue.dev",
  });
});

test("deployers may begin when the policies are there, and no sooner", () => {
  const role = stack.resource("kubernetes_cluster_role_v1", "deployer");
  const [operator] = role["depends_on"];
  expect(operator).toBe("helm_release.platform_external_secrets");
  expect(stack.resource("helm_release", "platform_external_secrets")["depends_on"]).toContain(
    "helm_release.platform_release",
  );
});

test("deployers bind two roles, and no other", () => {
  const { rule } = stack.resource("kubernetes_cluster_role_v1", "deployer");
  expect(rule.filter(({ verbs }: { verbs: string[] }) => verbs.includes("bind"))).toEqual([
    {
      api_groups: ["rbac.authorization.k8s.io"],
      resources: ["clusterroles"],
      resource_names: [DEPLOYER_CLUSTER_ROLES.namespace, "view"],
      verbs: ["bind"],
    },
  ]);
});

test("each engineer's login has the database of her name, and nobody is named", () => {
  expect(stack.json["locals"].platform_release_values.databaseGrants.rules).toEqual([
    { login: "staging-*@plue-staging.iam", database: "plue_*" },
  ]);
  expect(JSON.stringify(stack.json)).not.toMatch(/alice|bob/);
});

test("a change of the chart changes the release", () => {
  expect(stack.json["locals"].platform_release_values.chartHash).toBe(charts.platform.hash);
});
