import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { TerraformVariable } from "cdktf";
import { CloudArmorPolicy, type CloudArmorPolicyProps } from "../../../lib/google/cloud-armor";
import { synthesize } from "../../support/synth";

function ingress(props: Partial<CloudArmorPolicyProps>, look?: (policy: CloudArmorPolicy) => void) {
  return synthesize((stack) => {
    new GoogleProvider(stack, "google");
    const policy = new CloudArmorPolicy(stack, "ingress", { projectId: "shop", name: "web", ...props });
    look?.(policy);
  });
}

describe("CloudArmorPolicy", () => {
  test("speaks TLS 1.2 and up, with modern ciphers", () => {
    expect(ingress({}).resource("google_compute_ssl_policy", "ingress_tls")).toEqual({
      project: "shop",
      name: "web",
      profile: "MODERN",
      min_tls_version: "TLS_1_2",
    });
  });

  test("takes requests from everybody unless ranges are given", () => {
    const stack = ingress({}, (policy) =>
      expect(() => policy.securityPolicyName).toThrow("there is no security policy"),
    );
    expect(stack.resources("google_compute_security_policy")).toEqual({});
  });

  test("refuses everybody but the given ranges, ten to a rule, however many Terraform finds there are", () => {
    const policy = synthesize((stack) => {
      new GoogleProvider(stack, "google");
      const { listValue } = new TerraformVariable(stack, "ranges", { type: "list(string)" });
      const props = { projectId: "shop", name: "web", allowedRanges: listValue };
      new CloudArmorPolicy(stack, "ingress", props);
    }).resource("google_compute_security_policy", "ingress");
    expect(policy).toMatchObject({ project: "shop", name: "web", type: "CLOUD_ARMOR" });
    const { rule, dynamic } = policy;
    expect(rule).toEqual([
      {
        action: "deny(403)",
        description: "Everybody else",
        priority: 2 ** 31 - 1,
        match: { versioned_expr: "SRC_IPS_V1", config: { src_ip_ranges: ["*"] } },
      },
    ]);
    expect(dynamic).toEqual({
      rule: {
        for_each: "${chunklist(var.ranges, 10)}",
        content: {
          action: "allow",
          description: "Ranges of the CDN",
          priority: "${1000 + rule.key}",
          match: { versioned_expr: "SRC_IPS_V1", config: { src_ip_ranges: "${rule.value}" } },
        },
      },
    });
  });

  test("names what the charts attach to the load balancer", () => {
    const names: (string | undefined)[] = [];
    ingress({ allowedRanges: ["192.0.2.0/24"] }, ({ sslPolicyName, securityPolicyName }) =>
      names.push(sslPolicyName, securityPolicyName),
    );
    expect(names).toEqual([expect.stringContaining("TOKEN"), expect.stringContaining("TOKEN")]);
  });
});
