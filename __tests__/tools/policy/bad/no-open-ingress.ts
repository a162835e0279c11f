import type { BadStacks } from "../../../support/bad-stacks";

export default {
  "a port that is open to the internet": (bad) =>
    void bad.network({
      firewallRules: { ssh: { ranges: ["0.0.0.0/0"], allow: [{ protocol: "tcp", ports: ["22"] }] } },
    }),
  "the same by IPv6": (bad) => {
    bad.network({
      firewallRules: { ssh: { ranges: ["10.0.0.0/8"], allow: [{ protocol: "tcp", ports: ["22"] }] } },
    });
    bad.override("network/firewall/ssh", "source_ranges", ["::/0"]);
  },
  "the internet in two halves": (bad) =>
    void bad.network({
      firewallRules: {
        ssh: { ranges: ["0.0.0.0/1", "128.0.0.0/1"], allow: [{ protocol: "tcp", ports: ["22"] }] },
      },
    }),
  "a control plane that takes every address": (bad) => {
    bad.cluster({ controlPlane: { authorizedNetworks: { office: "192.0.2.0/24" } } });
    bad.override("cluster/Resource", "master_authorized_networks_config.cidr_blocks", [
      { display_name: "all", cidr_block: "0.0.0.0/0" },
    ]);
  },
} satisfies BadStacks;
