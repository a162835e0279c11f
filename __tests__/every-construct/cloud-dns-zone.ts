import type { Stack } from "../../lib/core/stack";
import { CloudDnsZone } from "../../lib/google/cloud-dns";
import { Networking } from "../../lib/google/networking";

const PROJECT = "acme-prod";
const LABELS = { environment: "production", managed_by: "terraform" };

export function declare(stack: Stack): void {
  const child = new CloudDnsZone(stack, "child", {
    projectId: PROJECT,
    name: "acme-dev",
    zoneName: "dev.acme.example",
    deletionProtection: true,
    labels: LABELS,
  });
  new CloudDnsZone(stack, "zone", {
    projectId: PROJECT,
    name: "acme",
    zoneName: "acme.example",
    description: "All that acme serves",
    dnssec: "on",
    records: {
      api: { type: "A", values: ["203.0.113.7", "203.0.113.8"], ttl: 60 },
      "api-v6": { name: "api", type: "AAAA", values: ["2001:db8::7"] },
      authority: { name: "@", type: "CAA", values: ['0 issue "pki.goog"'] },
      www: { type: "CNAME", values: ["acme.example"] },
      mail: { name: "@", type: "MX", values: ["10 mx1.acme.example", "20 mx2.acme.example"] },
      policy: { name: "@", type: "TXT", values: ["v=spf1 -all", "x".repeat(300)] },
      sip: { name: "_sip._tcp", type: "SRV", values: ["10 5 5060 sip.acme.example"] },
      service: { name: "svc", type: "HTTPS", values: ["1 . alpn=h3,h2"] },
      ssh: { name: "bastion", type: "SSHFP", values: ["4 2 0123456789abcdef"] },
      tls: { name: "_25._tcp.mx1", type: "TLSA", values: ["3 1 1 0123456789abcdef"] },
    },
    delegations: {
      dev: child,
      shop: {
        zoneName: "shop.acme.example",
        nameServers: ["ns1.acme.test.", "ns2.acme.test."],
        dsRecord: "12345 8 2 0123456789ABCDEF",
      },
    },
    queryLogs: true,
    deletionProtection: true,
    labels: LABELS,
  });
  const network = new Networking(stack, "network", {
    projectId: PROJECT,
    region: "us-central1",
    name: "acme-internal",
    subnets: { nodes: { cidr: "10.0.0.0/24" } },
    labels: LABELS,
  });
  new CloudDnsZone(stack, "internal", {
    projectId: PROJECT,
    name: "acme-internal",
    zoneName: "internal.acme.example",
    networks: [network],
    records: { database: { type: "A", values: ["10.0.0.5"] } },
    deletionProtection: true,
    labels: LABELS,
  });
}
