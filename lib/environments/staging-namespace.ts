import { SqlDatabase } from "@cdktf/provider-google/lib/sql-database";
import { Construct } from "constructs";
import { environmentLabels } from "../core/labels";
import type { Chart } from "../kubernetes/chart";
import { GuardedNamespace, type NamespaceQuota, type PodLimits } from "../kubernetes/guarded-namespace";
import { ApplicationRelease, type ReleaseImages } from "../kubernetes/release";
import { type EngineerNames, OWNER_LABEL } from "./registry";

/**
 * Room for a release, its warm pool, a rolling update of both with its migration, and one run beside them: a test adds
 * up what the rendered chart requests.
 */
export const DEFAULT_QUOTA: NamespaceQuota = { cpu: "4", memory: "8Gi", pods: 20, storage: "10Gi" };

/** The largest pod of a release is a run of 2 CPU, 4Gi and 10Gi of scratch. */
export const DEFAULT_POD_LIMITS: PodLimits = { cpu: "4", memory: "8Gi", ephemeralStorage: "12Gi" };

/** Gateway (Gateway API) that all namespaces of a cluster share. */
export interface SharedGateway {
  /** Name of the Gateway. */
  readonly name: string;
  /** Namespace that it is in. */
  readonly namespace: string;
  /** Label that lets a namespace attach routes. */
  readonly routesFrom: { readonly label: string; readonly value: string };
}

/** Values of the application's chart that the environment decides; a chart that takes them can be an engineer's. */
export interface EnvironmentValues {
  readonly environment?: string;
  readonly route: {
    readonly host: string;
    readonly gateway: { readonly name: string; readonly namespace: string };
  };
  readonly database: {
    readonly instanceConnectionName: string;
    readonly privateIp: string;
    readonly name: string;
    readonly user: string;
  };
  readonly serviceAccount: { readonly googleServiceAccount: string };
  readonly networkPolicy?: { readonly controlPlaneRanges?: string[] };
  readonly secrets: {
    readonly projectId: string;
    readonly environment: Readonly<Record<string, string>>;
    readonly files: Readonly<Record<string, string>>;
    readonly versions: Readonly<Record<string, number>>;
  };
}

/**
 * Helm release of the application: chart, images and values.
 *
 * @typeParam Values what the chart takes: the environment's values and its own
 */
export interface EngineerApplication<Values extends EnvironmentValues = EnvironmentValues> {
  /** Chart to release. */
  readonly chart: Chart<Values>;
  /** Name of the Helm release. */
  readonly releaseName: string;
  /** Files of the chart that are merged over its `values.yaml`, in this order. */
  readonly valuesFiles: readonly string[];
  /** Images and the tag they follow; while offboarding, without `resolveDigests`. */
  readonly images: ReleaseImages;
  /** Ids of shared secrets, by the environment variable that has the secret, or the path of a file with it; and their versions. */
  readonly secrets: Omit<EnvironmentValues["secrets"], "projectId">;
  /** Further values. @default as the values files say */
  readonly values?: Omit<Values, keyof EnvironmentValues>;
}

/** @typeParam Values what the application's chart takes */
export interface StagingNamespaceProps<Values extends EnvironmentValues = EnvironmentValues> {
  /** Google Cloud project. */
  readonly projectId: string;
  /** Value of the label `environment`: `staging`. */
  readonly environment: string;
  /** What everything of the engineer is called. Changing a name recreates what bears it, the database with its data. */
  readonly names: EngineerNames;
  /** Google account of the engineer: may read the namespace's objects and logs, exec into its pods, forward ports. */
  readonly email: string;
  /** Google accounts that may read the namespace's objects and logs, but no Secret. @default none */
  readonly readers?: readonly string[];
  /** Parent of the host: the release serves `<hostLabel>.<domain>`. */
  readonly domain: string;
  /** The Gateway by which the release is reached. */
  readonly gateway: SharedGateway;
  /** ClusterRole with all rights that the deployer needs in the namespace; the chart `helm/platform` makes it. */
  readonly deployerClusterRole: string;
  /** The shared Cloud SQL instance. */
  readonly sqlInstance: {
    readonly name: string;
    readonly connectionName: string;
    readonly privateIp: string;
  };
  /** CIDR ranges that hold the private address of the control plane, for pods that talk to it. @default as the chart's values say */
  readonly controlPlaneRanges?: readonly string[];
  /** What runs in the namespace. */
  readonly application: EngineerApplication<Values>;
  /** What differs from the default. @default 4 CPU, 8Gi of memory, 20 pods, 10Gi of volumes */
  readonly quota?: Partial<NamespaceQuota>;
  /** What the limits of one pod may come to. @default 4 CPU, 8Gi of memory, 12Gi of disk */
  readonly podLimits?: PodLimits;
  /** Labels of the namespace besides those of the construct. @default none */
  readonly labels?: Readonly<Record<string, string>>;
}

