import { OWNER_LABEL } from "../../lib/environments/registry";
import { quotaHard } from "../../lib/kubernetes/guarded-namespace";
import {
  API_SERVICE_ACCOUNT,
  DEPLOYER_CLUSTER_ROLES,
  GATEWAY,
  PRIORITY_CLASSES,
} from "../../stacks/plue/names";
import { MAX_QUOTA } from "../../stacks/plue/registry/quota";
import { describeCharts, type Manifest, passedBy, Rendered } from "../support/helm";
import { synthesizeStack } from "../support/program";

describeCharts("what every cluster has", () => {
  describe.each(["staging-platform", "production-app"])("as %s installs it", (stack) => {
    const rendered = new Rendered(passedBy(stack, "platform"));
    const gateway = rendered.get("Gateway", GATEWAY.name);

    test("has one Gateway, with the certificates of the map on its HTTPS listener", () => {
      expect(rendered.all("Gateway")).toHaveLength(1);
      expect(gateway.metadata.annotations).toEqual({ "networking.gke.io/certmap": "plue" });
      expect(gateway.spec.addresses).toEqual([{ type: "NamedAddress", value: "plue-ingress" }]);
      const [https] = gateway.spec.listeners;
      expect(https).toMatchObject({ name: "https", protocol: "HTTPS", port: 443 });
      expect(https).not.toHaveProperty("tls");
    });

    test("takes routes from labelled namespaces only, and over HTTP none but its own", () => {
      const { label, value } = GATEWAY.routesFrom;
      const from = gateway.spec.listeners.map((listener: Manifest) => [
        listener.name,
        listener.allowedRoutes.namespaces,
      ]);
      expect(from).toEqual([
        ["https", { from: "Selector", selector: { matchLabels: { [label]: value } } }],
        ["http", { from: "Same" }],
      ]);
    });

    test("sends HTTP on to HTTPS", () => {
      expect(rendered.get("HTTPRoute", "redirect-to-https").spec).toEqual({
        parentRefs: [{ name: GATEWAY.name, sectionName: "http" }],
        rules: [
          {
            filters: [{ type: "RequestRedirect", requestRedirect: { scheme: "https", statusCode: 301 } }],
          },
        ],
      });
    });

    test("logs what network policies deny, and not what they allow, in the object that GKE made", () => {
      const logging = rendered.get("NetworkLogging", "default");
      expect(logging.spec.cluster.deny.log).toBe(true);
      expect(logging.spec.cluster.allow.log).toBe(false);
      expect(logging.metadata.annotations).toEqual({ "helm.sh/resource-policy": "keep" });
      expect(synthesizeStack(stack).resource("helm_release", "platform_release")["take_ownership"]).toBe(
        true,
      );
    });

    test("lets the platform's pods evict the application's, and the application's nobody", () => {
      const platform = rendered.get("PriorityClass", PRIORITY_CLASSES.platform);
      const application = rendered.get("PriorityClass", PRIORITY_CLASSES.application);
      expect(platform.value).toBeGreaterThan(application.value);
      expect(platform.preemptionPolicy).toBe("PreemptLowerPriority");
      expect(application.preemptionPolicy).toBe("Never");
      // Pods without a class have 0 and may preempt: they must find nobody below them.
      expect(application.value).toBeGreaterThanOrEqual(0);
    });
  });
});

