import { readFileSync } from "node:fs";
import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { parse } from "yaml";
import { Chart } from "../../../lib/kubernetes/chart";
import {
  PgBouncer,
  type PgBouncerProps,
  type PgBouncerValues,
  pgBouncerValuesSchema,
} from "../../../lib/kubernetes/pgbouncer";
import { synthesize } from "../../support/synth";

const IMAGE = `registry.example/pgbouncer@sha256:${"a".repeat(64)}`;
const EXPORTER = `registry.example/exporter@sha256:${"b".repeat(64)}`;
const IDENTITY = { email: "pooler@acme-prod.iam.gserviceaccount.com", databaseUser: "pooler@acme-prod.iam" };

const made = (changes: Partial<PgBouncerProps> = {}) =>
  synthesize((stack) => {
    new HelmProvider(stack, "helm", {});
    const { host, port } = new PgBouncer(stack, "pooler", {
      chart: new Chart<PgBouncerValues>("helm/pgbouncer"),
      name: "pooler",
      namespace: "shop",
      clients: { app: "api" },
      server: { instance: { connectionName: "acme-prod:us-central1:db", privateIp: "10.3.0.3" } },
      login: { identity: IDENTITY },
      databases: { shop: {} },
      serverConnections: 100,
      image: IMAGE,
      metricsImage: EXPORTER,
      ...changes,
    });
    stack.output("address", { value: `${host}:${port}` });
  });
const valuesOf = (changes: Partial<PgBouncerProps> = {}) =>
  made(changes).json["locals"]["pooler_release_values"];

type Tree = Record<string, unknown>;
const isTree = (value: unknown): value is Tree => typeof value === "object" && value !== null;
const merge = (below: Tree, above: Tree): Tree => ({
  ...below,
  ...Object.fromEntries(
    Object.entries(above).map(([key, value]) => [
      key,
      isTree(value) && isTree(below[key]) ? merge(below[key], value) : value,
    ]),
  ),
});

describe("PgBouncer", () => {
  test("is a release of the chart, with its hash", () => {
    expect(made().resource("helm_release", "pooler_release")).toMatchObject({
      name: "pooler",
      namespace: "shop",
      chart: "../../charts/pgbouncer",
      values: ["${yamlencode(local.pooler_release_values)}"],
    });
    expect(valuesOf()["chartHash"]).toMatch(/^[0-9a-f]{12}$/);
  });

  test("logs in to Cloud SQL by IAM through the proxy", () => {
    expect(valuesOf()).toMatchObject({
      image: IMAGE,
      replicas: 2,
      clients: { app: "api" },
      databases: { shop: { database: "shop", poolSize: 20 } },
      login: { user: "pooler@acme-prod.iam", googleServiceAccount: IDENTITY.email },
      server: { host: "10.3.0.3", proxy: { instanceConnectionName: "acme-prod:us-central1:db" } },
      pool: { mode: "transaction" },
      metrics: { image: EXPORTER },
    });
    expect(valuesOf()["login"]).not.toHaveProperty("secret");
  });

  test("logs in with a version of a secret, to a server over TLS", () => {
    const values = valuesOf({
      server: { host: "10.3.0.9", port: 5433, ca: "-----BEGIN CERTIFICATE-----", verify: "verify-ca" },
      login: {
        identity: { email: IDENTITY.email },
        password: { user: "shop", projectId: "acme-prod", secretId: "db", version: 3 },
      },
    });
    expect(values).toMatchObject({
      login: { user: "shop", secret: { projectId: "acme-prod", secretId: "db", version: 3 } },
      server: {
        host: "10.3.0.9",
        port: 5433,
        tls: { mode: "verify-ca", ca: "-----BEGIN CERTIFICATE-----" },
        proxy: { instanceConnectionName: "" },
      },
    });
  });

  test("checks a server's name too, unless it is told otherwise", () => {
    const { server } = valuesOf({
      server: { host: "10.3.0.9", ca: "-----BEGIN CERTIFICATE-----" },
      login: {
        identity: IDENTITY,
        password: { user: "shop", projectId: "acme-prod", secretId: "db", version: 3 },
      },
    });
    expect(server.tls.mode).toBe("verify-full");
  });

  test("passes on every setting", () => {
    const timeouts = {
      connect: 1,
      queryWait: 2,
      query: 3,
      idleTransaction: 4,
      serverIdle: 5,
      serverLifetime: 6,
      clientIdle: 7,
      drain: 8,
    };
    expect(
      valuesOf({
        replicas: 3,
        mode: "session",
        maxClients: 10,
        minimum: 1,
        reserve: 2,
        preparedStatements: 100,
        databases: { shop: { database: "production", poolSize: 5 } },
        timeouts,
        metricsFrom: "monitoring",
        priorityClassName: "first",
      }),
    ).toMatchObject({
      replicas: 3,
      priorityClassName: "first",
      databases: { shop: { database: "production", poolSize: 5 } },
      pool: { mode: "session", maxClients: 10, minimum: 1, reserve: 2, preparedStatements: 100 },
      timeouts,
      metrics: { namespace: "monitoring" },
    });
  });

  test("passes what the chart's schema takes, over the chart's own values", () => {
    const defaults = parse(readFileSync("helm/pgbouncer/values.yaml", "utf8")) as Tree;
    expect(() => pgBouncerValuesSchema.parse(merge(defaults, valuesOf()))).not.toThrow();
  });

  test("tells clients where it is", () => {
    expect(made().outputs["address"]?.["value"]).toBe("pooler.shop.svc:6432");
  });
});
