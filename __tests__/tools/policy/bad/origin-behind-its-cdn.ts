import { CloudflareDns } from "../../../../lib/cloudflare/dns";
import { CloudArmorPolicy } from "../../../../lib/google/cloud-armor";
import type { BadStacks } from "../../../support/bad-stacks";

const behindCdn = ({ stack }: Parameters<Extract<BadStacks[string], (...args: never) => unknown>>[0]) =>
  void new CloudflareDns(stack, "dns", {
    zoneId: "zone",
    zoneName: "plue.dev",
    records: { api: { type: "A", content: "192.0.2.1", proxied: true } },
  });

export default {
  "an origin that anybody may ask": behindCdn,
  "a policy that lets everybody in at the end": (bad) => {
    behindCdn(bad);
    new CloudArmorPolicy(bad.stack, "ingress", {
      projectId: bad.projectId,
      name: "shop",
      allowedRanges: ["192.0.2.0/24"],
    });
    bad.override("ingress/Resource", "rule.0.action", "allow");
  },
} satisfies BadStacks;
