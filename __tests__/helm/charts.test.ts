import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { z } from "zod";
import { DEFAULT_QUOTA } from "../../lib/environments/staging-namespace";
import { type PgBouncerValues, pgBouncerValuesSchema } from "../../lib/kubernetes/pgbouncer";
import { parseBytes, parseCpu } from "../../lib/kubernetes/quantity";
import {
  type PlatformValues,
  type PlueValues,
  platformValuesSchema,
  plueValuesSchema,
} from "../../stacks/plue/chart-values";
import { chartSchemas } from "../../stacks/plue/json-schemas";
import { API_SERVICE_ACCOUNT, DEPLOYER_CLUSTER_ROLES, GATEWAY, IMAGES } from "../../stacks/plue/names";

type Tree = Record<string, unknown>;

const plueRelease: PlueValues = {
  route: { host: "alice.staging.plue.dev", gateway: { name: "plue", namespace: "gateway" } },
  database: {
    instanceConnectionName: "plue-staging:us-central1:plue-staging",
    privateIp: "10.3.0.3",
    name: "plue_alice",
    user: "staging-alice@plue-staging.iam",
  },
  serviceAccount: { googleServiceAccount: "staging-alice@plue-staging.iam.gserviceaccount.com" },
  secrets: {
    projectId: "plue-staging",
    environment: { ANTHROPIC_API_KEY: "anthropic-api-key" },
    files: {},
    versions: { "anthropic-api-key": 1 },
  },
};
const platformRelease: PlatformValues = {
  gateway: {
    name: "plue",
    addressName: "plue-staging-ingress",
    certificateMap: "staging",
    sslPolicy: "plue-staging",
    routesFrom: { label: "plue.dev/gateway-access", value: "true" },
  },
  runners: {
    namespaces: { label: "owner", values: [] },
    repository: "us-central1-docker.pkg.dev/plue-staging/plue/runner",
  },
  deployers: { projectId: "plue-staging", domain: "staging.plue.dev" },
};

const pgBouncerRelease: PgBouncerValues = {
  login: { user: "shop", secret: { projectId: "acme-prod", secretId: "db-password", version: 3 } },
  server: { host: "10.3.0.9", proxy: { instanceConnectionName: "" } },
};

const charts = [
  { name: "pgbouncer", schema: pgBouncerValuesSchema as z.ZodType, release: pgBouncerRelease as Tree },
  { name: "plue", schema: plueValuesSchema as z.ZodType, release: plueRelease as Tree },
  { name: "platform", schema: platformValuesSchema as z.ZodType, release: platformRelease as Tree },
];

const read = (chart: string, file: string) => readFileSync(join("helm", chart, file), "utf8");
const values = (chart: string, file: string) => parse(read(chart, file)) as Tree;
const isTree = (value: unknown): value is Tree =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** As Helm merges values. */
function merge(below: Tree, above: Tree): Tree {
  const merged = { ...below };
  for (const [key, value] of Object.entries(above))
    merged[key] = isTree(value) && isTree(below[key]) ? merge(below[key], value) : value;
  return merged;
}

function leaves(tree: Tree, path = ""): string[] {
  return Object.entries(tree).flatMap(([key, value]) =>
    isTree(value) && Object.keys(value).length > 0 ? leaves(value, `${path}${key}.`) : [path + key],
  );
}

