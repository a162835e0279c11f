import type { Stack } from "../../lib/core/stack";
import { Networking } from "../../lib/google/networking";

export function declare(stack: Stack): void {
  new Networking(stack, "network", {
    projectId: "acme-prod",
    region: "us-central1",
    name: "acme-vpc",
    subnets: {
      cluster: {
        cidr: "10.0.0.0/20",
        name: "acme-cluster",
        secondaryRanges: { pods: "10.4.0.0/16", services: "10.8.0.0/20" },
        flowLogs: { sampling: 1, interval: "INTERVAL_1_MIN" },
      },
      europe: { cidr: "10.1.0.0/24", region: "europe-west1", privateGoogleAccess: true },
    },
    firewallRules: {
      tunnel: {
        description: "SSH through Identity-Aware Proxy",
        ranges: ["35.235.240.0/20"],
        targetTags: ["bastion"],
        allow: [{ protocol: "tcp", ports: ["22"] }],
        logging: true,
      },
      egress: {
        direction: "EGRESS",
        priority: 900,
        ranges: ["169.254.169.254/32"],
        deny: [{ protocol: "all" }],
      },
    },
    nat: { staticAddresses: 2, minPortsPerVm: 128, maxPortsPerVm: 4096, log: "ALL" },
    privateServices: { cidr: "10.3.0.0/16" },
    ingressAddress: { scope: "global", name: "acme-ingress" },
    labels: { environment: "production", managed_by: "terraform" },
  });
}
