import { join } from "node:path";
import { z } from "zod";
import { distinct, type Finding, type Scan, type Subject } from "./model";
import type { RenderedRelease } from "./rendered-charts";
import { runTool, type ToolRun, versionOf } from "./run-tool";
import { inFolder, parseJson } from "./scan-folder";

const KUBERNETES = "v1.34";
/** kube-score's grades: 1 critical, 5 warning, 7 nearly, 10 all well. */
const WARNING = 5;
/** What it scores in any case. */
const WITH_PODS = /^kind: (Pod|Deployment|StatefulSet|DaemonSet|Job|CronJob)$/m;

const scores = z
  .array(
    z.object({
      object_name: z.string(),
      type_meta: z.object({ kind: z.string() }),
      object_meta: z.object({ name: z.string() }),
      checks: z.array(
        z.object({
          check: z.object({ id: z.string(), name: z.string() }),
          grade: z.number(),
          skipped: z.boolean(),
          comments: z.array(z.object({ summary: z.string() })).nullable(),
        }),
      ),
    }),
  )
  .nullable();

/**
 * Runs kube-score over rendered charts, each release alone: it joins pods with whatever policies it is shown.
 *
 * @throws {MissingToolError} where it is not on the PATH
 */
export async function scanWithKubeScore(releases: readonly RenderedRelease[]): Promise<Scan> {
  const version = await versionOf(
    "kube-score",
    ["version"],
    "go install github.com/zegl/kube-score/cmd/kube-score@v1.20.0",
  );
  const findings: Finding[] = [];
  const failures: string[] = [];
  let scanned = 0;
  for (const release of releases) {
    const { stack, objects } = release;
    const { stdout, stderr } = await score(release);
    const parsed = scores.safeParse(parseJson(stdout));
    if (!parsed.success) {
      failures.push(
        `kube-score gave no report on ${release.name} of ${stack}: ${stderr.trim() || "it said nothing"}`,
      );
      continue;
    }
    const subjects = new Map(objects.map(({ subject }) => [subject.resource, subject]));
    const scored = new Set<Subject>();
    for (const { type_meta, object_meta, checks } of parsed.data ?? []) {
      const resource = `${stack}/${type_meta.kind}/${object_meta.name}`;
      const subject = subjects.get(resource);
      if (!subject) throw new Error(`kube-score reports on ${resource}, which it was not given`);
      scored.add(subject);
      for (const { check, grade, skipped, comments } of checks) {
        if (skipped || grade > WARNING) continue;
        const title = [...new Set(comments?.map(({ summary }) => summary))].join("; ") || check.name;
        findings.push({ check: check.id, title, ...subject });
      }
    }
    scanned += scored.size;
    // It is silent about an object of which it does not know the version.
    for (const { subject, text } of objects)
      if (WITH_PODS.test(text) && !scored.has(subject))
        failures.push(`kube-score did not scan ${subject.resource}`);
  }
  return { tool: "kube-score", version, scanned, unit: "objects", findings: distinct(findings), failures };
}

function score({ objects }: RenderedRelease): Promise<ToolRun> {
  const text = objects.map((object) => object.text).join("---\n");
  const args = ["--kubernetes-version", KUBERNETES, "--output-format", "json"];
  // Waivers are in one place, and not in annotations.
  const strict = "--disable-ignore-checks-annotations";
  return inFolder([["release.yaml", text]], (folder) =>
    runTool("kube-score", ["score", ...args, strict, join(folder, "release.yaml")]),
  );
}