describeCharts("what bounds deployers", () => {
  const staging = new Rendered(passedBy("staging-platform", "platform"));
  const policies = staging.all("ValidatingAdmissionPolicy");

  const bounding = policies.filter(({ metadata }) => /^plue-(deployer|engineer)-/.test(metadata.name));

  test("is in staging, and not in production, which has none", () => {
    expect(bounding.length).toBeGreaterThan(0);
    const production = new Rendered(passedBy("production-app", "platform"));
    const names = production.all("ValidatingAdmissionPolicy").map(({ metadata }) => metadata.name);
    expect(names.filter((name) => !/^plue-(api|break-glass)-/.test(name))).toEqual([]);
    expect(production.all("ClusterRole")).toEqual([]);
  });

  test("denies, also where a policy cannot be evaluated", () => {
    const denying = staging.all("ValidatingAdmissionPolicyBinding").map(({ spec }) => {
      expect(spec.validationActions).toEqual(["Deny"]);
      return spec.policyName;
    });
    expect(denying.sort()).toEqual(policies.map(({ metadata }) => metadata.name).sort());
    for (const { spec } of policies) expect(spec.failurePolicy).toBe("Fail");
  });

  test("bounds a quota by what the registry could set", () => {
    const [quota] = policies.filter(({ metadata }) => metadata.name === "plue-engineer-quota");
    const messages = quota.spec.validations.map(({ message }: Manifest) => message);
    const expected = Object.entries(quotaHard(MAX_QUOTA)).map(
      ([resource, most]) => `the quota of an engineer's namespace bounds ${resource}, to ${most} at most`,
    );
    expect(messages.sort()).toEqual(expected.sort());
  });

  test("keeps break-glass from pods that are made and from pods that are changed", () => {
    const [images] = policies.filter(({ metadata }) => metadata.name === "plue-engineer-images");
    const [pods] = images.spec.matchConstraints.resourceRules;
    expect(pods).toMatchObject({ operations: ["CREATE", "UPDATE"], resources: ["pods"] });
    for (const mark of ["image-policy.k8s.io/break-glass", "alpha.image-policy.k8s.io/break-glass"])
      expect(images.spec.validations[0].expression).toContain(`!("${mark}" in object.metadata`);
  });

  test("gives a deployer no right to read Secrets, and no right over what is cluster-wide", () => {
    const { rules } = staging.get("ClusterRole", DEPLOYER_CLUSTER_ROLES.namespace);
    const secrets = rules.filter(({ resources }: Manifest) => resources.includes("secrets"));
    expect(secrets).toEqual([{ apiGroups: [""], resources: ["secrets"], verbs: ["create"] }]);
    for (const { apiGroups, resources, verbs } of rules)
      expect([...apiGroups, ...resources, ...verbs]).not.toContain("*");
  });
});

describeCharts("what bounds the API's service account", () => {
  describe.each(["staging-platform", "production-app"])("as %s installs it", (stack) => {
    const rendered = new Rendered(passedBy(stack, "platform"));
    const application = new Rendered(passedBy(stack === "production-app" ? stack : "staging-alice"));
    const policies = rendered.all("ValidatingAdmissionPolicy");
    const text = JSON.stringify(policies);

    test("knows the account, and what the application's chart gives its runners", () => {
      const { spec } = application.get("Deployment", "runner-standby-pool").spec.template;
      const [image] = spec.containers[0].image.split("@");
      for (const known of [`:${API_SERVICE_ACCOUNT}$`, `${image}@`, `${image}:`])
        expect(text).toContain(known);
      for (const known of [spec.runtimeClassName, spec.serviceAccountName, spec.priorityClassName])
        expect(text).toContain(JSON.stringify(JSON.stringify(known)).slice(1, -1));
    });

    test("holds in the namespaces that have releases", () => {
      const [key, operator] =
        stack === "production-app" ? ["kubernetes.io/metadata.name", "In"] : [OWNER_LABEL, "Exists"];
      const selectors = policies
        .filter(({ metadata }) => metadata.name.startsWith("plue-api-"))
        .map(({ spec }) => spec.matchConstraints.namespaceSelector.matchExpressions);
      expect(selectors).toHaveLength(4);
      for (const [expression] of selectors) expect(expression).toMatchObject({ key, operator });
    });

    test("denies, also where a policy cannot be evaluated", () => {
      const denying = rendered.all("ValidatingAdmissionPolicyBinding");
      expect(denying.map(({ spec }) => [spec.policyName, spec.validationActions])).toEqual(
        policies.map(({ metadata }) => [metadata.name, ["Deny"]]),
      );
      for (const { spec } of policies) expect(spec.failurePolicy).toBe("Fail");
    });
  });
});
