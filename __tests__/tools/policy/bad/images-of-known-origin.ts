import type { BadStacks } from "../../../support/bad-stacks";

const spoiled =
  (argument: string, value: string): BadStacks[string] =>
  (bad) => {
    bad.cluster();
    bad.override("images/Resource", `default_admission_rule.${argument}`, value);
  };

export default {
  "a cluster that asks nobody": (bad) => void bad.cluster({ binaryAuthorization: false }),
  "a policy that allows all": spoiled("evaluation_mode", "ALWAYS_ALLOW"),
  "a policy that only takes notes": spoiled("enforcement_mode", "DRYRUN_AUDIT_LOG_ONLY"),
  "a policy that names every place": (bad) => {
    bad.cluster();
    bad.override("images/Resource", "admission_whitelist_patterns", [{ name_pattern: "registry.example/*" }]);
  },
  "a policy that leaves one cluster out": (bad) => {
    bad.cluster();
    bad.override("images/Resource", "cluster_admission_rules", [
      {
        cluster: "us-central1.shop",
        evaluation_mode: "ALWAYS_ALLOW",
        enforcement_mode: "ENFORCED_BLOCK_AND_AUDIT_LOG",
      },
    ]);
  },
  "a cluster that asks the policy of a project that has none": (bad) => {
    bad.cluster();
    bad.stack.node.tryRemoveChild("images");
  },
} satisfies BadStacks;
