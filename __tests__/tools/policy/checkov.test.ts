import { existsSync, rmSync } from "node:fs";
import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { ServiceAccount } from "@cdktf/provider-google/lib/service-account";
import type { Stack } from "../../../lib/core/stack";
import { readReport, scanWithCheckov } from "../../../tools/policy/checkov";
import type { Scan } from "../../../tools/policy/model";
import type { StackSource } from "../../../tools/policy/stack-source";
import { describeWithCheckov, sourcesOf } from "../../support/policy";
import { BAD_OBJECTS, releaseOf, SOUND_OBJECTS } from "./bad-objects";
import { BAD_STACKS } from "./bad-stacks";

const sound = (stack: Stack) => {
  new GoogleProvider(stack, "google", { project: "test" });
  for (const id of ["first", "second"]) new ServiceAccount(stack, id, { accountId: `${id}-account` });
};
const bad = (name: string) => BAD_STACKS[name] as (stack: Stack) => void;
const SINK = bad("CKV2_GCP_4-a-reference-between-resources");

/** Stacks beside those that are bad, each with what is done to its text. */
const OTHERS: Readonly<
  Record<string, readonly [build: (stack: Stack) => void, edit: (hcl: string) => string]>
> = {
  sound: [sound, (hcl) => hcl],
  unparsed: [sound, (hcl) => `${hcl}\nresource "google_project_service" {{`],
  incomplete: [
    sound,
    (hcl) => hcl.replace(/resource "google_service_account" "second" \{[\s\S]*?\n\}\n/, ""),
  ],
  skipping: [
    bad("CKV_GCP_29-an-argument"),
    (hcl) => hcl.replace(/^(resource .*)$/m, "$1\n  # checkov:skip=CKV_GCP_29:it is mine"),
  ],
  breaking: [
    bad("CKV_GCP_51-one-of-several-blocks"),
    (hcl) => hcl.replace("database_flags {", 'database_flags = "none"\n    database_flags {'),
  ],
  one: [SINK, (hcl) => hcl],
  other: [SINK, (hcl) => hcl.replace(/is_locked( +)= false/, "is_locked$1= true")],
};

