import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { testWith } from "../support/needs";
import { PlueFolder } from "../support/plue";
import { describeWithCheckov } from "../support/policy";

let folder: PlueFolder;
beforeEach(() => {
  folder = new PlueFolder([{ name: "alice", email: "alice@plue.dev" }]);
  cpSync("policy", join(folder.folder, "policy"), { recursive: true });
});
afterEach(() => folder.remove());

const ON_PATH = ["helm", "kube-score", "tflint"];
const WITHOUT_TOOLS = ["policy", "--without", "checkov", ...ON_PATH];

function waivers(text: string): void {
  writeFileSync(join(folder.folder, "policy/waivers.yaml"), text);
}

test("the program's own rules need no tool; what is left out is said", async () => {
  const { status, stdout, stderr } = await folder.plue(WITHOUT_TOOLS);
  expect([status, stderr]).toEqual([0, "Scanning 8 stacks …\n"]);
  expect(stdout).toContain(
    "Left out: checkov, helm, kube-score, tflint. Whether every waiver is needed was not looked at.",
  );
  expect(stdout).toMatch(/^own rules +\d+ rules +\d+ resources +0 +0 +0$/m);
  expect(stdout.trim().split("\n").at(-1)).toBe("Nothing is found but what is waived.");
});

test("every tool that is missing is named at once, with how to get it, and fails the run", async () => {
  const bin = join(folder.folder, "bin");
  mkdirSync(bin);
  symlinkSync(process.execPath, join(bin, "node"));
  // The launcher's own process, as what a command starts is looked for on the PATH of the process.
  const { status, stdout } = await folder.launch(["policy"], {
    PATH: bin,
    TOOLS: join(folder.folder, "tools"),
  });
  expect(status).toBe(1);
  expect(stdout.split("\n").filter((line) => line.startsWith("not proven"))).toEqual([
    "not proven: helm is not on the PATH: https://helm.sh/docs/intro/install (to go on without it: --without helm)",
    "not proven: checkov needs Python 3.11 or later, with venv, as python3: there is none on the PATH (to go on without it: --without checkov)",
    "not proven: tflint is not on the PATH: go install github.com/terraform-linters/tflint@v0.64.0 (to go on without it: --without tflint)",
    "not proven: kube-score is not on the PATH: go install github.com/zegl/kube-score/cmd/kube-score@v1.20.0 (to go on without it: --without kube-score)",
  ]);
  expect(stdout).toContain("4 things not proven.");
});

test("a file of waivers that is not valid is said by file, line and column, before anything is scanned", async () => {
  waivers("- check: CKV_GCP_79\n  resource: production/x\n  reason: because it is so\n");
  const { status, stdout, stderr } = await folder.plue(WITHOUT_TOOLS);
  expect([status, stdout]).toEqual([3, ""]);
  expect(stderr).toBe(
    'policy/waivers.yaml:1:3: [0]: the key "date" is missing: for instance "date": "2026-11-21"\n',
  );
});

test("a waiver whose last day is over is said by its line, and fails the run", async () => {
  waivers(
    "- check: CKV_GCP_79\n  resource: production/x\n  reason: because it is so\n  date: 2025-01-01\n  until: 2025-12-31\n",
  );
  const { status, stdout } = await folder.plue(WITHOUT_TOOLS);
  expect(status).toBe(1);
  expect(stdout).toContain(
    "policy/waivers.yaml:1: CKV_GCP_79 of production/x: ended on 2025-12-31: mend it, or decide again",
  );
});

test("a tool that is not one of them is a wrong option", async () => {
  const { status, stderr } = await folder.plue(["policy", "--without", "chekov"]);
  expect(status).toBe(2);
  expect(stderr).toContain("Allowed choices are checkov, helm, kube-score, tflint");
});

describeWithCheckov("a full run", () => {
  testWith(...ON_PATH)(
    "objects to a finding without a waiver, and to a waiver without a finding",
    async () => {
      const text = readFileSync(join(folder.folder, "policy/waivers.yaml"), "utf8");
      const [first = ""] = /^- check: CKV_GCP_20\n( {2}.*\n)+/m.exec(text) ?? [];
      waivers(text.replace(first, first.replace("google_container_cluster", "google_container_clusters")));
      const { status, stdout } = await folder.plue(["policy", "--json", "--sarif", "policy.sarif"]);
      const { green, findings, notProven, waivers: wrong, scans } = JSON.parse(stdout);
      expect([status, green, notProven]).toEqual([1, false, []]);
      const open = findings.filter(({ waived }: { waived?: object }) => !waived);
      expect(open).toEqual(
        ["production", "staging-base"].map((stack) => ({
          check: "CKV_GCP_20",
          title: "Ensure master authorized networks is set to enabled in GKE clusters",
          resource: `${stack}/google_container_cluster.cluster`,
          file: `cdktf.out/stacks/${stack}/cdk.tf.json`,
          startLine: expect.any(Number),
          endLine: expect.any(Number),
        })),
      );
      expect(findings.length).toBeGreaterThan(open.length);
      expect(wrong).toMatchObject([
        { check: "CKV_GCP_20", file: "policy/waivers.yaml", message: "nothing needs it any more: remove it" },
      ]);
      const tools = ["own rules", "checkov", "tflint", "kube-score"];
      expect(scans.map(({ tool }: { tool: string }) => tool)).toEqual(tools);
      const { runs } = JSON.parse(readFileSync(join(folder.folder, "policy.sarif"), "utf8"));
      expect(runs.map(({ results }: { results: unknown[] }) => results.length)).toEqual([0, 2, 0, 0, 1]);
    },
  );
});
