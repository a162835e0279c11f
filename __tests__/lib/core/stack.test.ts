import { BigtableInstance } from "@cdktf/provider-google/lib/bigtable-instance";
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

  test("an id given by hand does not hide another resource", () => {
    expect(() =>
      synthesize((stack) => {
        new DataResource(stack, "one");
        new DataResource(stack, "two").overrideLogicalId("one");
      }),
    ).toThrow(/test\/two: id: makes terraform_data\.one, which test\/one is/);
  });

  test("a type of which nobody has said what it holds is an error, wherever it stands", () => {
    expect(() =>
      synthesize((stack) => {
        new BigtableInstance(new Construct(stack, "data"), "Resource", { name: "events" });
        new Password(stack, "password", { length: 32 });
      }),
    ).toThrow(
      /test\/data\/Resource: type: google_bigtable_instance has no row .*test\/password: type: random_password has no row in lib\/core\/resource-types\/index\.ts/s,
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
