import { DataResource } from "cdktf";
import { StackOutputs } from "../../lib/stack-outputs";
import { type Synthesized, synthesize } from "../support/synth";

function read(names: string[]): Synthesized {
  return synthesize((stack) => {
    const base = new StackOutputs(stack, "base", {
      stack: "staging-base",
      stateBucket: "plue-terraform-state",
    });
    new DataResource(stack, "uses", {
      input: Object.fromEntries(names.map((name) => [name, base.get(name)])),
    });
  });
}

describe("StackOutputs", () => {
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
});
