import { ComputeInstance } from "@cdktf/provider-google/lib/compute-instance";
import type { BadStacks } from "../../../support/bad-stacks";

export default {
  "nodes with public addresses": (bad) => void bad.cluster({ privateNodes: false }),
  "a pool of nodes with public addresses": (bad) => {
    bad.cluster();
    bad.override("cluster/default", "network_config", { enable_private_nodes: false });
  },
  "a control plane that every address may ask": (bad) => {
    bad.cluster();
    bad.override("cluster/Resource", "control_plane_endpoints_config.ip_endpoints_config.enabled", true);
  },
  "a machine to jump from": ({ stack, labels }) =>
    void new ComputeInstance(stack, "jump", {
      name: "jump",
      machineType: "e2-micro",
      bootDisk: {},
      networkInterface: [{ network: "shop", accessConfig: [{}] }],
      labels,
    }),
  "the same by IPv6": ({ stack, labels }) =>
    void new ComputeInstance(stack, "jump", {
      name: "jump",
      machineType: "e2-micro",
      bootDisk: {},
      networkInterface: [{ network: "shop", ipv6AccessConfig: [{ networkTier: "PREMIUM" }] }],
      labels,
    }),
} satisfies BadStacks;
