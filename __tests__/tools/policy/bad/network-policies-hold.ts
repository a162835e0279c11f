import type { BadStacks } from "../../../support/bad-stacks";

const spoiled =
  (argument: string, value: unknown): BadStacks[string] =>
  (bad) => {
    bad.cluster();
    bad.override("cluster/Resource", argument, value);
  };

export default {
  "policies that are stored and nothing more": spoiled("datapath_provider", "LEGACY_DATAPATH"),
  "services that take over addresses": spoiled("service_external_ips_config.enabled", true),
} satisfies BadStacks;
