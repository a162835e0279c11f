import { BigtableInstance } from "@cdktf/provider-google/lib/bigtable-instance";
import { DataGoogleClientConfig } from "@cdktf/provider-google/lib/data-google-client-config";
import { Password } from "@cdktf/provider-random/lib/password";
import { App, TerraformOutput } from "cdktf";
import { Construct } from "constructs";
import { Stack } from "../../../lib/core/stack";
import { DataResource } from "../../support/data-resource";
import { synthesize } from "../../support/synth";

describe("Stack", () => {
  test("keeps its state under its own prefix", () => {
    const { json } = synthesize(() => {}, "staging-alice");
    expect(json["terraform"].backend).toEqual({ gcs: { bucket: "test-state", prefix: "staging-alice" } });
    expect(json["terraform"].required_version).toBe(">= 1.11.0");
  });

  test("encrypts its state with the key that it is given", () => {
    const stateKmsKey = "projects/p/locations/r/keyRings/terraform/cryptoKeys/state";
    const app = new App({ stackTraces: false });
    const stack = new Stack(app, "base", { stateBucket: "test-state", stateKmsKey });
    stack.prepareStack();
    expect((stack.toTerraform() as { terraform: { backend: object } }).terraform.backend).toEqual({
      gcs: { bucket: "test-state", prefix: "base", kms_encryption_key: stateKmsKey },
    });
  });

  test("logical ids are the construct path, the main resource named as its construct", () => {
    const { json } = synthesize((stack) => {
      const cluster = new Construct(stack, "gke-cluster");
      new DataResource(cluster, "Resource");
      new DataResource(cluster, "sandbox");
      new TerraformOutput(cluster, "cluster_name", { value: "x" });
    });
    expect(Object.keys(json["resource"].terraform_data)).toEqual(["gke_cluster", "gke_cluster_sandbox"]);
    expect(Object.keys(json["output"])).toEqual(["cluster_name"]);
  });

  test("two constructs with one address are an error that names both", () => {
    expect(() =>
      synthesize((stack) => {
        new DataResource(stack, "a-b");
        new DataResource(stack, "a_b");
      }),
    ).toThrow(/terraform_data\.a_b is declared by test\/a-b and test\/a_b/);
  });

  test("an id given by hand does not hide another resource either", () => {
    expect(() =>
      synthesize((stack) => {
        new DataResource(stack, "one");
        new DataResource(stack, "two").overrideLogicalId("one");
      }),
    ).toThrow(/terraform_data\.one is declared by test\/one and test\/two/);
  });

  test("a type of which nobody has said what it holds is an error that says where to", () => {
    const declare = (build: (stack: Stack) => void) => () => synthesize(build, "production");
    expect(
      declare((stack) => {
        new BigtableInstance(new Construct(stack, "data"), "Resource", { name: "events" });
        new Password(stack, "password", { length: 32 });
      }),
    ).toThrow(
      /production\/data\/Resource: google_bigtable_instance has no row in lib\/core\/resource-types\/google\.ts\. Add one: .*production\/password: random_password has no row in lib\/core\/resource-types\/index\.ts/s,
    );
    expect(declare((stack) => new DataGoogleClientConfig(stack, "client"))).toThrow(
      /production\/client: data\.google_client_config has no row in lib\/core\/resource-types\/google\.ts/,
    );
  });

  test("a construct id that Terraform cannot say is an error that names the construct", () => {
    expect(() => synthesize((stack) => new DataResource(stack, "1st"))).toThrow(
      /test\/1st: "1st" is not a Terraform name/,
    );
  });
});

test("says which versions it is for, as the bindings of CDK Terrain ask", () => {
  const stack = new Stack(new App({ stackTraces: false }), "base", { stateBucket: "state" });
  expect(stack.node.tryGetContext("targetVersions")).toEqual({
    terraform: ">= 1.11.0",
    opentofu: ">= 1.11.0",
  });
});
