import type { BadStacks } from "../../../support/bad-stacks";

const spoiled =
  (path: string, argument: string): BadStacks[string] =>
  (bad) => {
    bad.cluster();
    bad.override(path, argument, false);
  };

export default {
  "unshielded nodes": spoiled("cluster/Resource", "enable_shielded_nodes"),
  "nodes that boot anything": spoiled(
    "cluster/default",
    "node_config.shielded_instance_config.enable_secure_boot",
  ),
  "nodes whose boot nobody measures": spoiled(
    "cluster/default",
    "node_config.shielded_instance_config.enable_integrity_monitoring",
  ),
  "nodes that stay as they are": spoiled("cluster/default", "management.auto_upgrade"),
  "nodes that stay broken": spoiled("cluster/default", "management.auto_repair"),
} satisfies BadStacks;
