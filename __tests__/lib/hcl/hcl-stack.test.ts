import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ContainerNodePool } from "@cdktf/provider-google/lib/container-node-pool";
import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { StorageBucket } from "@cdktf/provider-google/lib/storage-bucket";
import { GoogleContainerNodePool } from "@cdktf/provider-google-beta/lib/google-container-node-pool";
import { GoogleBetaProvider } from "@cdktf/provider-google-beta/lib/provider";
import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { App, TerraformLocal, TerraformOutput, TerraformResource } from "cdktf";
import { Construct } from "constructs";
import { expression } from "../../../lib/core/expression";
import { HclStack } from "../../../lib/hcl/hcl-stack";
import { DataResource } from "../../support/data-resource";

let outdir: string;
beforeEach(() => {
  outdir = mkdtempSync(join(tmpdir(), "plue-hcl-stack-"));
});
afterEach(() => rmSync(outdir, { recursive: true, force: true }));

function synthesize(declare: (stack: HclStack) => void, hclOutput = true): string {
  const app = new App({ outdir, hclOutput, stackTraces: false });
  declare(new HclStack(app, "s"));
  app.synth();
  return join(outdir, "stacks", "s");
}

function mainFile(declare: (stack: HclStack) => void): string {
  return readFileSync(join(synthesize(declare), "main.tf"), "utf8");
}

