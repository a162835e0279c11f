import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { AppliedStack } from "../cluster/support/terraform";
import { describeOnlyWith } from "./needs";
import { synthesizeStack } from "./program";

// A manifest has no one shape; a test that reads a wrong path fails by itself.
// biome-ignore lint/suspicious/noExplicitAny: see above
export type Manifest = any;

/** `describe` for tests that render charts while they are declared: skipped where there is no helm. */
export function describeCharts(name: string, declare: () => void): void {
  describeOnlyWith("helm", name, declare);
}

export interface Rendering {
  readonly chart: string;
  readonly namespace: string;
  /** Files of values below the chart's folder, and values, in the order in which Helm merges them. */
  readonly values: readonly (string | object)[];
}

/** What a synthesized stack's Helm release of the chart passes. */
export function passedBy(stack: string, chart: "plue" | "platform" = "plue"): Rendering {
  const application = stack === "production-app" ? "release" : "staging_release";
  const id = chart === "platform" ? "platform_release" : application;
  const { namespace, values } = new AppliedStack(synthesizeStack(stack)).release(id);
  return {
    chart,
    namespace,
    values: values.map((layer) =>
      "file" in layer ? layer.file.replace(`helm/${chart}/`, "") : layer.values,
    ),
  };
}

/** `helm template`. Where RENDERED_MANIFESTS names a folder the manifests are also left there, for other checks. */
export function helmTemplate({ chart, namespace, values }: Rendering): { stdout: string; stderr: string } {
  const folder = mkdtempSync(join(tmpdir(), "plue-values-"));
  try {
    const files = values.map((layer, index) => {
      if (typeof layer === "string") return join("helm", chart, layer);
      const file = join(folder, `${index}.json`);
      writeFileSync(file, JSON.stringify(layer));
      return file;
    });
    const args = ["template", "plue", `helm/${chart}`, "-n", namespace, ...files.flatMap((f) => ["-f", f])];
    return spawnSync("helm", args, { encoding: "utf8", maxBuffer: 2 ** 24 });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What Helm would create, hooks included. */
export class Rendered {
  readonly objects: readonly Manifest[];

  constructor(readonly rendering: Rendering) {
    const { stdout, stderr } = helmTemplate(rendering);
    if (!stdout) throw new Error(stderr);
    this.objects = parseAllDocuments(stdout)
      .map((document) => document.toJS())
      .filter((object) => object !== null);
    keep(rendering, [...this.objects, ...this.jobTemplates()]);
  }

  /** The one object of this kind and name that is not a hook. Throws, naming what is there, if it is not. */
  get(kind: string, name: string): Manifest {
    const found = this.find(kind, name);
    if (!found) throw new Error(`no ${kind} ${name}; there are: ${this.all(kind).map(nameOf).join(", ")}`);
    return found;
  }

  find(kind: string, name: string): Manifest | undefined {
    return this.all(kind).find((object) => nameOf(object) === name && !isHook(object));
  }

  all(kind: string): Manifest[] {
    return this.objects.filter((object) => object.kind === kind);
  }

  /** Every pod that the release makes or has made, by whose it is. */
  pods(): [owner: string, pod: Manifest][] {
    return [...this.objects, ...this.jobTemplates()].flatMap((object) => {
      const template = object.spec?.template ?? object.spec?.jobTemplate?.spec.template;
      return template?.spec ? [[`${object.kind} ${nameOf(object)}`, template] as [string, Manifest]] : [];
    });
  }

  /** Jobs that the API makes, as it would for task "t1". */
  jobTemplates(): Manifest[] {
    const template = this.find("ConfigMap", "runner-job")?.data["job.json"];
    return template ? [JSON.parse(template.replaceAll("${TASK_ID}", "t1"))] : [];
  }
}

export function containersOf(pod: Manifest): Manifest[] {
  return [...(pod.spec.initContainers ?? []), ...pod.spec.containers];
}

export function environmentOf(container: Manifest): Record<string, Manifest> {
  return Object.fromEntries(
    (container.env ?? []).map(({ name, value, valueFrom }: Manifest) => [name, value ?? valueFrom]),
  );
}

export function isHook({ metadata }: Manifest): boolean {
  return metadata.annotations?.["helm.sh/hook"] !== undefined;
}

function nameOf({ metadata }: Manifest): string {
  return metadata.name;
}

function keep({ chart, namespace, values }: Rendering, objects: readonly Manifest[]): void {
  const folder = process.env["RENDERED_MANIFESTS"];
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  const name = [chart, namespace, ...values.map((layer) => (typeof layer === "string" ? layer : "values"))];
  const file = mkdtempSync(join(folder, `${name.join("-").replaceAll("/", "-")}-`));
  writeFileSync(
    join(file, "manifests.yaml"),
    objects.map((object) => JSON.stringify(object)).join("\n---\n"),
  );
}
