import { RemoteState } from "../../../lib/core/remote-state";
import { DataResource } from "../../support/data-resource";
import { type Synthesized, synthesize } from "../../support/synth";
import { inFolder, terraform, testWithTerraform } from "../../support/terraform";

function read(names: string[]): Synthesized {
  return synthesize((stack) => {
    const base = new RemoteState(stack, "base", {
      stack: "staging-base",
      stateBucket: "plue-terraform-state",
    });
    new DataResource(stack, "uses", {
      input: Object.fromEntries(names.map((name) => [name, base.get(name)])),
    });
  });
}

describe("RemoteState", () => {
  test("reads the other stack's state, by its name", () => {
    const state = read(["cluster_name"]).data("terraform_remote_state", "base");
    expect(state["backend"]).toBe("gcs");
    expect(state["config"]).toEqual({ bucket: "plue-terraform-state", prefix: "staging-base" });
  });

  test("an output is a reference", () => {
    expect(read(["cluster_name"]).resource("terraform_data", "uses")["input"]).toEqual({
      cluster_name: "${data.terraform_remote_state.base.outputs.cluster_name}",
    });
  });

  test("names the outputs that are not there and the stack to deploy, whatever the order of use", () => {
    const state = read(["sql_instance_name", "cluster_name", "cluster_name"]);
    const missing = 'setsubtract(["cluster_name", "sql_instance_name"], keys(self.outputs))';
    expect(state.data("terraform_remote_state", "base")["lifecycle"]).toEqual({
      postcondition: [
        {
          condition: `\${length(${missing}) == 0}`,
          error_message:
            `staging-base is not deployed yet, or by an older version that has no output \${join(", ", ${missing})}: ` +
            "deploy staging-base first (npx cdktf deploy staging-base).",
        },
      ],
    });
    expect(read(["cluster_name", "sql_instance_name"]).data("terraform_remote_state", "base")).toEqual(
      state.data("terraform_remote_state", "base"),
    );
  });

  describe("as Terraform plans it", () => {
    const asked = ["cluster_name", "sql_instance_name"];

    testWithTerraform("a stack that has never been deployed is named, and no missing attribute", () => {
      const { status, text } = plan(asked, {});
      expect(status).not.toBe(0);
      expect(text).toContain("has no output cluster_name, sql_instance_name: deploy staging-base first");
      expect(text).toContain("npx cdktf deploy staging-base");
      expect(text).not.toContain("Unsupported attribute");
    });

    testWithTerraform("an older one is named with the output it lacks", () => {
      const { status, text } = plan(asked, { cluster_name: "plue-staging" });
      expect(status).not.toBe(0);
      expect(text).toContain("has no output sql_instance_name: deploy staging-base first");
      expect(text).not.toContain("Unsupported attribute");
    });

    testWithTerraform("one that has them all is read", () => {
      const { status, text } = plan(asked, { cluster_name: "plue-staging", sql_instance_name: "plue-sql" });
      expect(text).toContain("plue-sql");
      expect(status).toBe(0);
    });
  });
});

/** Plans a stack that reads these outputs, from a state of the other stack in a file instead of the bucket. */
function plan(names: string[], outputs: Record<string, string>): { status: number | null; text: string } {
  const { json } = read(names);
  Object.assign(json["data"].terraform_remote_state.base, {
    backend: "local",
    config: { path: "other.tfstate" },
  });
  delete json["terraform"].backend;
  const values = Object.entries(outputs).map(([name, value]) => [name, { value, type: "string" }]);
  const other = {
    version: 4,
    serial: 1,
    lineage: "test",
    outputs: Object.fromEntries(values),
    resources: [],
  };
  const files = { "cdk.tf.json": JSON.stringify(json), "other.tfstate": JSON.stringify(other) };
  return inFolder(files, (folder) => {
    terraform(folder, "init");
    const { status, stdout, stderr } = terraform(folder, "plan");
    // Terraform wraps and frames its messages.
    return { status, text: (stdout + stderr).replace(/[\s│]+/g, " ") };
  });
}
