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

  test("lets in what attestors have signed for, and by its place nothing of that", () => {
    const { resource } = attested("registry.example/tools/*");
    expect(resource).toEqual({
      project: "shop",
      description: "Images of known origin, and those that are attested",
      global_policy_evaluation_mode: "ENABLE",
      admission_whitelist_patterns: [{ name_pattern: "registry.example/tools/*" }],
      default_admission_rule: {
        evaluation_mode: "REQUIRE_ATTESTATION",
        require_attestations_by: ["projects/shop/attestors/ci", "projects/shop/attestors/scanned"],
        enforcement_mode: "ENFORCED_BLOCK_AND_AUDIT_LOG",
      },
    });
  });

  test("may let in nothing but what is attested", () => {
    expect(attested().resource["admission_whitelist_patterns"]).toBeUndefined();
  });

  test.each([
    ["registry.example/shop/*", true],
    ["registry.example/shop/api*", true],
    ["registry.example/shop/api:*", true],
    ["registry.example/shop/api@sha256:*", true],
    ["registry.example/s*", false],
    ["registry.example/shop-tools/*", false],
    ["registry.example/shop/tools/*", false],
    ["mirror.example/shop/*", false],
  ])("with registry.example/shop/* attested, refuses %s as a place: %s", (place, refused) => {
    const act = () => attested(place);
    if (refused) expect(act).toThrow(`of which images lets in ${place} without an attestation`);
    else expect(act).not.toThrow();
  });
});

const attested = (...images: string[]) => ({
  resource: synthesize((stack) => {
    new GoogleProvider(stack, "google");
    new BinaryAuthorization(stack, "images", {
      projectId: "shop",
      images,
      attested: {
        images: ["registry.example/shop/*"],
        by: [{ id: "projects/shop/attestors/ci" }, { id: "projects/shop/attestors/scanned" }],
      },
    });
  }).resource("google_binary_authorization_policy", "images"),
});
