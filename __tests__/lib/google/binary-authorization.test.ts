import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { TerraformVariable } from "cdktf";
import { BinaryAuthorization } from "../../../lib/google/binary-authorization";
import { synthesize } from "../../support/synth";

const policy = (...images: string[]) =>
  synthesize((stack) => {
    new GoogleProvider(stack, "google");
    new BinaryAuthorization(stack, "images", { projectId: "shop", images });
  }).resource("google_binary_authorization_policy", "images");

describe("BinaryAuthorization", () => {
  test("refuses every image but those that are named and Google's own", () => {
    expect(policy("registry.example/shop/*", "gcr.io/tools/proxy:*")).toEqual({
      project: "shop",
      description: "Images of known origin only",
      global_policy_evaluation_mode: "ENABLE",
      admission_whitelist_patterns: [
        { name_pattern: "registry.example/shop/*" },
        { name_pattern: "gcr.io/tools/proxy:*" },
      ],
      default_admission_rule: {
        evaluation_mode: "ALWAYS_DENY",
        enforcement_mode: "ENFORCED_BLOCK_AND_AUDIT_LOG",
      },
    });
  });

  test.each([
    "registry.example:5000/shop/*",
    "gcr.io/tools/proxy:2.1.0",
    "quay.io/x/y@sha256:*",
    "ghcr.io/x/*",
  ])("takes %s", (image) => expect(() => policy(image)).not.toThrow());

  test("takes a place that only Terraform knows", () => {
    const stack = synthesize((stack) => {
      new GoogleProvider(stack, "google");
      const { stringValue } = new TerraformVariable(stack, "registry", { type: "string" });
      new BinaryAuthorization(stack, "images", { projectId: "shop", images: [`${stringValue}/*`] });
    });
    const { admission_whitelist_patterns } = stack.resource("google_binary_authorization_policy", "images");
    expect(admission_whitelist_patterns).toEqual([{ name_pattern: "${var.registry}/*" }]);
  });
});
