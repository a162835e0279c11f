import type { Stack } from "../../lib/core/stack";
import { RuntimeIdentity } from "../../lib/google/runtime-identity";
import { Chart } from "../../lib/kubernetes/chart";
import { PgBouncer, type PgBouncerValues } from "../../lib/kubernetes/pgbouncer";

const digest = (digit: string) => `@sha256:${digit.repeat(64)}`;

export function declare(stack: Stack): void {
  const chart = new Chart<PgBouncerValues>("helm/pgbouncer");
  const common = {
    chart,
    namespace: "shop",
    clients: { "app.kubernetes.io/component": "api" },
    image: `us-central1-docker.pkg.dev/acme-prod/tools/pgbouncer${digest("a")}`,
    metricsImage: `us-central1-docker.pkg.dev/acme-prod/tools/pgbouncer-exporter${digest("b")}`,
    serverConnections: 180,
  };
  const identity = new RuntimeIdentity(stack, "pooler", {
    projectId: "acme-prod",
    accountId: "shop-pooler",
    displayName: "Pooler of the shop",
    sqlInstance: "acme-prod",
    pods: { namespace: "shop", serviceAccount: "pooler" },
  });
  const pooler = new PgBouncer(stack, "shop", {
    ...common,
    name: "pooler",
    server: { instance: { connectionName: "acme-prod:us-central1:acme-prod", privateIp: "10.3.0.3" } },
    login: { identity },
    databases: { shop: { database: "shop_production", poolSize: 30 }, jobs: {} },
    replicas: 3,
    mode: "transaction",
    maxClients: 2000,
    minimum: 2,
    reserve: 5,
    preparedStatements: 200,
    timeouts: {
      connect: 5,
      queryWait: 30,
      query: 60,
      idleTransaction: 120,
      serverIdle: 300,
      serverLifetime: 1800,
      clientIdle: 3600,
      drain: 90,
    },
    metricsFrom: "monitoring",
    priorityClassName: "shop-first",
    dependsOn: [identity.account],
  });
  const reader = new RuntimeIdentity(stack, "reader", {
    projectId: "acme-prod",
    accountId: "shop-pooler-reader",
    displayName: "Reads the password of the other pooler",
    secretIds: { password: "warehouse-password" },
    pods: { namespace: "shop", serviceAccount: "warehouse" },
  });
  new PgBouncer(stack, "warehouse", {
    ...common,
    name: "warehouse",
    server: {
      host: "10.9.0.5",
      port: 5433,
      ca: "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
      verify: "verify-ca",
    },
    login: {
      identity: reader,
      password: { user: "shop", projectId: "acme-prod", secretId: "warehouse-password", version: 2 },
    },
    databases: { warehouse: {} },
  });
  stack.output("database_host", { value: pooler.host });
}