/**
 * Environment of one engineer: guarded Kubernetes namespace, database in the shared Cloud SQL instance, and Helm release of
 * the application. It holds no IAM, login,
 * DNS record, password or Secret: identities and their login to the database come from `EngineerAccess`, the host from
 * the wildcard record and certificate, Secrets from external-secrets. A release without its login waits at its migration.
 *
 * In the namespace the deployer's role binding comes first, which permits the rest. A destroy goes the other way: release,
 * namespace with the last of its pods, database (by then without connections).
 *
 * Source: infrastructure document, section "Module: Staging Namespace (Per-Engineer)".
 * @typeParam Values what the application's chart takes
 * @throws on a quota or limit that is no Kubernetes quantity
 * @example
 * ```ts
 * const environment = new StagingNamespace(stack, "staging", {
 *   projectId: "acme-staging",
 *   environment: "staging",
 *   names: engineerNames("alice", "acme-staging"),
 *   email: "alice@example.com",
 *   domain: "staging.example.com",
 *   gateway: { name: "shared", namespace: "gateway", routesFrom: { label: "gateway-access", value: "true" } },
 *   deployerClusterRole: "namespace-deployer",
 *   sqlInstance: { name: "shared", connectionName: "acme-staging:us-central1:shared", privateIp: "10.3.0.5" },
 *   application: {
 *     chart: new Chart<EnvironmentValues>("helm/plue"),
 *     releaseName: "plue",
 *     valuesFiles: ["values-staging.yaml"],
 *     images: {
 *       registry: { projectId: "acme-staging", location: "us-central1", repositoryId: "plue" },
 *       names: { image: "zig-api" },
 *       tag: "alice",
 *     },
 *     secrets: { environment: { STRIPE_API_KEY: "stripe-api-key" }, files: {}, versions: { "stripe-api-key": 1 } },
 *   },
 * });
 * stack.output("url", { value: environment.url });
 * ```
 */
export class StagingNamespace<Values extends EnvironmentValues = EnvironmentValues> extends Construct {
  /** Name of the namespace. */
  readonly namespace: string;
  /** URL that the release serves: `https://alice.staging.plue.dev`. */
  readonly url: string;
  /** Name of the database. */
  readonly database: string;

  constructor(
    scope: Construct,
    id: string,
    readonly props: StagingNamespaceProps<Values>,
  ) {
    super(scope, id);
    const { names, projectId, environment, email, application, gateway, sqlInstance } = props;

    const database = new SqlDatabase(this, "database", {
      project: projectId,
      instance: sqlInstance.name,
      name: names.database,
    });

    const namespace = new GuardedNamespace(this, "Resource", {
      name: names.namespace,
      labels: {
        ...environmentLabels(environment, { ...props.labels, [OWNER_LABEL]: names.namespace }),
        "app.kubernetes.io/part-of": application.chart.name,
      },
      routesFrom: gateway.routesFrom,
      deployer: { email: names.deployerEmail, clusterRole: props.deployerClusterRole },
      quota: { ...DEFAULT_QUOTA, ...props.quota },
      podLimits: props.podLimits ?? DEFAULT_POD_LIMITS,
      readers: props.readers,
      debuggers: [email],
      dependsOn: [database],
    });

    const host = `${names.hostLabel}.${props.domain}`;
    new ApplicationRelease<EnvironmentValues>(this, "release", {
      chart: application.chart,
      name: application.releaseName,
      namespace: namespace.name,
      valuesFiles: application.valuesFiles,
      images: application.images,
      values: {
        ...application.values,
        environment,
        route: { host, gateway: { name: gateway.name, namespace: gateway.namespace } },
        database: {
          instanceConnectionName: sqlInstance.connectionName,
          privateIp: sqlInstance.privateIp,
          name: database.name,
          user: names.databaseUser,
        },
        serviceAccount: { googleServiceAccount: names.runtimeEmail },
        ...(props.controlPlaneRanges && {
          networkPolicy: { controlPlaneRanges: [...props.controlPlaneRanges] },
        }),
        secrets: { projectId, ...application.secrets },
      },
      dependsOn: [database, ...namespace.guards],
    });

    this.namespace = namespace.name;
    this.url = `https://${host}`;
    this.database = database.name;
  }
}
