import { SqlDatabase } from "@cdktf/provider-google/lib/sql-database";
import { SqlUser } from "@cdktf/provider-google/lib/sql-user";
import { Construct } from "constructs";
import { ApplicationRelease, type ReleaseImages } from "./application-release";
import type { Chart } from "./chart";
import type { PlueValues } from "./chart-values";
import type { EngineerNames } from "./engineer-names";
import { type ContainerLimits, GuardedNamespace, type NamespaceQuota } from "./guarded-namespace";

/** Room for a release with two standby runners, its rolling update, and a run of 2 CPU and 4 GiB. */
export const DEFAULT_QUOTA: NamespaceQuota = { cpu: "4", memory: "8Gi", pods: 20, storage: "10Gi" };

const DEFAULT_CONTAINER_LIMITS: ContainerLimits = {
  defaultRequest: { cpu: "100m", memory: "128Mi", ephemeralStorage: "256Mi" },
  defaultLimit: { cpu: "500m", memory: "512Mi", ephemeralStorage: "1Gi" },
  max: { cpu: "4", memory: "8Gi", ephemeralStorage: "10Gi" },
};

/** The Gateway that all namespaces of a cluster share. */
export interface SharedGateway {
  readonly name: string;
  /** Namespace that it is in. */
  readonly namespace: string;
  /** Label that lets a namespace attach routes. */
  readonly routesFrom: { readonly label: string; readonly value: string };
}

export interface EngineerApplication {
  readonly chart: Chart<PlueValues>;
  /** Name of the Helm release. */
  readonly releaseName: string;
  readonly valuesFiles: readonly string[];
  /** While offboarding, without `resolveDigests`. */
  readonly images: ReleaseImages;
  /** Ids of shared secrets, by the environment variable that the application reads them from. */
  readonly secrets: Record<string, string>;
  /** Further values. @default as the values files say */
  readonly values?: Omit<PlueValues, "route" | "database" | "secrets" | "serviceAccount">;
}

export interface StagingNamespaceProps {
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
  readonly gateway: SharedGateway;
  /** ClusterRole with all rights that the deployer needs in the namespace; the chart `helm/platform` makes it. */
  readonly deployerClusterRole: string;
  /** The shared Cloud SQL instance. */
  readonly sqlInstance: {
    readonly name: string;
    readonly connectionName: string;
    readonly privateIp: string;
  };
  readonly application: EngineerApplication;
  /** What differs from the default. @default 4 CPU, 8Gi of memory, 20 pods, 10Gi of volumes */
  readonly quota?: Partial<NamespaceQuota>;
  /** @default requests 100m, 128Mi, 256Mi of disk; limits 500m, 512Mi, 1Gi; at most 4 CPU, 8Gi, 10Gi */
  readonly containerLimits?: ContainerLimits;
  /** Labels of the namespace besides those of the construct. @default none */
  readonly labels?: Record<string, string>;
}

/**
 * One engineer's environment: a guarded namespace, a database of her own with the runtime identity as its user, and the
 * application. It holds no IAM, DNS record, password or Secret: identities come from `EngineerAccess`, the host from
 * the wildcard record and certificate, the login from IAM, Secrets from external-secrets.
 *
 * The namespace comes first, then the deployer's role binding, which permits the rest. A destroy goes the other way:
 * release, database (by then without connections), user (by then without objects), namespace.
 *
 * Source: infrastructure document, section "Module: Staging Namespace".
 * @throws on a quota or limit that is no Kubernetes quantity
 */
export class StagingNamespace extends Construct {
  /** Name of the namespace. */
  readonly namespace: string;
  /** `https://alice.staging.plue.dev` */
  readonly url: string;
  /** Name of the database. */
  readonly database: string;

  constructor(scope: Construct, id: string, props: StagingNamespaceProps) {
    super(scope, id);
    const { names, projectId, environment, email, application, gateway, sqlInstance } = props;

    const namespace = new GuardedNamespace(this, "Resource", {
      name: names.namespace,
      labels: {
        ...props.labels,
        environment,
        owner: names.namespace,
        managed_by: "terraform",
        "app.kubernetes.io/part-of": application.chart.name,
      },
      routesFrom: gateway.routesFrom,
      deployer: { email: names.deployerEmail, clusterRole: props.deployerClusterRole },
      quota: { ...DEFAULT_QUOTA, ...props.quota },
      containerLimits: props.containerLimits ?? DEFAULT_CONTAINER_LIMITS,
      readers: props.readers,
      debuggers: [email],
    });

    const user = new SqlUser(this, "database_user", {
      project: projectId,
      instance: sqlInstance.name,
      name: names.databaseUser,
      type: "CLOUD_IAM_SERVICE_ACCOUNT",
    });
    const database = new SqlDatabase(this, "database", {
      project: projectId,
      instance: sqlInstance.name,
      name: names.database,
      // For the way back: Postgres drops no user that owns something.
      dependsOn: [user],
    });

    const host = `${names.hostLabel}.${props.domain}`;
    new ApplicationRelease(this, "release", {
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
          user: user.name,
        },
        serviceAccount: { googleServiceAccount: names.runtimeEmail },
        secrets: { projectId, environment: application.secrets },
      },
      dependsOn: [database, ...namespace.guards],
    });

    this.namespace = namespace.name;
    this.url = `https://${host}`;
    this.database = database.name;
  }
}