// checkov takes seconds to start: it scans everything at once.
describeWithCheckov("checkov over stacks", (checkov) => {
  const compiled = "policy/checkov/checks/__pycache__";
  const builds = Object.fromEntries(Object.entries(OTHERS).map(([name, [build]]) => [name, build]));
  const stacks = sourcesOf({ ...BAD_STACKS, ...builds }).map((stack): StackSource => {
    const [, edit] = OTHERS[stack.name] ?? [];
    return edit
      ? { ...stack, hcl: { ...stack.hcl, "main.tf": edit(stack.hcl["main.tf"] as string) } }
      : stack;
  });
  let scan: Scan;
  beforeAll(async () => {
    rmSync(compiled, { recursive: true, force: true });
    scan = await scanWithCheckov(checkov, stacks, []);
  });
  const findingsIn = (name: string) =>
    scan.findings.filter(({ resource }) => resource.startsWith(`${name}/`));
  const failuresIn = (name: string) => scan.failures.filter((failure) => failure.includes(`${name}/`));

  test("finds in each bad stack the one thing that is bad, and points to its lines in the synthesized file", () => {
    for (const name of Object.keys(BAD_STACKS)) {
      expect([name, failuresIn(name)]).toEqual([name, []]);
      expect(findingsIn(name).map(({ check }) => check)).toEqual([name.replace(/-.*/, "")]);
      for (const { resource, location } of findingsIn(name)) {
        expect(location.file).toBe(`cdktf.out/stacks/${name}/cdk.tf.json`);
        const lines = stacks.find((stack) => stack.name === name)?.text.split("\n") ?? [];
        expect(lines[location.startLine - 1]?.trim()).toBe(`"${resource.split(".")[1]}": {`);
        expect(lines[location.endLine - 1]?.trim()).toMatch(/^\},?$/);
      }
    }
  });

  test("says nothing of a sound stack, and has scanned every resource of all that it could", () => {
    expect([findingsIn("sound"), failuresIn("sound")]).toEqual([[], []]);
    const all = stacks.reduce((sum, { subjects }) => sum + subjects.size, 0);
    // Both of the one that does not parse, and the one that was taken out.
    expect(scan.scanned).toBe(all - 3);
  });

  test("writes nothing into the checkout", () => {
    expect(existsSync(compiled)).toBe(false);
  });

  test("fails for a stack that cannot be parsed, and for each resource in it", () => {
    expect(failuresIn("unparsed")).toEqual([
      "checkov cannot parse unparsed/main.tf of the stacks",
      "checkov did not scan unparsed/google_service_account.first",
      "checkov did not scan unparsed/google_service_account.second",
    ]);
  });

  test("fails for a resource that is not in what it was given", () => {
    expect(failuresIn("incomplete")).toEqual([
      "checkov did not scan incomplete/google_service_account.second",
    ]);
  });

  test("fails for a text that tells checkov to skip a check", () => {
    expect(findingsIn("skipping")).toEqual([]);
    expect(failuresIn("skipping")).toEqual([
      "skipping/google_storage_bucket.bucket: its text tells checkov to skip CKV_GCP_29; write a waiver instead",
    ]);
  });

  test("fails for a check that breaks", () => {
    expect(failuresIn("breaking").join("\n")).toMatch(
      /^checkov: Failed to run check CKV_GCP_\d+ on \/breaking\/main.tf:google_sql_database_instance.sql$/m,
    );
  });

  test("two stacks with the same addresses are told apart", () => {
    const sinks = ["one", "other"].flatMap(findingsIn);
    expect(sinks.map(({ resource }) => resource)).toEqual(["one/google_logging_project_sink.sink"]);
  });
});

describeWithCheckov("checkov over charts", (checkov) => {
  const broken = releaseOf("broken", SOUND_OBJECTS);
  const releases = [
    releaseOf("sound", SOUND_OBJECTS),
    ...Object.entries(BAD_OBJECTS).map(([name, objects]) => releaseOf(name, objects)),
    {
      ...broken,
      objects: broken.objects.map((object, at) => (at ? object : { ...object, text: "no: kind\n" })),
    },
  ];
  let scan: Scan;
  beforeAll(async () => {
    scan = await scanWithCheckov(checkov, [], releases);
  });

  test("finds in each bad release the one thing that is bad, whatever policies others have, and nothing in a sound one", () => {
    expect(scan.findings.map(({ check, resource }) => `${check} ${resource.split("/")[0]}`).sort()).toEqual(
      Object.keys(BAD_OBJECTS)
        .map((name) => `${name.replace(/-.*/, "")} ${name}`)
        .sort(),
    );
  });

  test("has scanned each object, and fails for one that checkov takes for none", () => {
    expect(scan.scanned).toBe(releases.reduce((sum, { objects }) => sum + objects.length, 0) - 1);
    expect(scan.failures).toEqual([`checkov did not scan ${broken.objects[0]?.subject.resource}`]);
  });
});

test("a run that ends in the middle is no report without findings", () => {
  const said = { what: "the stacks", expected: [], subjectOf: () => undefined };
  expect(readReport({ code: 2, stdout: "", stderr: "Traceback …\nMemoryError\n" }, said)).toEqual({
    scanned: 0,
    findings: [],
    failures: ["checkov gave no report on the stacks; it ended with 2 and said: MemoryError"],
  });
  // What checkov prints where it found nothing to scan.
  const nothing = '{"passed": 0, "failed": 0, "skipped": 0, "parsing_errors": 0, "resource_count": 0}';
  expect(readReport({ code: 0, stdout: nothing, stderr: "" }, said).failures).toEqual([
    "checkov gave no report on the stacks; it ended with 0 and said: something that is no report",
  ]);
});
