import { DnsRecord } from "@cdktf/provider-cloudflare/lib/dns-record";
import { CloudflareProvider } from "@cdktf/provider-cloudflare/lib/provider";
import { Ruleset } from "@cdktf/provider-cloudflare/lib/ruleset";
import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { StorageBucket } from "@cdktf/provider-google/lib/storage-bucket";
import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { Release } from "@cdktf/provider-helm/lib/release";
import { TerraformLocal, TerraformOutput, TerraformStack, TerraformVariable, Testing } from "cdktf";
import { EphemeralResource } from "../../../lib/core/ephemeral-resource";
import { expression } from "../../../lib/core/expression";
import { HclStack } from "../../../lib/hcl/hcl-stack";
import { nestingOfStack } from "../../support/bindings-nesting";
import { type Meaning, meaningOfHcl, meaningOfJson, type NestingOf } from "../../support/hcl-meaning";

// What cdktf's own `--hcl` gets wrong. That the comparison sees each shows that its silence elsewhere means something.
const defects: Record<string, (stack: HclStack) => void> = {
  "helm's nested attributes as blocks": (stack) => {
    new HelmProvider(stack, "helm");
    new Release(stack, "r", { name: "r", chart: "c", set: [{ name: "a", value: "b" }] });
  },
  "the kubernetes attribute of the helm provider as a block": (stack) => {
    new HelmProvider(stack, "helm", { kubernetes: { host: "h", exec: { apiVersion: "v1", command: "c" } } });
  },
  "cloudflare's nested attributes as blocks": (stack) => {
    new CloudflareProvider(stack, "cloudflare");
    const rules = [
      { action: "block", expression: "true", ratelimit: { characteristics: ["ip.src"], period: 10 } },
    ];
    new Ruleset(stack, "r", { name: "r", kind: "zone", phase: "http_ratelimit", zoneId: "z", rules });
    new DnsRecord(stack, "d", { name: "d", type: "A", ttl: 1, zoneId: "z", settings: { ipv4Only: true } });
  },
  "required_version by its characters": (stack) =>
    stack.addOverride("terraform.required_version", ">= 1.11.0"),
  "quotes in JSON strings": (stack) => {
    new GoogleProvider(stack, "google");
    new StorageBucket(stack, "b", {
      name: "b",
      location: "US",
      labels: { json: JSON.stringify({ a: ['"', "\\"] }) },
    });
  },
  "ephemeral resources dropped": (stack) =>
    void new EphemeralResource(stack, "p", "random_password", { length: 32 }),
  "checks dropped": (stack) =>
    stack.addOverride("check.health.assert", [{ condition: expression`true == var.x`, error_message: "no" }]),
  "moved blocks dropped": (stack) => stack.addOverride("moved", [{ from: "a_b.c", to: "a_b.d" }]),
  "removed blocks dropped": (stack) =>
    stack.addOverride("removed", [{ from: "a_b.c", lifecycle: { destroy: false } }]),
  "blocks in overrides as attributes": (stack) => {
    new GoogleProvider(stack, "google");
    const bucket = new StorageBucket(stack, "b", { name: "b", location: "US" });
    bucket.addOverride("versioning", { enabled: true });
  },
  "nullable = false dropped": (stack) =>
    void new TerraformVariable(stack, "v", { type: "string", nullable: false }),
  "false and empty defaults of variables dropped": (stack) =>
    void new TerraformVariable(stack, "v", { type: "bool", default: false }),
  "false, zero and empty locals dropped": (stack) => {
    new TerraformLocal(stack, "no", false);
    new TerraformLocal(stack, "zero", 0);
    new TerraformLocal(stack, "empty", "");
  },
  "preconditions dropped": (stack) => {
    new GoogleProvider(stack, "google");
    const precondition = [{ condition: expression`var.x == 1`, errorMessage: "no" }];
    new StorageBucket(stack, "b", { name: "b", location: "US", lifecycle: { precondition } });
  },
  "preconditions of outputs dropped": (stack) => {
    const precondition = { condition: expression`var.x == 1`, errorMessage: "no" };
    new TerraformOutput(stack, "o", { value: 1, precondition });
  },
  "text as templates": (stack) => void new TerraformLocal(stack, "text", "a ${b} %{ c }"),
};

describe("the comparison finds what cdktf's own rendering gets wrong", () => {
  test.each(Object.entries(defects))("%s", async (_, declare) => {
    const stack = new HclStack(Testing.app(), "stack");
    declare(stack);
    stack.prepareStack();
    const expected = meaningOfJson(stack.toTerraform(), nesting(stack));
    const stock: Meaning | undefined = await meaningOfHcl(stockHcl(stack)).catch(() => undefined);
    expect(stock).not.toEqual(expected);
    expect(await meaningOfHcl(stack.toHclTerraform().hcl)).toEqual(expected);
  });

  test("and nothing where cdktf's rendering is right", async () => {
    const stack = new HclStack(Testing.app(), "stack");
    new GoogleProvider(stack, "google", { project: "p" });
    new StorageBucket(stack, "b", { name: "b", location: "US", versioning: { enabled: true } });
    stack.prepareStack();
    expect(await meaningOfHcl(stockHcl(stack))).toEqual(meaningOfJson(stack.toTerraform(), nesting(stack)));
  });
});

/** As the bindings say, and for what an override declares, of which they say nothing. */
function nesting(stack: HclStack): NestingOf {
  const known = nestingOfStack(stack);
  return (kind, type, name) => ({
    ...known(kind, type, name),
    ...(type === "google_storage_bucket" ? { versioning: {} } : {}),
  });
}

function stockHcl(stack: HclStack): string {
  return TerraformStack.prototype.toHclTerraform.call(stack).hcl;
}
