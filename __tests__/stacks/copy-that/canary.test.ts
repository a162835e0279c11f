import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { copyThat } from "../../../stacks/copy-that";
import { runPlueInProcess } from "../../support/plue";
import type { Synthesized } from "../../support/synth";
import { synthesizeProject } from "../../support/system";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "plue-copy-that-"));
  for (const name of ["cdktf.json", "releases.json", "functions"])
    cpSync(resolve("stacks/copy-that", name), join(folder, name), { recursive: true });
  writeFileSync(join(folder, "main.ts"), "");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const image = (digit: string) => `sha256:${digit.repeat(64)}`;

async function plue(line: string): Promise<void> {
  const run = await runPlueInProcess(folder, ["canary", ...line.split(" ")], {}, "", () => copyThat);
  expect([run.status, run.stderr]).toEqual([0, expect.not.stringContaining("refused")]);
}

/** What Terraform would read now of every stack. */
const stacks = () => synthesizeProject(copyThat.readProject(folder));

// biome-ignore lint/suspicious/noExplicitAny: Terraform JSON has no one shape
type Json = any;

/** Every place in which two stacks differ: `resource.google_cloud_run_v2_service.api.traffic`. */
function differences(before: Json, after: Json, at = ""): string[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  const isBlock = (value: Json) => typeof value === "object" && value !== null && !Array.isArray(value);
  if (!isBlock(before) || !isBlock(after)) return [at];
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) =>
    key === "//" ? [] : differences(before[key], after[key], at ? `${at}.${key}` : key),
  );
}

/** What a command changes in each environment's stacks. */
async function change(line: string): Promise<Record<string, string[]>> {
  const before = stacks();
  await plue(line);
  const after = stacks();
  const changed = [...after].map(
    ([name, { json }]) => [name, differences((before.get(name) as Synthesized).json, json)] as const,
  );
  return Object.fromEntries(changed.filter(([, places]) => places.length > 0));
}

function service(environment: string): Json {
  return stacks().get(`copy-that-${environment}`)?.resource("google_cloud_run_v2_service", "api");
}
function traffic(environment: string): [revision: string, percent: number, tag?: string][] {
  return service(environment).traffic.map(({ revision, percent, tag }: Json) => [
    revision ?? "newest",
    percent,
    tag,
  ]);
}

const API = "resource.google_cloud_run_v2_service.api";
const REVISION = ["containers", "revision"].map((each) => `${API}.template.${each}`);
/** What a new image changes beside the service. */
const BESIDE = [
  "resource.google_cloud_run_v2_job.migrate.template.template.containers",
  "output.api_revision.value",
];

describe.each(["staging", "production"] as const)("a release in %s", (environment) => {
  const stack = `copy-that-${environment}`;
  const name = `copy-that-api-${environment}`;

  test("lives from no requests to all of them, each step a change of traffic or revision alone", async () => {
    await plue(`start ${environment} --image ${image("a")} --first`);
    const old = service(environment).template.revision;
    expect(old).toMatch(new RegExp(`^${name}-[0-9a-f]{8}$`));
    expect(traffic(environment)).toEqual([["newest", 100, undefined]]);

    // Beside what answers, with a tag and no requests.
    const started = await change(`start ${environment} --image ${image("b")}`);
    expect(Object.keys(started)).toEqual([stack]);
    expect(started[stack]?.filter((each) => each.startsWith("resource")).sort()).toEqual(
      [...REVISION, `${API}.traffic`, BESIDE[0] as string].sort(),
    );
    const next = service(environment).template.revision;
    expect(next).not.toBe(old);
    expect(traffic(environment)).toEqual([
      [old, 100, "stable"],
      ["newest", 0, "canary"],
    ]);

    expect(await change(`promote ${environment} --percent 10`)).toEqual({ [stack]: [`${API}.traffic`] });
    expect(traffic(environment)).toEqual([
      [old, 90, "stable"],
      [next, 10, undefined],
      ["newest", 0, "canary"],
    ]);

    expect(await change(`promote ${environment}`)).toEqual({ [stack]: [`${API}.traffic`] });
    expect(traffic(environment)).toEqual([
      [next, 100, "stable"],
      ["newest", 0, "canary"],
    ]);

    // The next one gets nothing before it is named.
    const again = await change(`start ${environment} --image ${image("c")}`);
    expect(again[stack]?.sort()).toEqual([...REVISION, ...BESIDE].sort());
    expect(traffic(environment)[0]).toEqual([next, 100, "stable"]);
  });

  test("goes back by a change of traffic alone", async () => {
    await plue(`start ${environment} --image ${image("a")} --first`);
    const old = service(environment).template.revision;
    await plue(`start ${environment} --image ${image("b")}`);
    await plue(`promote ${environment} --percent 10`);
    expect(await change(`abort ${environment}`)).toEqual({ [stack]: [`${API}.traffic`] });
    expect(traffic(environment)).toEqual([
      [old, 100, "stable"],
      ["newest", 0, "canary"],
    ]);
  });

  test("has a canary's address once there is one to try", async () => {
    expect(stacks().get(stack)?.outputs["canary_url"]).toBeUndefined();
    await plue(`start ${environment} --image ${image("b")}`);
    expect(stacks().get(stack)?.outputs["canary_url"]?.["value"]).toBe(
      environment === "production"
        ? "https://canary.copy-that.com"
        : '${one([for each in google_cloud_run_v2_service.api.traffic_statuses : each.uri if each.tag == "canary"])}',
    );
  });
});

test("the file stays one that is read, in the shape that its schema has", async () => {
  await plue(`start staging --image ${image("b")}`);
  const text = readFileSync(join(folder, "releases.json"), "utf8");
  expect(copyThat.releases.parse(text, "releases.json").staging.api.image).toBe(image("b"));
  expect(Object.keys(JSON.parse(text))).toEqual(["$schema", "staging", "production"]);
});