describe("HclStack", () => {
  test("knows the blocks of every binding of a type, whichever comes last", () => {
    const text = mainFile((stack) => {
      new GoogleProvider(stack, "google");
      const googleBeta = new GoogleBetaProvider(stack, "google-beta");
      const pool = { cluster: "c", name: "p" };
      new GoogleContainerNodePool(stack, "sandbox", {
        ...pool,
        provider: googleBeta,
        nodeConfig: { sandboxConfig: { sandboxType: "gvisor" } },
      });
      new ContainerNodePool(stack, "plain", pool);
    });
    expect(text).toMatch(/sandbox_config \{\n\s+sandbox_type = "gvisor"/);
  });

  test("writes a folder of files, those without content left out, and the manifest says main.tf", () => {
    const folder = synthesize((stack) => {
      new GoogleProvider(stack, "google", { project: "p" });
      new TerraformOutput(stack, "o", { value: 1 });
    });
    expect(readdirSync(folder).sort()).toEqual([
      "backend.tf",
      "main.tf",
      "metadata.json",
      "outputs.tf",
      "providers.tf",
      "versions.tf",
    ]);
    expect(readFileSync(join(folder, "main.tf"), "utf8")).toBe("");
    const { stacks } = JSON.parse(readFileSync(join(outdir, "manifest.json"), "utf8"));
    expect(stacks.s.synthesizedStackPath).toBe(join("stacks", "s", "main.tf"));
  });

  test("tells the CLI the paths of constructs, the outputs and the providers beside the HCL", () => {
    const folder = synthesize((stack) => {
      new GoogleProvider(stack, "google");
      new StorageBucket(new Construct(stack, "files"), "Resource", {
        name: "b",
        location: "US",
      }).overrideLogicalId("b");
      new TerraformOutput(stack, "o", { value: 1 });
    });
    const metadata = JSON.parse(readFileSync(join(folder, "metadata.json"), "utf8"));
    expect(metadata.resource.google_storage_bucket.b["//"].metadata.path).toBe("s/files/Resource");
    expect(metadata["//"].outputs).toEqual({ s: { o: "o" } });
    expect(metadata.terraform.required_providers.google.source).toBe("google");
  });

  test("one form replaces the other, and leaves alone what it did not write", () => {
    const declare = (stack: HclStack) => void new TerraformLocal(stack, "a", 1);
    const folder = synthesize(declare, false);
    writeFileSync(join(folder, ".terraform.lock.hcl"), "");
    expect(readdirSync(folder).sort()).toEqual([".terraform.lock.hcl", "cdk.tf.json"]);
    synthesize(declare, true);
    expect(readdirSync(folder).sort()).toEqual([
      ".terraform.lock.hcl",
      "backend.tf",
      "main.tf",
      "metadata.json",
    ]);
    synthesize(declare, false);
    expect(readdirSync(folder).sort()).toEqual([".terraform.lock.hcl", "cdk.tf.json"]);
  });

  test("groups resources by their construct, under its path, in the order of the program", () => {
    const main = mainFile((stack) => {
      new DataResource(stack, "first");
      const network = new Construct(stack, "network");
      new DataResource(network, "Resource").overrideLogicalId("network");
      new DataResource(new Construct(network, "subnets"), "a").overrideLogicalId("subnet");
      new DataResource(network, "router").overrideLogicalId("router");
      new TerraformLocal(network, "size", 1).overrideLogicalId("size");
      new TerraformLocal(stack, "alone", 2);
    });
    const outline = main.split("\n").filter((line) => /^(#|[a-z])/.test(line));
    expect(outline).toEqual([
      'resource "terraform_data" "first" {}',
      "locals {",
      "# network",
      'resource "terraform_data" "network" {}',
      'resource "terraform_data" "router" {}',
      "locals {",
      "# network/subnets",
      'resource "terraform_data" "subnet" {}',
    ]);
  });

  test("knows which arguments of an override are blocks", () => {
    const main = mainFile((stack) => {
      new GoogleProvider(stack, "google");
      const bucket = new StorageBucket(stack, "b", { name: "b", location: "US" });
      bucket.addOverride("lifecycle_rule", [{ action: { type: "Delete" }, condition: { age: 3 } }]);
      bucket.addOverride("labels", { team: "a" });
    });
    expect(main).toBe(`resource "google_storage_bucket" "b" {
  name     = "b"
  location = "US"

  labels = {
    team = "a"
  }

  lifecycle_rule {
    action {
      type = "Delete"
    }

    condition {
      age = 3
    }
  }
}
`);
  });

  test("a provider whose nesting is not known is an error that names the construct and the argument", () => {
    const declare = (stack: HclStack) => {
      new KubernetesProvider(stack, "kubernetes");
      stack.addOverride("terraform.required_providers.kubernetes.source", "example/kubernetes");
      new NamespaceV1(new Construct(stack, "team"), "Resource", { metadata: { name: "n" } });
    };
    expect(() => synthesize(declare)).toThrow(
      "s/team/Resource: metadata: block or attribute? The bindings do not say, and how example/kubernetes nests is not known: add it to the provider nesting.",
    );
    expect(existsSync(join(outdir, "stacks", "s", "main.tf"))).toBe(false);
  });

  test("a resource without a binding is rendered as far as its arguments can be nothing else", () => {
    const declare = (value: unknown) => (stack: HclStack) => {
      const thing = new TerraformResource(stack, "t", { terraformResourceType: "google_thing" });
      thing.addOverride("value", value);
    };
    expect(mainFile(declare(["a", 1]))).toContain('  value = ["a", 1]\n');
    expect(() => synthesize(declare({ a: 1 }))).toThrow(
      "s/t: value: block or attribute? There is no binding of google_thing that would say.",
    );
  });

  test.each([
    ["a template that does not end", expression`f("a \${b")`, 's/l: l: "\\")}": a quote is not closed'],
    ["what is no expression", expression`a b ; c`, 's/l: l: "; c}" is not an expression'],
    ["what is two expressions", expression`a b`, 's/l: l: "a b" is not an expression: it ends before "b"'],
    ["brackets that do not match", expression`f([1)`, 's/l: l: "${f([1)}": brackets do not match'],
  ])("%s is an error that names the construct", (_, value, message) => {
    const declare = (stack: HclStack) => {
      new TerraformLocal(stack, "before", 1);
      new TerraformLocal(stack, "l", value);
    };
    expect(() => synthesize(declare)).toThrow(message);
  });

  test("a member of terraform that is not known is an error in both forms", () => {
    const declare = (stack: HclStack) => stack.addOverride("terraform.encrypt", { method: "m" });
    for (const inHcl of [true, false])
      expect(() => synthesize(declare, inHcl)).toThrow(
        "terraform: encrypt: the block terraform has backend,",
      );
  });

  test("preconditions of outputs are kept, and may be overridden", () => {
    const precondition = { condition: expression`var.x == 1`, errorMessage: "x is 1, not ${x}" };
    const text = (declare: (stack: HclStack) => void) =>
      readFileSync(join(synthesize(declare), "outputs.tf"), "utf8");
    expect(text((stack) => new TerraformOutput(stack, "o", { value: 1, precondition }))).toBe(`output "o" {
  value = 1

  precondition {
    condition     = var.x == 1
    error_message = "x is 1, not $\${x}"
  }
}
`);
    const other = { condition: expression`var.x == 2`, error_message: "x is 2." };
    expect(
      text((stack) =>
        new TerraformOutput(stack, "o", { value: 1, precondition }).addOverride("precondition", [other]),
      ),
    ).toContain('error_message = "x is 2."');
  });
});
