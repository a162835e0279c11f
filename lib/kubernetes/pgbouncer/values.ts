import { z } from "zod";
import { resourcesSchema as resources } from "../quantity";

/** By digest: what runs beside a database is what was tried. */
const image = z.string().regex(/^[^\s@]+@sha256:[0-9a-f]{64}$/);
const seconds = z.int().min(0).max(86_400);

/** Values of `helm/pgbouncer`: what its templates may read. */
export const pgBouncerValuesSchema = z.strictObject({
  chartHash: z
    .string()
    .regex(/^[0-9a-f]*$/)
    .describe(
      "Content hash of the chart, so that its change is a diff of the release. No template reads it.",
    ),
  image: image.describe("Has pgbouncer on its path."),
  replicas: z.int().min(1).max(100),
  priorityClassName: z.string().describe("The cluster's default where empty."),
  resources,
  clients: z
    .record(z.string(), z.string())
    .describe("Labels of the pods that may connect, of the release's namespace."),
  databases: z
    .record(
      z.string().regex(/^[a-z_][a-z0-9_]*$/),
      z.strictObject({ database: z.string().min(1), poolSize: z.int().min(1).max(10_000) }),
    )
    .describe("By the name that clients use."),
  login: z.strictObject({
    user: z.string().regex(/^[\w@.-]+$/),
    googleServiceAccount: z.string().min(1),
    secret: z.strictObject({
      projectId: z.string(),
      secretId: z.string().describe("None where empty: the proxy logs in by IAM."),
      version: z.int().min(1),
    }),
  }),
  server: z.strictObject({
    host: z.ipv4().describe("Private address."),
    port: z.int().min(1).max(65_535),
    tls: z.strictObject({
      mode: z.enum(["verify-ca", "verify-full"]),
      ca: z.string().describe("Certificate of the authority, PEM."),
    }),
    proxy: z.strictObject({
      instanceConnectionName: z.string().describe("No proxy where empty."),
      image,
      resources,
    }),
  }),
  pool: z.strictObject({
    mode: z.enum(["session", "transaction", "statement"]),
    maxClients: z.int().min(1).max(100_000),
    minimum: z.int().min(0).max(10_000),
    reserve: z.int().min(0).max(10_000),
    preparedStatements: z.int().min(0).max(10_000).describe("Above 0 PgBouncer 1.21 or later."),
  }),
  timeouts: z
    .strictObject({
      connect: seconds,
      queryWait: seconds,
      query: seconds,
      idleTransaction: seconds,
      serverIdle: seconds,
      serverLifetime: seconds,
      clientIdle: seconds,
      drain: seconds,
    })
    .describe("Seconds; 0 for no end."),
  metrics: z.strictObject({
    image: image.describe("prometheus-community's pgbouncer_exporter."),
    namespace: z.string().min(1).describe("Of what scrapes."),
    resources,
  }),
});

/** Part of the values, merged over the chart's own. */
type Partly<T> = T extends readonly unknown[] | string | number | boolean
  ? T
  : { readonly [Key in keyof T]?: Partly<T[Key]> };

/** What a release of the chart passes. */
export type PgBouncerValues = Partly<Omit<z.infer<typeof pgBouncerValuesSchema>, "chartHash">>;
