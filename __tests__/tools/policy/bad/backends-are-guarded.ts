import type { BadStacks } from "../../../support/bad-stacks";

const backend =
  (args: Readonly<Record<string, unknown>>): BadStacks[string] =>
  (bad) =>
    bad.raw("google_compute_backend_service", {
      name: "shop",
      load_balancing_scheme: "EXTERNAL_MANAGED",
      ...args,
    });

export default {
  "a backend without Cloud Armor": backend({}),
  "one of the older load balancer, which is the default": backend({ load_balancing_scheme: undefined }),
  "one that says so without a reason": backend({ description: "Without Cloud Armor: " }),
  "IAP behind a cache": backend({
    security_policy: "guarded",
    enable_cdn: true,
    iap: { enabled: true },
    lifecycle: { ignore_changes: ["iap[0].oauth2_client_id"] },
  }),
} satisfies BadStacks;
