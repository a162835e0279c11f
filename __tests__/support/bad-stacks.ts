import { readdirSync } from "node:fs";
import { join } from "node:path";
import { CloudflareProvider } from "@cdktf/provider-cloudflare/lib/provider";
import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { RandomProvider } from "@cdktf/provider-random/lib/provider";
import type { TerraformResource } from "cdktf";
import { expression } from "../../lib/core/expression";
import type { Stack } from "../../lib/core/stack";
import { actingIdentity } from "../../lib/environments/acting-identity";
import { AuditLogging } from "../../lib/google/audit-logging";
import { BinaryAuthorization } from "../../lib/google/binary-authorization";
import { CloudSql, type CloudSqlProps } from "../../lib/google/cloud-sql";
import { GkeCluster, type GkeClusterProps } from "../../lib/google/gke-cluster";
import type { KmsKey } from "../../lib/google/kms";
import { Networking, type NetworkingProps } from "../../lib/google/networking";
import { googleBetaProvider, googleProvider } from "../../lib/google/providers";
import { clusterProviders } from "../../lib/kubernetes/providers";
import { readConfig } from "../../stacks/plue/config";
import type { KubernetesObject } from "../../tools/policy/rendered-charts";
import type { Program } from "../../tools/policy/rules";
import { releaseOf } from "../tools/policy/bad-objects";
import { projectOf } from "./program";
import { synthesize } from "./synth";

/** What is wrong, in a stack that is right otherwise. */
export type Bad = (stack: BadStack) => void;

/** Bad examples of a rule, by what is wrong: in staging-base, unless they name another stack. */
export type BadStacks = Record<string, Bad | { readonly in: string; readonly build: Bad }>;

const config = readConfig("cdktf.json");
const project = projectOf();

/** A stack to spoil, and sound constructs to spoil in it. */
export class BadStack {
  /** What a release of the stack would make. */
  readonly rendered: KubernetesObject[] = [];

  constructor(readonly stack: Stack) {}

  get production(): boolean {
    return this.stack.node.id.startsWith("production");
  }

  get projectId(): string {
    return config[this.production ? "production" : "staging"].projectId;
  }

  get labels() {
    return { environment: this.production ? "production" : "staging", managed_by: "terraform" };
  }

  readonly key: KmsKey = { id: "projects/p/locations/r/keyRings/k/cryptoKeys/k", grants: [] };

  network(props: Partial<NetworkingProps> = {}): Networking {
    return new Networking(this.stack, "network", {
      projectId: this.projectId,
      region: "us-central1",
      name: "shop",
      subnets: {
        nodes: { cidr: "10.0.0.0/16", secondaryRanges: { pods: "10.1.0.0/16", services: "10.2.0.0/16" } },
      },
      privateServices: {},
      labels: this.labels,
      ...props,
    });
  }

  cluster(props: Partial<GkeClusterProps> = {}): GkeCluster {
    new BinaryAuthorization(this.stack, "images", {
      projectId: this.projectId,
      images: ["registry.example/shop/*"],
    });
    new AuditLogging(this.stack, "cluster-audit", {
      projectId: this.projectId,
      services: { "container.googleapis.com": { DATA_READ: {} } },
    });
    return new GkeCluster(this.stack, "cluster", {
      projectId: this.projectId,
      region: "us-central1",
      name: "shop",
      network: this.network(),
      subnet: "nodes",
      podsRange: "pods",
      servicesRange: "services",
      nodePools: { default: { machineType: "e2-medium", minNodes: 1, maxNodes: 3, diskSizeGb: 50 } },
      releaseChannel: "STABLE",
      databaseEncryptionKey: this.key,
      deletionProtection: this.production,
      labels: this.labels,
      ...props,
    });
  }

  database(props: Partial<CloudSqlProps> = {}): CloudSql {
    new AuditLogging(this.stack, "audit", {
      projectId: this.projectId,
      services: { "secretmanager.googleapis.com": { DATA_READ: {} } },
    });
    return new CloudSql(this.stack, "sql", {
      projectId: this.projectId,
      region: "us-central1",
      name: "shop",
      network: this.network(),
      tier: "db-custom-2-8192",
      highAvailability: true,
      diskSizeGb: 10,
      backup: { retained: 30, pointInTimeRecovery: true },
      databases: ["shop"],
      admin: { name: "admin", secretId: "shop-admin", passwordVersion: 1, secretEncryptionKey: this.key },
      encryptionKey: this.key,
      deletionProtection: this.production,
      labels: this.labels,
      ...props,
    });
  }

  /** Declares what synthesis would refuse as a construct: a block of a type that has no row. @param type `data.x` for a data source */
  raw(type: string, args: Readonly<Record<string, unknown>> = {}): void {
    this.stack.addOverride(`${type.startsWith("data.") ? "" : "resource."}${type}.raw`, args);
  }

  /** Spoils a resource by its path below the stack: `sql/Resource`, `cluster/default`. */
  override(path: string, argument: string, value: unknown): void {
    const found = path
      .split("/")
      .reduce(
        (node, id) => node.node.findChild(id),
        this.stack as never as TerraformResource["node"]["root"],
      );
    (found as TerraformResource).addOverride(argument, value);
  }
}

/** A program of one stack, spoiled. */
export function programOf(example: BadStacks[string]): Program {
  const { in: name, build } =
    typeof example === "function" ? { in: "staging-base", build: example } : example;
  let rendered: readonly KubernetesObject[] = [];
  const owner = project.declared.find(({ stack }) => stack === name)?.owner;
  const { json } = synthesize((stack) => {
    const bad = new BadStack(stack);
    const place = { projectId: bad.projectId, region: "us-central1" };
    if (owner) {
      // An engineer's, which acts as its deployer.
      const deployer = owner.names.deployerEmail;
      stack.addOverride("terraform.backend.gcs.impersonate_service_account", deployer);
      const impersonate = actingIdentity(stack, { deployer, planner: "plan@p.iam.gserviceaccount.com" });
      googleProvider(stack, { ...place, impersonate });
      clusterProviders(
        stack,
        expression`data.terraform_remote_state.base.outputs.cluster_dns_endpoint`,
        impersonate,
      );
    } else {
      googleProvider(stack, place);
      googleBetaProvider(stack, place);
      new CloudflareProvider(stack, "cloudflare");
      new KubernetesProvider(stack, "kubernetes");
      new HelmProvider(stack, "helm");
      new RandomProvider(stack, "random");
    }
    build(bad);
    rendered = bad.rendered;
  }, name);
  return { project, stacks: new Map([[name, json]]), releases: [releaseOf(name, rendered)] };
}

const FOLDER = join(__dirname, "../tools/policy/bad");

/** The bad examples of every rule, by its id. */
export function badStacks(): Map<string, BadStacks> {
  return new Map(
    readdirSync(FOLDER)
      .sort()
      .map((file) => [file.replace(/\.ts$/, ""), require(join(FOLDER, file)).default as BadStacks]),
  );
}
