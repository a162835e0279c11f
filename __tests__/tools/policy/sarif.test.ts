import type { Finding } from "../../../tools/policy/model";
import { toSarif } from "../../../tools/policy/sarif";
import { isGreen, judge, type Outcome, type Waiver } from "../../../tools/policy/waivers";

const location = { file: "cdktf.out/stacks/production/cdk.tf.json", startLine: 7, endLine: 9 };
const finding = (check: string, resource: string): Finding => ({
  check,
  title: `${check} is so`,
  resource,
  location,
});
const waiver = (check: string, line: number): Waiver => ({
  check,
  resource: "production/*",
  reason: "because it is so",
  date: "2026-11-21",
  file: "policy/waivers.yaml",
  line,
});

function outcomeOf(
  findings: readonly Finding[],
  waivers: readonly Waiver[],
  failures: readonly string[] = [],
): Outcome {
  return {
    scans: [
      { tool: "checkov", version: "1.2.3", scanned: 2, unit: "resources", findings, failures },
      { tool: "tflint", version: "4.5.6", scanned: 1, unit: "stacks", findings: [], failures: [] },
    ],
    verdict: judge(findings, waivers, "2026-11-21"),
    failures: [],
    notes: [],
  };
}

test("each scanner has a run, with what it found and nobody waived", () => {
  const outcome = outcomeOf(
    [finding("A", "production/x.y"), finding("A", "production/x.z"), finding("B", "production/x.y")],
    [waiver("B", 3)],
  );
  const { version, runs } = toSarif(outcome);
  expect(isGreen(outcome)).toBe(false);
  expect(version).toBe("2.1.0");
  expect(runs.map(({ tool, results }) => [tool.driver.name, tool.driver.version, results?.length])).toEqual([
    ["checkov", "1.2.3", 2],
    ["tflint", "4.5.6", 0],
    ["plue policy", "1", 0],
  ]);
  expect(runs[0]?.tool.driver.rules).toEqual([{ id: "A", shortDescription: { text: "A is so" } }]);
  expect(runs[0]?.results?.[1]).toMatchObject({
    ruleId: "A",
    ruleIndex: 0,
    level: "error",
    message: { text: "production/x.z: A is so" },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri: location.file }, region: { startLine: 7, endLine: 9 } },
        logicalLocations: [{ fullyQualifiedName: "production/x.z" }],
      },
    ],
  });
});

test("a finding keeps its fingerprint when its lines move, and no two have the same", () => {
  const prints = (findings: readonly Finding[]) =>
    toSarif(outcomeOf(findings, [])).runs[0]?.results?.map(({ partialFingerprints }) => partialFingerprints);
  const two = [finding("A", "production/x"), finding("A", "production/y")];
  const moved = two.map((each) => ({ ...each, location: { ...location, startLine: 90, endLine: 91 } }));
  expect(prints(moved)).toEqual(prints(two));
  expect(new Set(prints(two)?.map((print) => JSON.stringify(print))).size).toBe(2);
});

test("a waiver that nothing needs is a result, at its line", () => {
  const outcome = outcomeOf([], [waiver("GONE", 12)]);
  expect(isGreen(outcome)).toBe(false);
  expect(toSarif(outcome).runs[2]?.results).toMatchObject([
    {
      ruleId: "waiver",
      message: {
        text: "waiver of GONE of production/*: nothing needs it any more: remove it",
      },
      locations: [
        { physicalLocation: { artifactLocation: { uri: "policy/waivers.yaml" }, region: { startLine: 12 } } },
      ],
    },
  ]);
});

test("a scanner that could not look at something has not run with success", () => {
  const outcome = outcomeOf([], [], ["checkov did not scan production/x"]);
  expect(isGreen(outcome)).toBe(false);
  expect(toSarif(outcome).runs.map(({ invocations }) => invocations?.[0]?.executionSuccessful)).toEqual([
    false,
    true,
    true,
  ]);
});
