import { readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { parse, stringify } from "yaml";
import { argument, blocksOf, type TerraformJson } from "../../lib/core/terraform-json";
import { templateText } from "../../lib/hcl/template";
import { sharedPath } from "../command-line/project";
import type { Subject } from "./model";
import { runTool } from "./run-tool";
import { inFolder } from "./scan-folder";
import type { StackSource } from "./stack-source";

/** One Kubernetes object as a release would make it. */
export interface RenderedObject {
  readonly subject: Subject;
  readonly object: KubernetesObject;
  /** The same as YAML. */
  readonly text: string;
}

/** What every object has; the rest is its kind's. */
export interface KubernetesObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly [key: string]: unknown };
  readonly [key: string]: unknown;
}

/** What a stack's Helm release of one of our charts would make. */
export interface RenderedRelease {
  readonly stack: string;
  readonly name: string;
  readonly objects: readonly RenderedObject[];
}

export interface RenderedCharts {
  readonly releases: readonly RenderedRelease[];
  /** Releases of charts that are not here: `external-secrets 1.3.2 of production-app`. */
  readonly elsewhere: readonly string[];
  /** Releases that could not be rendered, and why. */
  readonly failures: readonly string[];
}

/**
 * Renders the charts with what the stacks pass. What only an apply knows keeps the placeholder of the chart's own
 * values.yaml; a digest, and what stands in a list, for which there is none, gets one here.
 *
 * @param charts folder of the charts: `helm`
 */
export async function renderCharts(stacks: readonly StackSource[], charts: string): Promise<RenderedCharts> {
  const releases: RenderedRelease[] = [];
  const elsewhere: string[] = [];
  const failures: string[] = [];
  for (const stack of stacks)
    for (const { type, args } of blocksOf(stack.json)) {
      if (type !== "helm_release") continue;
      const chart = String(args["chart"]);
      if (args["repository"] !== undefined || chart.includes("://"))
        elsewhere.push(`${chart} ${args["version"]} of ${stack.name}`);
      else
        try {
          releases.push(await renderRelease(stack, args, charts));
        } catch (error) {
          failures.push(
            `${stack.name}: ${basename(chart)} was not rendered: ${(error as Error).message.trim()}`,
          );
        }
    }
  return { releases, elsewhere, failures };
}

/** The folder that a release's chart was copied from: the system's own, or one that all of the checkout share. */
function chartFolder(reference: unknown, charts: string): string {
  const [, name] = /^\.\.\/\.\.\/charts\/([^/]+)$/.exec(String(reference)) ?? [];
  if (!name) throw new Error(`${reference} is neither in ../../charts nor of a repository`);
  return relative(".", sharedPath(join(charts, name)));
}

function renderRelease(
  { name: stack, json }: StackSource,
  args: Readonly<Record<string, unknown>>,
  charts: string,
): Promise<RenderedRelease> {
  return inFolder([], async (folder) => {
    const chart = chartFolder(args["chart"], charts);
    const beside = dirname(chart);
    const overrides = Object.keys(args).filter((name) => /^set(_|$)/.test(name));
    if (overrides.length > 0)
      throw new Error(`it has values in ${overrides.join(", ")}, and not in "values"`);
    const files = (args["values"] as readonly string[]).map((expression, index) => {
      const [, copied] = /^\$\{file\("\.\.\/\.\.\/charts\/(.+)"\)\}$/.exec(expression) ?? [];
      if (copied) return join(beside, copied);
      const file = join(folder, `${index}.yaml`);
      writeFileSync(file, stringify(passedValues(expression, json)));
      return file;
    });
    const name = String(args["name"]);
    const namespace = known(args["namespace"], json) ?? "default";
    const values = files.flatMap((file) => ["--values", file]);
    const template = ["template", name, `./${chart}`, "--namespace", namespace, ...values];
    const env = { PATH: process.env["PATH"], HOME: folder };
    const { code, stdout, stderr } = await runTool("helm", template, { env });
    if (code !== 0) throw new Error(stderr);
    return { stack, name, objects: objectsOf(stdout, stack, beside) };
  });
}

function passedValues(expression: string, json: TerraformJson): unknown {
  const [, local = ""] = /^\$\{yamlencode\(local\.(\w+)\)\}$/.exec(expression) ?? [];
  const values = json.locals?.[local];
  if (!values)
    throw new Error(`its values are neither a file of the chart nor a local: ${expression.slice(0, 80)}`);
  return knownValues(values, json);
}

function knownValues(value: unknown, json: TerraformJson, placeholder?: string): unknown {
  if (typeof value === "string") return known(value, json) ?? placeholder;
  if (Array.isArray(value)) return value.map((item) => knownValues(item, json, UNKNOWN));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(
    ([key, inner]) => [key, knownValues(inner, json, key === "digest" ? ANY_DIGEST : placeholder)] as const,
  );
  return Object.fromEntries(entries.filter(([, inner]) => inner !== undefined));
}

const ANY_DIGEST = `sha256:${"0".repeat(64)}`;
const UNKNOWN = "unknown";

/** A string of Terraform as far as it is known before an apply; undefined where nothing of it is. */
function known(value: unknown, json: TerraformJson): string | undefined {
  if (typeof value !== "string") return undefined;
  const resolved = templateText(value, (expression) => reference(expression, json) ?? UNKNOWN);
  return resolved === UNKNOWN ? undefined : resolved;
}

/** What a reference to a variable's default or to a plain argument of the stack's own resources means. */
function reference(expression: string, json: TerraformJson): string | undefined {
  const [section = "", name = "", ...path] = expression.replace(/\[\d+\]/g, "").split(".");
  const found =
    section === "var"
      ? json.variable?.[name]?.["default"]
      : argument(json.resource?.[section]?.[name], ...path);
  return typeof found === "string" && !found.includes("${") ? found : undefined;
}

/** The objects in what `helm template` prints, each with its template. */
function objectsOf(rendered: string, stack: string, charts: string): RenderedObject[] {
  return rendered.split(/^---$/m).flatMap((text) => {
    const template = /^# Source: (.+)$/m.exec(text)?.[1];
    const object = parse(text) as KubernetesObject | null;
    if (!object || !template) return [];
    const location = {
      file: join(charts, template),
      startLine: 1,
      endLine: lineCount(join(charts, template)),
    };
    const objects = [object, ...inConfigMap(object)];
    return objects.map((each) => ({
      subject: { resource: `${stack}/${each.kind}/${each.metadata.name}`, location },
      object: each,
      text: stringify(each),
    }));
  });
}

/** Objects that a ConfigMap holds for somebody who makes them later, as of a run. */
function inConfigMap({ kind, data }: KubernetesObject): KubernetesObject[] {
  if (kind !== "ConfigMap") return [];
  return Object.entries((data ?? {}) as Record<string, string>).flatMap(([name, text]) => {
    if (!/\.(json|ya?ml)$/.test(name)) return [];
    const held = parse(text.replace(/\$\{\w+\}/g, "x"));
    return held?.apiVersion && held?.kind && held?.metadata?.name ? [held as KubernetesObject] : [];
  });
}

function lineCount(file: string): number {
  return readFileSync(file, "utf8").trimEnd().split("\n").length;
}
