import { z } from "zod";

const cpu = z.string().regex(/^\d+(\.\d+)?m?$/);
const bytes = z.string().regex(/^\d+(Ki|Mi|Gi)$/);
const amounts = z.strictObject({ cpu, memory: bytes, "ephemeral-storage": bytes });
const resources = z.strictObject({ requests: amounts, limits: amounts });
const host = z.string().regex(/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/);
const kubernetesName = z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/);
const replicas = z.int().min(0).max(100);
const chartHash = z
  .string()
  .regex(/^[0-9a-f]*$/)
  .describe("Content hash of the chart, so that its change is a diff of the release. No template reads it.");

const image = z.strictObject({
  repository: z.string().min(1).describe("Image name with registry, without tag."),
  tag: z.string().min(1).describe("Used where there is no digest."),
  digest: z.string().regex(/^(sha256:[0-9a-f]{64})?$/),
});

/** Values of `helm/plue` once its values files and a release's own are merged: what its templates may read. */
export const plueValuesSchema = z
  .strictObject({
    chartHash,
    environment: z.string().min(1).describe("Label of every object."),
    replicaCount: replicas,
    image,
    service: z.strictObject({ port: z.int().min(1).max(65535) }),
    logLevel: z.enum(["debug", "info", "warn", "error"]),
    resources,
    priorityClassName: z.string().describe("Of all pods; the cluster's default where empty."),
    serviceAccount: z.strictObject({
      googleServiceAccount: z
        .string()
        .describe("E-mail of the identity of the API's pods; none where empty."),
    }),
    route: z.strictObject({
      host: host.describe("Host name that the release serves."),
      gateway: z.strictObject({ name: kubernetesName, namespace: kubernetesName }),
    }),
    database: z.strictObject({
      instanceConnectionName: z.string().regex(/^[^:]+:[^:]+:[^:]+$/),
      privateIp: z.ipv4(),
      name: z.string().min(1),
      user: z.string().min(1).describe("Database user behind IAM authentication."),
    }),
    secrets: z.strictObject({
      projectId: z.string().min(1),
      environment: z
        .record(z.string().regex(/^[A-Z][A-Z0-9_]*$/), z.string().regex(/^[A-Za-z0-9_-]{1,255}$/))
        .describe("Environment variables of the API: id of the secret in Secret Manager by variable."),
    }),
    runner: z.strictObject({
      mode: z
        .enum(["kubernetes", "in-process"])
        .describe("in-process runs agents inside the API, unsandboxed: the way back from a broken sandbox."),
      runtimeClassName: z.string().min(1),
      warmPool: z.strictObject({ replicas }),
      resources,
      image,
    }),
    cloudSqlProxy: z.strictObject({ image: z.string().min(1), resources }),
    networkPolicy: z.strictObject({
      loadBalancerRanges: z.array(z.cidrv4()).min(1).describe("Who may reach the API's port."),
    }),
    namespace: z.strictObject({
      create: z
        .boolean()
        .describe("Make the release's namespace: for Helm by hand, where Terraform does not."),
    }),
  })
  .meta({ title: "Values of the chart plue" });

/** Values of `helm/platform`, as `plueValuesSchema`. */
export const platformValuesSchema = z
  .strictObject({
    chartHash,
    gateway: z.strictObject({
      name: kubernetesName,
      addressName: kubernetesName.describe("Reserved global address."),
      certificateMap: kubernetesName.describe("Certificate Manager map."),
      routesFrom: z
        .strictObject({ label: z.string().min(1), value: z.string().min(1) })
        .describe("Label of the namespaces that may attach routes."),
    }),
    priorityClasses: z.record(
      kubernetesName,
      z.strictObject({
        value: z.int().min(-1_000_000_000).max(1_000_000_000),
        preemptionPolicy: z.enum(["PreemptLowerPriority", "Never"]),
      }),
    ),
    deployers: z.strictObject({
      enabled: z.boolean().describe("Admit and bound the deployers of per-namespace environments."),
      accountPrefix: z
        .string()
        .regex(/^[a-z][a-z0-9-]*-$/)
        .describe("What comes before the namespace in a deployer's service account id."),
      projectId: z.string().min(1).describe("Project of the deployers' service accounts."),
      domain: host.describe("A deployer's routes may serve <namespace>.<domain> and nothing else."),
    }),
  })
  .meta({ title: "Values of the chart platform" });

type PlueChartValues = z.infer<typeof plueValuesSchema>;
type PlatformChartValues = z.infer<typeof platformValuesSchema>;

/** Any part of a chart's values. Lists are replaced as a whole, as Helm does. */
type Overrides<T> = T extends readonly unknown[] | string | number | boolean
  ? T
  : { readonly [K in keyof T]?: Overrides<T[K]> };

/**
 * What a release of `helm/plue` passes: all that belongs to it alone, for which the chart has placeholders only, and
 * any other value it wants otherwise than the values files say. Images and the chart's hash come from
 * `ApplicationRelease`.
 */
export type PlueValues = Overrides<PlueChartValues> &
  Pick<PlueChartValues, "serviceAccount" | "route" | "database" | "secrets">;

/** What a release of `helm/platform` passes, as `PlueValues`. */
export type PlatformValues = Overrides<PlatformChartValues> & Pick<PlatformChartValues, "gateway">;
