import type { BadStacks } from "../../../support/bad-stacks";

const spoiled =
  (argument: string, value?: unknown): BadStacks[string] =>
  (bad) => {
    bad.cluster();
    bad.override("cluster/Resource", argument, value);
  };

export default {
  "a client certificate": spoiled("master_auth.client_certificate_config.issue_client_certificate", true),
  "rights by attributes": spoiled("enable_legacy_abac", true),
  "an API for everybody": spoiled("anonymous_authentication_config.mode", "ENABLED"),
  "bindings to whoever has a Google account": spoiled(
    "rbac_binding_config.enable_insecure_binding_system_authenticated",
    true,
  ),
  "bindings to everybody": spoiled(
    "rbac_binding_config.enable_insecure_binding_system_unauthenticated",
    true,
  ),
  "an open port of the kubelet": spoiled("node_pool_defaults"),
} satisfies BadStacks;
