import { z } from "zod";
import { patterned } from "../../lib/input/fields";
import {
  amountsSchema as amounts,
  bytesSchema as bytes,
  resourcesSchema as resources,
} from "../../lib/kubernetes/quantity";
import type { EnvironmentConfig } from "./config";
import { NETWORK_RANGES } from "./config/schema";

const host = patterned(
  /^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/,
  "a host: write its labels in lower case with dots between, for instance plue.dev",
);
const kubernetesName = patterned(
  /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
  "a name of Kubernetes: use at most 63 lower-case letters, digits and -, for instance zig-api",
);
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

const seconds = (max: number) => z.int().min(1).max(max);
const percent = z.int().min(1).max(100);
const variable = patterned(
  /^[A-Z][A-Z0-9_]*$/,
  "an environment variable: use capitals, digits and _, for instance LOG_LEVEL",
);
const secretId = patterned(/^[A-Za-z0-9_-]{1,255}$/, "a secret id: use letters, digits, - and _");
const secretVersion = z.int().min(1).max(1_000_000);
const port = z.int().min(1024).max(65535);

/** Values of `helm/plue` once its values files and a release's own are merged: what its templates may read. */
export const plueValuesSchema = z
  .strictObject({
    chartHash,
    environment: z.string().min(1).describe("Label of every object."),
    replicaCount: replicas.describe("Pods of the API; the fewest where it scales by itself."),
    autoscaling: z.strictObject({
      enabled: z.boolean(),
      maxReplicas: replicas,
      cpuPercent: percent.describe("Use of the CPU that the API requests, above which pods are added."),
    }),
    image,
    service: z.strictObject({
      port: port.describe("Of what users reach, and of health and metrics."),
      internalPort: port.describe("Of what runners call, and of nothing else. Another than port."),
    }),
    logLevel: z.enum(["debug", "info", "warn", "error"]),
    tracing: z.strictObject({
      endpoint: z
        .union([z.url({ protocol: /^https?$/ }), z.literal("")])
        .describe("Where the API sends traces by OTLP; none where empty."),
      sampling: z
        .number()
        .min(0)
        .max(1)
        .describe("Share of requests of which there is a trace, from 0 to 1."),
    }),
    resources,
    streams: z.strictObject({
      // What Google's load balancers take at most.
      maxSeconds: seconds(86_400).describe("How long the load balancer lets one answer take."),
      drainSeconds: seconds(3600).describe("How long a pod that is being replaced keeps its streams."),
    }),
    priorityClassName: z.string().describe("Of all pods; the cluster's default where empty."),
    migration: z.strictObject({
      enabled: z.boolean().describe("Run the API's image before every install and upgrade."),
      args: z.array(z.string()),
      deadlineSeconds: seconds(3600),
      clientImage: z
        .string()
        .min(1)
        .describe("An image with psql and a shell, which waits for the database."),
      resources,
    }),
    repositories: z.strictObject({
      size: bytes.describe("Of the volume at /repos. It can grow, not shrink."),
      accessMode: z
        .enum(["ReadWriteOnce", "ReadWriteMany"])
        .describe("ReadWriteOnce for one replica. A volume's cannot be changed."),
      storageClassName: kubernetesName,
      keep: z.boolean().describe("Uninstalling leaves the volume, deleting the volume its data."),
      filestore: z.strictObject({
        enabled: z
          .boolean()
          .describe("Make the storage class, of Filestore file shares. One release a cluster."),
        tier: z.enum(["standard", "premium", "zonal", "regional", "enterprise"]),
        network: z.string().min(1).describe("VPC network of the nodes."),
      }),
      backup: z.strictObject({
        enabled: z.boolean().describe("A volume snapshot each night, kept for a week."),
        kubectlImage: z.string().min(1),
      }),
    }),
    serviceAccount: z.strictObject({
      googleServiceAccount: z
        .string()
        .describe("E-mail of the identity of the API's pods; none where empty."),
    }),
    route: z.strictObject({
      enabled: z.boolean().describe("Attach to the shared Gateway."),
      host: host.describe("Host name of UI and API."),
      apiHost: z.union([host, z.literal("")]).describe("Further host name, of the API alone."),
      redirectHosts: z.array(host).describe("Host names that are sent on to host."),
      gateway: z.strictObject({ name: kubernetesName, namespace: kubernetesName }),
      securityPolicy: z
        .union([kubernetesName, z.literal("")])
        .describe("Cloud Armor policy, which decides whose requests the load balancer takes."),
    }),
    ingress: z.strictObject({
      enabled: z.boolean().describe("An Ingress for host, in a cluster without the shared Gateway."),
      className: z.string(),
      annotations: z.record(z.string(), z.string()),
      tlsSecretName: z.string(),
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
        .record(variable, secretId)
        .describe("Environment variables of the API: id of the secret in Secret Manager by variable."),
      files: z
        .record(variable, secretId)
        .describe("Files of the API: id of the secret by the environment variable that has the file's path."),
      versions: z
        .record(secretId, secretVersion)
        .describe("Version of each of these secrets. Another one replaces the API's pods."),
    }),
    runner: z.strictObject({
      mode: z
        .enum(["kubernetes", "in-process"])
        .describe("in-process runs agents inside the API, unsandboxed: the way back from a broken sandbox."),
      runtimeClassName: z.string().min(1),
      warmPool: z.strictObject({
        replicas: replicas.describe("Runners that wait; one that gets a task leaves the pool."),
        drainSeconds: seconds(3600).describe("How long a runner that is to go may finish its task."),
      }),
      limit: replicas.describe("Standby runners at once, those that wait and those that work."),
      resources: resources.describe("Of a standby runner."),
      run: z
        .strictObject({
          deadlineSeconds: seconds(3600),
          ttlSecondsAfterFinished: z.int().min(0).max(86_400),
          resources,
        })
        .describe("A run in a pod of its own."),
      image,
    }),
    ui: z.strictObject({ replicas, port, resources, image }),
    cloudSqlProxy: z.strictObject({ image: z.string().min(1), resources }),
    networkPolicy: z.strictObject({
      loadBalancerRanges: z.array(z.cidrv4()).min(1).describe("Who may reach the ports of API and UI."),
      controlPlaneRanges: z
        .array(z.cidrv4())
        .min(1)
        .describe("Where the Kubernetes API is: the cluster's subnet."),
    }),
    namespace: z.strictObject({
      create: z
        .boolean()
        .describe("Render the namespace too, for kubectl apply; Helm itself wants it to be there."),
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
      sslPolicy: z
        .union([kubernetesName, z.literal("")])
        .describe("SSL policy, which decides what TLS the load balancer speaks."),
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
    runners: z
      .strictObject({
        namespaces: z
          .strictObject({ label: z.string().min(1), values: z.array(z.string().min(1)) })
          .describe("Namespaces of releases: with this label, of one of these values if there are any."),
        account: kubernetesName.describe("Service account of the API."),
        serviceAccount: kubernetesName.describe("Service account of runners."),
        repository: z.string().min(1).describe("Image of runners, without tag or digest."),
        runtimeClassName: kubernetesName,
        priorityClassName: kubernetesName,
      })
      .describe("What the API's service account may make, in every release's namespace."),
    deployers: z.strictObject({
      enabled: z.boolean().describe("Admit and bound the deployers of per-namespace environments."),
      accountPrefix: z
        .string()
        .regex(/^[a-z][a-z0-9-]*-$/)
        .describe("What comes before the namespace in a deployer's service account id."),
      projectId: z.string().min(1).describe("Project of the deployers' service accounts."),
      domain: host.describe("A namespace's routes may serve <namespace>.<domain> and nothing else."),
      ownerLabel: z
        .string()
        .min(1)
        .describe("Label of the namespaces that are an engineer's; its value is the namespace's name."),
      priorityClassName: kubernetesName.describe("The one priority class that an engineer's pods may name."),
      quota: z
        .strictObject({
          name: kubernetesName.describe("ResourceQuota without which a namespace runs no pod."),
          max: z.record(z.string().min(1), z.string().regex(/^\d+(Gi)?$/)),
        })
        .describe("What the quota of an engineer's namespace has to bound, and at most how high."),
      podLimits: amounts.describe("What the limits of one of its pods come to at most."),
    }),
    databaseGrants: z.strictObject({
      enabled: z.boolean().describe("Keep the rights inside the database instance."),
      namespace: kubernetesName.describe("Of the job alone, made before the release."),
      googleServiceAccount: z.string().min(1).describe("E-mail of the job's identity."),
      database: z.strictObject({
        instanceConnectionName: z.string().regex(/^[^:]+:[^:]+:[^:]+$/),
        privateIp: z.ipv4(),
      }),
      administrator: z
        .strictObject({ name: z.string().min(1), projectId: z.string().min(1), secretId })
        .describe("Built-in database user that the job is, and the secret with its password."),
      otherAdministrators: z
        .array(z.string().min(1))
        .describe("Database users besides it that may make roles and databases; all others lose that."),
      rules: z
        .array(
          z.union([
            z.strictObject({
              login: z.string().regex(/^[a-z][a-z0-9@.-]*$/),
              database: z.string().regex(/^[a-z][a-z0-9_]{0,56}$/),
            }),
            // With an engineer's name and "_owner" no longer than PostgreSQL's names.
            z.strictObject({
              login: z.string().regex(/^[a-z][a-z0-9-]*\*[a-z0-9@.-]*$/),
              database: z.string().regex(/^[a-z][a-z0-9_]{0,30}\*$/),
            }),
          ]),
        )
        .min(1)
        .describe("Which database is whose: its login, with a * in both for a name."),
      priorityClassName: kubernetesName,
      image: z.string().min(1).describe("An image with psql, wget and a shell."),
      resources,
      proxy: z.strictObject({ image: z.string().min(1), resources }),
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
 * Helm values that a release of `helm/plue` passes: all that belongs to it alone, for which the chart has placeholders only, and
 * any other value it wants otherwise than the values files say. Images and the chart's hash come from
 * `ApplicationRelease`.
 */
export type PlueValues = Overrides<PlueChartValues> &
  Pick<PlueChartValues, "serviceAccount" | "database" | "secrets"> & {
    readonly route: Pick<PlueChartValues["route"], "host" | "gateway">;
  };

/** Ranges of an environment's control plane for its releases: GKE gives it an address of the nodes'. Undefined where the chart's are right. */
export function controlPlaneRanges({ network }: EnvironmentConfig): string[] | undefined {
  return network.nodes === NETWORK_RANGES.nodes ? undefined : [network.nodes];
}

/** Helm values of the job of `helm/platform` that keeps the databases' grants, as `PlueValues`. */
export type DatabaseGrants = Overrides<PlatformChartValues["databaseGrants"]> &
  Pick<
    PlatformChartValues["databaseGrants"],
    "namespace" | "googleServiceAccount" | "database" | "administrator" | "rules"
  >;

/** Helm values that a release of `helm/platform` passes, as `PlueValues`. */
export type PlatformValues = Overrides<PlatformChartValues> &
  Pick<PlatformChartValues, "gateway"> & {
    readonly runners: Pick<PlatformChartValues["runners"], "namespaces" | "repository">;
  };