describe.each(charts)("chart $name", ({ name, schema, release }) => {
  const defaults = values(name, "values.yaml");
  const valuesFiles = readdirSync(join("helm", name)).filter((file) => /^values-.*\.yaml$/.test(file));
  const templates = readdirSync(join("helm", name, "templates"));
  const readPaths = new Set(
    templates.flatMap((file) =>
      [...read(name, join("templates", file)).matchAll(/\.Values\.([A-Za-z]\w*(?:\.[A-Za-z]\w*)*)/g)].map(
        ([, path = ""]) => path,
      ),
    ),
  );

  test("values.schema.json is what the program checks with: `npm run schemas` writes it", () => {
    const file = `helm/${name}/values.schema.json`;
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(chartSchemas()[file]);
  });

  test.each(["values.yaml", ...valuesFiles])(
    "%s fits the schema, alone and under a release's values",
    (file) => {
      const layered = merge(defaults, values(name, file));
      expect(schema.parse(layered)).toEqual(layered);
      const released = merge(layered, release);
      expect(schema.parse(released)).toEqual(released);
    },
  );

  test("templates read only values that there are", () => {
    for (const path of readPaths) {
      const found = path
        .split(".")
        .reduce<unknown>((tree, key) => (tree as Tree | undefined)?.[key], defaults);
      expect([path, found === undefined]).toEqual([path, false]);
    }
  });

  test("every value is read by a template, but the hash", () => {
    const unread = leaves(defaults).filter(
      (leaf) => ![...readPaths].some((path) => `${leaf}.`.startsWith(`${path}.`)),
    );
    expect(unread).toEqual(["chartHash"]);
  });

  test("has no file that Helm would render by mistake", () => {
    expect(templates.filter((file) => !/^(_helpers\.tpl|[a-z-]+\.yaml)$/.test(file))).toEqual([]);
    expect(existsSync(join("helm", name, "charts"))).toBe(false);
  });
});

describe("chart plue", () => {
  const staging = merge(values("plue", "values.yaml"), values("plue", "values-staging.yaml"));

  test.each([
    [{ replicaCount: "two" }, ["replicaCount"], "expected number, received string"],
    [{ runner: { warmpool: { replicas: 2 } } }, ["runner"], 'Unrecognized key: "warmpool"'],
  ])("%j does not fit, and the error says where", (wrong, path, message) => {
    const { error } = plueValuesSchema.safeParse(merge(staging, wrong));
    expect(error?.issues).toEqual([
      expect.objectContaining({ path, message: expect.stringContaining(message) }),
    ]);
  });

  test("a namespace's usual quota holds a release, its rolling update, and a run of 2 CPU and 4Gi", () => {
    const chart = plueValuesSchema.parse(staging);
    const total = (of: "cpu" | "memory", amount: (quantity: string) => number, run: string) => {
      const api = amount(chart.resources.requests[of]) + amount(chart.cloudSqlProxy.resources.requests[of]);
      const runner = amount(chart.runner.resources.requests[of]);
      const surge = Math.ceil(chart.runner.warmPool.replicas / 4);
      return (chart.replicaCount + 1) * api + (chart.runner.warmPool.replicas + surge) * runner + amount(run);
    };
    expect(total("cpu", parseCpu, "2")).toBeLessThanOrEqual(parseCpu(DEFAULT_QUOTA.cpu));
    expect(total("memory", parseBytes, "4Gi")).toBeLessThanOrEqual(parseBytes(DEFAULT_QUOTA.memory));
  });
});

describe("what the stacks call things, the charts call so too", () => {
  const defaults = values("plue", "values.yaml");

  test("the pods' service account, which IAM names", () => {
    const names = (file: string) =>
      [...read("plue", `templates/${file}`).matchAll(/^ +name: (.+)$/gm)].map(([, n]) => n);
    expect(names("service-account.yaml")).toContain(API_SERVICE_ACCOUNT);
    expect(read("plue", "templates/deployment.yaml")).toContain(
      `serviceAccountName: ${API_SERVICE_ACCOUNT}\n`,
    );
  });

  test("the deployers' ClusterRole", () => {
    expect(read("platform", "templates/deployers.yaml")).toContain(
      `  name: ${DEPLOYER_CLUSTER_ROLES.namespace}\n`,
    );
  });

  test("the values that images go to", () => {
    for (const path of Object.keys(IMAGES)) {
      const image = path.split(".").reduce<unknown>((tree, key) => (tree as Tree)[key], defaults);
      expect(Object.keys(image as Tree)).toEqual(["repository", "tag", "digest"]);
    }
  });

  test("the Gateway", () => {
    const { gateway } = platformValuesSchema.parse(values("platform", "values.yaml"));
    expect(gateway).toMatchObject({ name: GATEWAY.name, routesFrom: GATEWAY.routesFrom });
    expect(plueValuesSchema.parse(defaults).route.gateway).toEqual({
      name: GATEWAY.name,
      namespace: GATEWAY.namespace,
    });
  });
});
