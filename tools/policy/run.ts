import type { Project } from "../../lib/environments/system";
import { during } from "../command-line/progress";
import { sharedPath } from "../command-line/project";
import { scanWithCheckov } from "./checkov";
import { installCheckov } from "./checkov-install";
import { scanWithKubeScore } from "./kube-score";
import type { Scan, Tool } from "./model";
import { type RenderedCharts, type RenderedRelease, renderCharts } from "./rendered-charts";
import { checkRules, RULES } from "./rules";
import { MissingToolError, versionOf } from "./run-tool";
import { type StackSource, subjectAt } from "./stack-source";
import { scanWithTflint } from "./tflint";
import type { Outcome } from "./waivers";
import { judge, type Waiver } from "./waivers";

export interface PolicyProps {
  readonly project: Project;
  readonly stacks: readonly StackSource[];
  readonly waivers: readonly Waiver[];
  /** `2026-11-21`: waivers end. */
  readonly today: string;
  /** Folder of the charts whose releases are rendered. */
  readonly charts: string;
  /** What to leave out, on a machine that lacks it. Nobody can tell then which waivers are needed. */
  readonly without: readonly Tool[];
  readonly tell: (message: string) => void;
}

/** Scans the stacks with all that there is, and holds what is found against the waivers. */
export async function runPolicy({
  project,
  stacks,
  waivers,
  today,
  charts,
  without,
  tell,
}: PolicyProps): Promise<Outcome> {
  const failures: string[] = [];
  /** All tools that are missing are told at once. */
  const unlessWithout = async <T>(tool: Tool, step: () => Promise<T>): Promise<T | undefined> => {
    if (without.includes(tool)) return undefined;
    try {
      return await during(tool === "helm" ? "Rendering the charts" : `Scanning with ${tool}`, step);
    } catch (error) {
      if (!(error instanceof MissingToolError)) throw error;
      failures.push(`${error.message} (to go on without it: --without ${tool})`);
      return undefined;
    }
  };
  const rendered = (await unlessWithout("helm", () => rendering(stacks, charts))) ?? NO_CHARTS;
  failures.push(...rendered.failures);
  const scans: (Scan | undefined)[] = [
    scanWithOwnRules(project, stacks, rendered.releases),
    await unlessWithout("checkov", async () => {
      const checkov = await installCheckov({
        requirements: sharedPath("policy/checkov/requirements.txt"),
        tell,
      });
      return scanWithCheckov(checkov, stacks, rendered.releases);
    }),
    await unlessWithout("tflint", () => scanWithTflint(stacks)),
    without.includes("helm")
      ? undefined
      : await unlessWithout("kube-score", () => scanWithKubeScore(rendered.releases)),
  ];
  const done = scans.filter((scan) => scan !== undefined);
  const verdict = judge(
    done.flatMap(({ findings }) => findings),
    waivers,
    today,
  );
  const isComplete = without.length + failures.length + done.flatMap((scan) => scan.failures).length === 0;
  return {
    scans: done,
    failures,
    // What was not looked at may need a waiver.
    verdict: isComplete ? verdict : { ...verdict, unneeded: [] },
    notes: [
      ...rendered.elsewhere.map((chart) => `Not rendered, as the chart is not here: ${chart}.`),
      ...(without.length > 0
        ? [`Left out: ${without.join(", ")}. Whether every waiver is needed was not looked at.`]
        : []),
    ],
  };
}

const NO_CHARTS: RenderedCharts = { releases: [], elsewhere: [], failures: [] };

async function rendering(stacks: readonly StackSource[], charts: string): Promise<RenderedCharts> {
  await versionOf("helm", ["version", "--short"], "https://helm.sh/docs/intro/install");
  return renderCharts(stacks, charts);
}

/** Holds the stacks and what their charts would make against the program's own rules, which need no tool themselves. */
export function scanWithOwnRules(
  project: Project,
  stacks: readonly StackSource[],
  releases: readonly RenderedRelease[],
): Scan {
  const objects = releases.flatMap((release) => release.objects.map(({ subject }) => subject));
  const program = { project, stacks: new Map(stacks.map(({ name, json }) => [name, json])), releases };
  return {
    tool: "own rules",
    version: `${RULES.length} rules`,
    scanned: stacks.reduce((sum, { subjects }) => sum + subjects.size, objects.length),
    unit: "resources",
    findings: checkRules(program).map(({ rule, stack: name, address, message }) => {
      const stack = stacks.find((each) => each.name === name);
      if (!stack) throw new Error(`${rule} reports on ${name}, which is no stack`);
      const object = objects.find(({ resource }) => resource === `${name}/${address}`);
      return { check: rule, title: message, ...(object ?? subjectAt(stack, address)) };
    }),
    failures: [],
  };
}
