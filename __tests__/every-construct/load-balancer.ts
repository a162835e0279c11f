import { ServiceAccount } from "@cdktf/provider-google/lib/service-account";
import type { GoogleBetaProvider } from "@cdktf/provider-google-beta/lib/provider";
import type { Stack } from "../../lib/core/stack";
import { Bucket } from "../../lib/google/bucket";
import { Certificate } from "../../lib/google/certificate";
import { CloudArmorPolicy } from "../../lib/google/cloud-armor";
import { CloudDnsZone } from "../../lib/google/cloud-dns";
import { LoadBalancer } from "../../lib/google/load-balancer";

const PROJECT = "acme-prod";
const LABELS = { environment: "production", managed_by: "terraform" };

export function declare(stack: Stack): void {
  const dns = new CloudDnsZone(stack, "zone", {
    projectId: PROJECT,
    name: "acme-edge",
    zoneName: "acme.example",
    deletionProtection: true,
    labels: LABELS,
  });
  const certificate = new Certificate(stack, "certificate", {
    projectId: PROJECT,
    name: "acme-edge",
    dns,
    domains: ["acme.example", "*.acme.example"],
    labels: LABELS,
  });
  const frontend = new Bucket(stack, "frontend", {
    projectId: PROJECT,
    name: "acme-prod-frontend",
    location: "us-central1",
    publicRead: true,
    website: { mainPage: "index.html" },
    deletionProtection: true,
    labels: LABELS,
  });
  const floods = { priority: 2000, limit: { requests: 1000, key: "IP" } } as const;
  const policy = new CloudArmorPolicy(stack, "policy", {
    projectId: PROJECT,
    name: "acme-backends",
    rules: { floods },
  });
  const edgePolicy = new CloudArmorPolicy(stack, "edge-policy", {
    projectId: PROJECT,
    name: "acme-buckets",
    edge: true,
    rules: { embargo: { priority: 1000, expression: "origin.region_code == 'XX'", action: "deny(403)" } },
  });
  const { member } = new ServiceAccount(stack, "tester", { project: PROJECT, accountId: "acme-tester" });
  const balancer = new LoadBalancer(stack, "balancer", {
    projectId: PROJECT,
    name: "acme-edge",
    certificate,
    backends: {
      api: {
        service: { name: "acme-api", region: "us-central1" },
        securityPolicy: policy,
        logSampleRate: 0.5,
        responseHeaders: { "Referrer-Policy": "no-referrer" },
      },
      admin: {
        service: { name: "acme-admin", region: "us-central1" },
        securityPolicy: { none: "behind IAP" },
        iap: { members: { tester: member } },
        logSampleRate: 0,
      },
      preview: {
        service: { name: "acme-api", region: "us-central1", tag: "canary" },
        securityPolicy: policy,
      },
      frontend: {
        bucket: frontend,
        cdn: {
          cacheMode: "CACHE_ALL_STATIC",
          defaultTtl: 600,
          maxTtl: 7200,
          clientTtl: 300,
          negativeCaching: false,
          serveWhileStale: 60,
          queryParameters: ["v"],
        },
        edgePolicy,
        responseHeaders: { "Content-Security-Policy": "default-src 'self'" },
      },
    },
    hosts: {
      "acme.example": { defaultBackend: "frontend" },
      "admin.acme.example": { defaultBackend: "admin" },
      "preview.acme.example": { defaultBackend: "preview" },
      "*.acme.example": {
        routes: [
          { paths: ["/api/*", "/health"], backend: "api" },
          { paths: ["/dashboard", "/dashboard/*"], backend: "frontend", rewrite: "/" },
        ],
      },
    },
    ipv6: true,
    tlsProfile: "RESTRICTED",
    hsts: { maxAgeSeconds: 31_536_000, includeSubdomains: true, preload: true },
    keepAliveSeconds: 300,
    googleBeta: stack.node.findChild("google-beta") as GoogleBetaProvider,
    deletionProtection: true,
    labels: LABELS,
  });
  dns.addRecord("apex", { name: "@", type: "A", values: [balancer.ipv4Address] });
  dns.addRecord("apex-v6", { name: "@", type: "AAAA", values: [balancer.ipv6Address] });
}
