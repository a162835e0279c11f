import type { BadStacks } from "../../../support/bad-stacks";

const spoiled =
  (path: string, argument: string, value?: unknown): BadStacks[string] =>
  (bad) => {
    bad.cluster();
    bad.override(path, argument, value);
  };

export default {
  "no workload identity": spoiled("cluster/Resource", "workload_identity_config"),
  "pods that take the node's token": spoiled(
    "cluster/default",
    "node_config.workload_metadata_config.mode",
    "GCE_METADATA",
  ),
  "the default account": spoiled("cluster/default", "node_config.service_account", "default"),
  "no account, which is the default one": spoiled("cluster/default", "node_config.service_account"),
} satisfies BadStacks;
