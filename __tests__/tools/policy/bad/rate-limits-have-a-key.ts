import type { BadStacks } from "../../../support/bad-stacks";

const LIMIT = {
  conform_action: "allow",
  exceed_action: "deny(429)",
  rate_limit_threshold: { count: 100, interval_sec: 60 },
};
const rule = { action: "throttle", priority: 2000, rate_limit_options: LIMIT };

export default {
  "a limit for everybody together": (bad) =>
    bad.raw("google_compute_security_policy", { name: "shop", rule: [rule] }),
  "one in a rule of its own": (bad) => bad.raw("google_compute_security_policy_rule", rule),
  "one in rules that are looked up": (bad) =>
    bad.raw("google_compute_security_policy", {
      name: "shop",
      dynamic: { rule: { for_each: [], content: rule } },
    }),
} satisfies BadStacks;
