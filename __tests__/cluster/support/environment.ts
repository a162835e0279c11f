import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { PRODUCTION_NAMESPACE } from "../../../stacks/plue/names";
import { engineerNames } from "../../../stacks/plue/registry/engineer-names";
import { type RegistryEntry, synthesizeStack } from "../../support/program";
import { type Answer, admin, attempt, attemptLater, Client, type KubernetesObject, succeed } from "./cluster";
import { AppliedStack, type HelmRelease } from "./terraform";

const PROJECT = "plue-staging";

/** The identity that deploys an engineer's environment. */
export function deployerOf(engineer: string): string {
  return engineerNames(engineer, PROJECT).deployerEmail;
}

/** One environment in the cluster, made as its stack would make it, by the identity that would. */
export class Environment {
  readonly release: HelmRelease;

  private constructor(
    readonly namespace: string,
    readonly deployer: Client,
    private readonly stack: AppliedStack,
  ) {
    this.release = stack.release(namespace === PRODUCTION_NAMESPACE ? "release" : "staging_release");
  }

  /** @param image digits of the digest that its image tags point to */
  static ofEngineer(name: string, image?: string, entry: Partial<RegistryEntry> = {}): Environment {
    const engineers = [{ ...entry, name, email: emailOf(name) }];
    const stack = new AppliedStack(synthesizeStack(`staging-${name}`, { engineers }), image);
    return new Environment(name, new Client(deployerOf(name)), stack);
  }

  static ofProduction(image?: string): Environment {
    const stack = new AppliedStack(synthesizeStack("production-app"), image);
    return new Environment(PRODUCTION_NAMESPACE, admin, stack);
  }

  /** The namespace and what guards it, without the release. */
  guards(): KubernetesObject[] {
    return this.stack
      .objects()
      .filter(
        ({ kind, metadata }) =>
          (metadata.namespace ?? (kind === "Namespace" && metadata.name)) === this.namespace,
      );
  }

  /** Makes the namespace and what guards it. */
  guard(): void {
    for (const object of this.guards()) this.deployer.create(object);
  }

  /** The release's manifests, hooks included. */
  manifests(): KubernetesObject[] {
    return withValues(this.release, (args) =>
      documents(
        succeed(
          attempt("helm", ["template", this.release.name, this.release.chart, ...KUBE_VERSION, ...args]),
        ),
      ),
    );
  }

  /** `helm upgrade --install` to a finished rollout, or back if that takes too long. */
  async deploy(timeoutSeconds = 120): Promise<Answer> {
    provideVolumes(this.namespace, this.manifests());
    const { name, chart } = this.release;
    const flags = [...DEPLOY_FLAGS, `--timeout=${timeoutSeconds}s`];
    const answer = await withValues(this.release, (args) =>
      attemptLater("helm", ["upgrade", "--install", name, chart, ...args, ...flags, ...this.identity]),
    );
    provideSecrets(this.namespace);
    return answer;
  }

  /** `deploy`, killed as soon as Helm has written down that it is at it. */
  async killDeploy(): Promise<void> {
    const { name, chart } = this.release;
    await withValues(this.release, async (args) => {
      const flags = [...args, ...DEPLOY_FLAGS, ...this.identity];
      const helm = spawn("helm", ["upgrade", "--install", name, chart, ...flags], {
        env: { ...process.env, HELM_DRIVER: "configmap" },
        stdio: "ignore",
      });
      const ended = once(helm, "close");
      const pending = () =>
        admin.list(
          "configmaps",
          this.namespace,
          "-l",
          "owner=helm,status in (pending-install,pending-upgrade)",
        );
      while (pending().length === 0 && helm.exitCode === null)
        await new Promise((tick) => setTimeout(tick, 20));
      helm.kill("SIGKILL");
      await ended;
    });
  }

  helm(...args: string[]): string {
    return succeed(attempt("helm", [...args, "-n", this.namespace, ...this.identity]));
  }

  /** Deletes the namespace, and the volumes that outlive it. */
  remove(): void {
    admin.run(["delete", "pods", "--all", "-n", this.namespace, "--force", "--grace-period=0"]);
    admin.run(["delete", "namespace", this.namespace, "--ignore-not-found", "--timeout=120s"]);
    admin.run(["delete", "persistentvolume", "-l", `namespace=${this.namespace}`, "--ignore-not-found"]);
  }

  private get identity(): string[] {
    const { user } = this.deployer;
    return user ? ["--kube-as-user", user, "--kube-as-group", "system:authenticated"] : [];
  }
}

export function emailOf(engineer: string): string {
  return `${engineer}@plue.dev`;
}

/** Helm built by `go install` thinks that it renders for 1.20. */
const KUBE_VERSION = ["--kube-version", "1.34.1"];

/** As the stacks' releases say. */
const DEPLOY_FLAGS = ["--atomic", "--cleanup-on-fail", "--wait", "--wait-for-jobs", "--history-max=10"];

/** Installs a release as an administrator. */
export function install(release: HelmRelease): void {
  withValues(release, (args) =>
    succeed(attempt("helm", ["upgrade", "--install", release.name, release.chart, ...args, ...DEPLOY_FLAGS])),
  );
}

function withValues<T>({ namespace, values }: HelmRelease, use: (args: string[]) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "plue-values-"));
  const files = values.map((layer, index) => {
    if ("file" in layer) return layer.file;
    const file = join(folder, `${index}.json`);
    writeFileSync(file, JSON.stringify(layer.values));
    return file;
  });
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const used = use(["-n", namespace, ...files.flatMap((file) => ["--values", file])]);
  if (used instanceof Promise) return used.finally(remove) as T;
  remove();
  return used;
}

function documents(yaml: string): KubernetesObject[] {
  return parseAllDocuments(yaml)
    .map((document) => document.toJS() as KubernetesObject | null)
    .filter((object) => object !== null);
}

/** What GKE's disk driver would do: a volume for each claim, there before the pod asks. */
export function provideVolumes(namespace: string, manifests: readonly KubernetesObject[]): void {
  const claims = manifests.flatMap(({ kind, metadata, spec }) => {
    if (kind === "PersistentVolumeClaim") return [{ name: metadata.name, spec }];
    if (kind !== "StatefulSet") return [];
    return ((spec.volumeClaimTemplates ?? []) as KubernetesObject[]).flatMap((claim) =>
      Array.from({ length: spec.replicas }, (_, index) => ({
        name: `${claim["metadata"].name}-${metadata.name}-${index}`,
        spec: claim["spec"],
      })),
    );
  });
  admin.apply(
    claims.map(({ name, spec }) => ({
      apiVersion: "v1",
      kind: "PersistentVolume",
      metadata: { name: `${namespace}-${name}`, labels: { namespace } },
      spec: {
        capacity: spec.resources.requests,
        accessModes: spec.accessModes,
        storageClassName: spec.storageClassName,
        claimRef: { namespace, name },
        hostPath: { path: "/simulated" },
      },
    })),
  );
}

/** What external-secrets would do: the Secret of each ExternalSecret, which goes when that goes. */
function provideSecrets(namespace: string): void {
  admin.apply(
    admin.list("externalsecrets", namespace).map(({ apiVersion, kind, metadata, spec }) => ({
      apiVersion: "v1",
      kind: "Secret",
      metadata: {
        name: spec.target?.name ?? metadata.name,
        namespace,
        ownerReferences: [{ apiVersion, kind, name: metadata.name, uid: metadata.uid }],
      },
      stringData: Object.fromEntries(
        ((spec.data ?? []) as { secretKey: string }[]).map(({ secretKey }) => [secretKey, "simulated"]),
      ),
    })),
  );
}
