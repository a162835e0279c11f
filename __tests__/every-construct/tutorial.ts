import type { GoogleBetaProvider } from "@cdktf/provider-google-beta/lib/provider";
import type { Stack } from "../../lib/core/stack";
import { AuditLogging } from "../../lib/google/audit-logging";
import { Bucket } from "../../lib/google/bucket";
import { Certificate } from "../../lib/google/certificate";
import { CloudDnsZone } from "../../lib/google/cloud-dns";
import { CloudRunJob } from "../../lib/google/cloud-run/job";
import { CloudRunService } from "../../lib/google/cloud-run/service";
import { CloudSql } from "../../lib/google/cloud-sql";
import { KmsKeys } from "../../lib/google/kms";
import { LoadBalancer } from "../../lib/google/load-balancer";
import { Monitoring } from "../../lib/google/monitoring";
import { databaseConnections } from "../../lib/google/monitoring/alerts";
import { Networking } from "../../lib/google/networking";
import { Redis } from "../../lib/google/redis";
import { RuntimeIdentity } from "../../lib/google/runtime-identity";
import { Schedule } from "../../lib/google/schedule/schedule";

const [projectId, location, name] = ["acme-prod", "us-central1", "orders"];
const [pagesHost, apiHost] = ["orders.example.com", "api.orders.example.com"];

export function declare(stack: Stack): void {
  const googleBeta = stack.node.findChild("google-beta") as GoogleBetaProvider;
  const labels = { environment: "production", managed_by: "terraform" };
  const place = { projectId, region: location, name, labels };
  const guarded = { ...place, deletionProtection: true };

  // A private network, and keys of our own for what holds data.
  const ranges = { subnets: { run: { cidr: "10.0.0.0/24" } }, privateServices: { cidr: "10.3.0.0/16" } };
  const network = new Networking(stack, "network", { ...place, ...ranges });
  const keys = new KmsKeys(stack, "keys", {
    ...place,
    location,
    keys: {
      sql: { serviceAgents: ["sqladmin.googleapis.com", "secretmanager.googleapis.com"] },
      redis: { serviceAgents: ["redis.googleapis.com"] },
      files: { serviceAgents: ["storage.googleapis.com"] },
    },
    googleBeta,
  });
  const audited = { "secretmanager.googleapis.com": { DATA_READ: {} } };
  new AuditLogging(stack, "audit", { projectId, services: audited });

  // PostgreSQL, Redis, and a bucket for the pages.
  const encryptionKey = keys.key("sql");
  const sql = new CloudSql(stack, "sql", {
    ...guarded,
    network,
    tier: "db-custom-2-8192",
    highAvailability: true,
    diskSizeGb: 20,
    backup: { retained: 14, pointInTimeRecovery: true },
    databases: [name],
    admin: {
      name: "admin",
      secretId: "orders-admin",
      secretEncryptionKey: encryptionKey,
      passwordVersion: 1,
    },
    encryptionKey,
  });
  const cache = { ...guarded, network, tier: "STANDARD_HA", memorySizeGb: 1 } as const;
  const redis = new Redis(stack, "redis", { ...cache, encryptionKey: keys.key("redis") });
  const files = { ...guarded, name: "acme-orders-pages", location, encryptionKey: keys.key("files") };
  const pages = new Bucket(stack, "pages", {
    ...files,
    publicRead: true,
    website: { mainPage: "index.html" },
  });

  // The API and its nightly job, as one identity that logs in to the database without a password.
  const login = { sqlInstance: sql.instanceName, databaseLogin: true };
  const account = { projectId, accountId: "orders-api", displayName: "API of the orders", ...login };
  const identity = new RuntimeIdentity(stack, "identity", account);
  const container = {
    ...guarded,
    image: { registry: { projectId, location, repositoryId: name }, name: "api", tag: "main" },
    env: { REDIS_HOST: redis.host },
    cpu: 1,
    memory: "512Mi",
    identity,
    databases: [sql],
    egress: { network, subnet: network.subnets.run },
  } as const;
  const api = new CloudRunService(stack, "api", {
    ...container,
    maxInstances: 10,
    startupProbe: { http: "/health" },
    ingress: "internal-and-cloud-load-balancing",
  });
  const job = new CloudRunJob(stack, "report", { ...container, name: "report", command: ["report"] });
  new Schedule(stack, "nightly", { ...place, cron: "0 3 * * *", target: { job, identity } });

  // One door for pages and API: certificate, CDN, and people who sign in.
  const dns = new CloudDnsZone(stack, "zone", { ...guarded, zoneName: "orders.example.com" });
  const certificate = new Certificate(stack, "certificate", { ...place, dns, domains: [pagesHost, apiHost] });
  const iap = { members: { sales: "group:sales@example.com" } };
  const securityPolicy = { none: "behind Identity-Aware Proxy" };
  const { ipv4Address } = new LoadBalancer(stack, "door", {
    ...guarded,
    certificate,
    backends: { pages: { bucket: pages, cdn: {} }, api: { service: api, securityPolicy, iap } },
    hosts: { [pagesHost]: { defaultBackend: "pages" }, [apiHost]: { defaultBackend: "api" } },
    googleBeta,
  });
  dns.addRecord("pages", { name: "@", type: "A", values: [ipv4Address] });
  dns.addRecord("api", { type: "A", values: [ipv4Address] });

  // Who hears of it when it does not work.
  const tell = { channels: ["team"], runbook: "https://example.com/runbooks/orders" };
  const { instanceName, maxConnections } = sql;
  const taken = databaseConnections({ projectId, instanceName, maxConnections, above: 0.8 });
  const database = { ...tell, displayName: "Connections", documentation: "Four of five are taken." };
  const check = { ...tell, displayName: "Pages", host: pagesHost, documentation: "The pages are away." };
  const watched = { alerts: { taken: { ...database, conditions: [taken] } }, uptimeChecks: { pages: check } };
  const emailChannels = { team: "team@example.com" };
  new Monitoring(stack, "monitoring", { projectId, labels, emailChannels, ...watched });
}
