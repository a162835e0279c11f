import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parse } from "yaml";

type Listed = Record<string, string[]>;

const listed = parse(readFileSync("policy/hardening.yaml", "utf8")) as Listed;

/** The page, read back: by source, its rows. */
function documented(): Listed {
  const sections = readFileSync("docs/hardening.md", "utf8").split(/^## /m).slice(1);
  return Object.fromEntries(
    sections.map((section) => {
      const [source = "", ...lines] = section.split("\n");
      const names = lines.flatMap((line) => /^\| (`.+`) \|/.exec(line)?.[1]?.split(", ") ?? []);
      return [source, names.map((name) => name.slice(1, -1)).sort()];
    }),
  );
}

/**
 * What scripts/arguments.mjs makes of a source: its paths, and for each argument that is asked for the source without it.
 * It is an ES module, which needs a process of its own.
 */
function inspect(source: string, wanted: readonly string[]) {
  const program = `
    import { argumentAt, argumentsOf } from ${JSON.stringify(pathToFileURL(resolve("scripts/arguments.mjs")).href)};
    const [text, wanted] = JSON.parse(process.argv[1]);
    const without = wanted.map((each) => {
      try { return [each, argumentAt(text, each, "a.ts").without()]; } catch (error) { return [each, error.message]; }
    });
    const paths = argumentsOf(text, "a.ts").map(({ path }) => path);
    console.log(JSON.stringify({ paths, without: Object.fromEntries(without) }));`;
  const input = JSON.stringify([source, wanted]);
  const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", program, input], {
    encoding: "utf8",
  });
  return JSON.parse(stdout) as { paths: string[]; without: Record<string, string> };
}

describe("the list of hardening arguments", () => {
  test("names arguments that are there, each exactly one", () => {
    const { stdout, stderr } = spawnSync(process.execPath, ["scripts/mutate.mjs", "--list"], {
      encoding: "utf8",
    });
    expect(stderr).toBe("");
    expect(JSON.parse(stdout)).toHaveLength(Object.values(listed).flat().length);
  });

  test("names none twice", () => {
    for (const [source, names] of Object.entries(listed))
      expect([source, names]).toEqual([source, [...new Set(names)]]);
  });

  test("is what docs/hardening.md says a test fails without; npm run mutation writes it", () => {
    expect(existsSync("docs/hardening.md")).toBe(true);
    const sorted = Object.entries(listed).map(([source, names]) => [source, [...names].sort()]);
    expect(documented()).toEqual(Object.fromEntries(sorted));
    expect(readFileSync("docs/hardening.md", "utf8")).not.toContain("no test yet");
  });
});

describe("an argument of a source", () => {
  const source = `
export class Shop extends Construct {
  constructor() {
    new Bucket(this, "b", {
      name,
      // Said of versions.
      versioning: { enabled: true },
      ...(key && { encryption: { "kms.key": key } }),
      labels: { ...defaults, "a/b.c": "d" },
    });
  }
}
function access() {
  return { versioning: { enabled: false } };
}
`;

  const LEFT_OUT: readonly (readonly [string, string])[] = [
    ["Bucket.versioning", "      // Said of versions.\n      versioning: { enabled: true },\n"],
    ["Bucket.name", "\n      name,"],
    ["encryption.kms.key", ' "kms.key": key'],
    ["labels.a/b.c", ' "a/b.c": "d"'],
    ["...defaults", " ...defaults,"],
  ];
  const REFUSED: readonly (readonly [string, string])[] = [
    [
      "versioning.enabled",
      "a.ts has several arguments versioning.enabled: Shop.Bucket.versioning.enabled, access.versioning.enabled; write more of one in policy/hardening.yaml",
    ],
    [
      "Bucket.lifecycle",
      "a.ts has no argument Bucket.lifecycle; policy/hardening.yaml has to follow the source",
    ],
  ];
  const { paths, without } = inspect(
    source,
    [...LEFT_OUT, ...REFUSED].map(([wanted]) => wanted),
  );

  test("is called by the names around it", () => {
    expect(paths).toEqual([
      "Shop.Bucket.name",
      "Shop.Bucket.versioning",
      "Shop.Bucket.versioning.enabled",
      "Shop.Bucket....key",
      "Shop.Bucket....key.encryption",
      "Shop.Bucket....key.encryption.kms.key",
      "Shop.Bucket.labels",
      "Shop.Bucket.labels....defaults",
      "Shop.Bucket.labels.a/b.c",
      "access.versioning",
      "access.versioning.enabled",
    ]);
  });

  test.each(LEFT_OUT)("%s is left out alone, with its comment and its comma", (wanted, gone) => {
    const squeeze = (text = "") => text.replace(/\s+/g, "");
    expect(squeeze(without[wanted])).toBe(squeeze(source.replace(gone, "")));
  });

  test.each(REFUSED)("%s is refused, as it is not one", (wanted, error) => {
    expect(without[wanted]).toBe(error);
  });
});
