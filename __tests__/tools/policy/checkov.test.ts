import { existsSync, rmSync } from "node:fs";
import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { ServiceAccount } from "@cdktf/provider-google/lib/service-account";
import { readReport, scanWithCheckov } from "../../../tools/policy/checkov";
import type { RenderedRelease } from "../../../tools/policy/rendered-charts";
import type { StackSource } from "../../../tools/policy/stack-source";
import { describeWithCheckov, sourcesOf } from "../../support/policy";
import { BAD_OBJECTS, releaseOf, SOUND_OBJECTS } from "./bad-objects";
import { BAD_STACKS } from "./bad-stacks";

jest.setTimeout(120_000);

/** A stack with which all is well. */
function soundStack(): StackSource {
  const [stack] = sourcesOf({
    sound: (sound) => {
      new GoogleProvider(sound, "google", { project: "test" });
      new ServiceAccount(sound, "first", { accountId: "first-account" });
      new ServiceAccount(sound, "second", { accountId: "second-account" });
    },
  });
  return stack as StackSource;
}

describeWithCheckov("checkov over stacks", (checkov) => {
  const changed = (change: (hcl: string) => string): StackSource => {
    const stack = soundStack();
    return { ...stack, hcl: { ...stack.hcl, "main.tf": change(stack.hcl["main.tf"] as string) } };
  };
  const scan = (...stacks: readonly StackSource[]) => scanWithCheckov(checkov, stacks, []);

  test("finds in each bad stack the one thing that is bad, and points to its lines in the synthesized file", async () => {
    const stacks = sourcesOf(BAD_STACKS);
    const { findings, failures } = await scan(...stacks);
    expect(failures).toEqual([]);
    expect(findings.map(({ check, resource }) => `${check} ${resource.split("/")[0]}`).sort()).toEqual(
      Object.keys(BAD_STACKS)
        .map((name) => `${name.replace(/-.*/, "")} ${name}`)
        .sort(),
    );
    for (const { resource, location } of findings) {
      const [name, address = ""] = resource.split("/");
      expect(location.file).toBe(`cdktf.out/stacks/${name}/cdk.tf.json`);
      const lines = stacks.find((stack) => stack.name === name)?.text.split("\n") ?? [];
      expect(lines[location.startLine - 1]?.trim()).toBe(`"${address.split(".")[1]}": {`);
      expect(lines[location.endLine - 1]?.trim()).toMatch(/^\},?$/);
    }
  });

  test("says nothing of a sound stack, of which it has scanned every resource", async () => {
    expect(await scan(soundStack())).toMatchObject({ findings: [], failures: [], scanned: 2 });
  });

  test("writes nothing into the checkout", async () => {
    const compiled = "policy/checkov/checks/__pycache__";
    rmSync(compiled, { recursive: true, force: true });
    await scan(soundStack());
    expect(existsSync(compiled)).toBe(false);
  });

  test("fails for a stack that cannot be parsed, and for each resource in it", async () => {
    const { failures } = await scan(changed((hcl) => `${hcl}\nresource "google_project_service" {{`));
    expect(failures).toEqual([
      "checkov cannot parse sound/main.tf of the stacks",
      "checkov did not scan sound/google_service_account.first",
      "checkov did not scan sound/google_service_account.second",
    ]);
  });

  test("fails for a resource that is not in what it was given", async () => {
    const { failures, scanned } = await scan(
      changed((hcl) => hcl.replace(/resource "google_service_account" "second" \{[\s\S]*?\n\}\n/, "")),
    );
    expect(failures).toEqual(["checkov did not scan sound/google_service_account.second"]);
    expect(scanned).toBe(1);
  });

  test("fails for a text that tells checkov to skip a check", async () => {
    const [bad] = sourcesOf({ bad: BAD_STACKS["CKV_GCP_29-an-argument"] as () => void });
    const main = bad?.hcl["main.tf"]?.replace(
      /^(resource .*)$/m,
      "$1\n  # checkov:skip=CKV_GCP_29:it is mine",
    );
    const { findings, failures } = await scan({
      ...(bad as StackSource),
      hcl: { "main.tf": main as string },
    });
    expect(findings).toEqual([]);
    expect(failures).toEqual([
      "bad/google_storage_bucket.bucket: its text tells checkov to skip CKV_GCP_29; write a waiver instead",
    ]);
  });

  test("fails for a check that breaks", async () => {
    const [bad] = sourcesOf({ bad: BAD_STACKS["CKV_GCP_51-one-of-several-blocks"] as () => void });
    const main = bad?.hcl["main.tf"]?.replace(
      "database_flags {",
      'database_flags = "none"\n    database_flags {',
    );
    const { failures } = await scan({ ...(bad as StackSource), hcl: { "main.tf": main as string } });
    expect(failures.join("\n")).toMatch(
      /^checkov: Failed to run check CKV_GCP_\d+ on \/bad\/main.tf:google_sql_database_instance.sql$/m,
    );
  });

  test("two stacks with the same addresses are told apart", async () => {
    const name = "CKV2_GCP_4-a-reference-between-resources";
    const build = BAD_STACKS[name] as (typeof BAD_STACKS)[string];
    const locked = (stack: StackSource): StackSource => ({
      ...stack,
      hcl: {
        ...stack.hcl,
        "main.tf": stack.hcl["main.tf"]?.replace(/is_locked( +)= false/, "is_locked$1= true") ?? "",
      },
    });
    const [one, other] = sourcesOf({ one: build, other: build }) as [StackSource, StackSource];
    const { findings } = await scan(one, locked(other));
    expect(findings.map(({ resource }) => resource)).toEqual(["one/google_logging_project_sink.sink"]);
  });
});

describeWithCheckov("checkov over charts", (checkov) => {
  const scan = (...releases: readonly RenderedRelease[]) => scanWithCheckov(checkov, [], releases);

  test("says nothing of sound objects, of which it has scanned each", async () => {
    expect(await scan(releaseOf("sound", SOUND_OBJECTS))).toMatchObject({
      findings: [],
      failures: [],
      scanned: SOUND_OBJECTS.length,
    });
  });

  test("finds in each bad release the one thing that is bad, whatever policies others have", async () => {
    const releases = Object.entries(BAD_OBJECTS).map(([name, objects]) => releaseOf(name, objects));
    const { findings, failures } = await scan(releaseOf("sound", SOUND_OBJECTS), ...releases);
    expect(failures).toEqual([]);
    expect(findings.map(({ check, resource }) => `${check} ${resource.split("/")[0]}`).sort()).toEqual(
      Object.keys(BAD_OBJECTS)
        .map((name) => `${name.replace(/-.*/, "")} ${name}`)
        .sort(),
    );
  });

  test("fails for an object that checkov takes for none", async () => {
    const release = releaseOf("broken", SOUND_OBJECTS);
    const objects = release.objects.map((object, index) =>
      index === 0 ? { ...object, text: "no: kind\n" } : object,
    );
    expect((await scan({ ...release, objects })).failures).toEqual([
      `checkov did not scan ${release.objects[0]?.subject.resource}`,
    ]);
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
