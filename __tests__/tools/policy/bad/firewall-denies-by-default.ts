import type { BadStacks } from "../../../support/bad-stacks";

export default {
  "a network without a rule that denies": (bad) => void bad.network({ defaultDenyIngress: false }),
  "a denial that nobody sees": (bad) => {
    bad.network();
    bad.override("network/firewall/default-deny-ingress", "log_config", undefined);
  },
} satisfies BadStacks;
