import type { BadStacks } from "../../../support/bad-stacks";

const spoiled =
  (argument: string, value: unknown): BadStacks[string] =>
  (bad) => {
    bad.database();
    bad.override("sql/Resource", `settings.ip_configuration.${argument}`, value);
  };

export default {
  "a public address": spoiled("ipv4_enabled", true),
  "no private network": spoiled("private_network", undefined),
  "networks that may come in": spoiled("authorized_networks", [{ name: "office", value: "192.0.2.0/24" }]),
} satisfies BadStacks;
