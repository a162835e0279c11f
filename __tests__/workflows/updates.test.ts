import { readFileSync } from "node:fs";
import { filesBelow } from "../support/tree";

interface Renovate {
  readonly customManagers: readonly {
    readonly description: string;
    readonly managerFilePatterns: readonly string[];
    readonly matchStrings: readonly string[];
  }[];
  readonly packageRules: readonly {
    readonly matchPackageNames?: readonly string[];
    readonly enabled?: boolean;
  }[];
}

const { customManagers, packageRules } = JSON.parse(readFileSync("renovate.json", "utf8")) as Renovate;
const files = filesBelow();

/** What the managers find in a file: each match, with the version in it. */
function found(file: string): { match: string; version: string }[] {
  return customManagers
    .filter(({ managerFilePatterns }) =>
      managerFilePatterns.some((pattern) => new RegExp(pattern.slice(1, -1)).test(file)),
    )
    .flatMap(({ matchStrings }) => matchStrings)
    .flatMap((pattern) => [...readFileSync(file, "utf8").matchAll(new RegExp(pattern, "g"))])
    .map(({ 0: match, groups }) => ({ match, version: groups?.["currentValue"] ?? "" }));
}

const patterns = customManagers.flatMap(({ description, managerFilePatterns, matchStrings }) =>
  matchStrings.map((matchString): [string, string, readonly string[]] => [
    description,
    matchString,
    managerFilePatterns,
  ]),
);

test.each(patterns)("%s: there is something to update", (_, matchString, filePatterns) => {
  for (const pattern of filePatterns) {
    const matching = files.filter((file) => new RegExp(pattern.slice(1, -1)).test(file));
    expect([pattern, matching]).toEqual([pattern, expect.arrayContaining([expect.any(String)])]);
  }
  const texts = files
    .filter((file) => filePatterns.some((pattern) => new RegExp(pattern.slice(1, -1)).test(file)))
    .map((file) => readFileSync(file, "utf8"));
  expect(texts.filter((text) => new RegExp(matchString).test(text))).not.toEqual([]);
});

test("no tool that a script or workflow pins is left behind", () => {
  const scripts = files.filter((file) =>
    /^(?:\.ci\/|\.github\/|scripts\/[^/]+\.sh$|scripts\/tools\.mjs$|__tests__\/cluster\/)/.test(file),
  );
  const pinned = scripts.flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(/(?:@v|==)\d[\w.]*/g)].map(([text]): [string, string] => [
      file,
      text,
    ]),
  );
  expect(pinned.length).toBeGreaterThan(12);
  for (const [file, text] of pinned)
    expect([file, text, found(file).map(({ match }) => match)]).toEqual([
      file,
      text,
      expect.arrayContaining([expect.stringContaining(text)]),
    ]);
});

test("every image of others that a chart runs is pinned by its digest, and found", () => {
  const images = files
    .filter((file) => /^helm\/[^/]+\/values[^/]*\.yaml$/.test(file))
    .flatMap((file) =>
      [
        ...readFileSync(file, "utf8").matchAll(/[\w.-]+\/[\w./-]+:(v?\d[\w.-]*)(?:@sha256:[0-9a-f]{64})?/g),
      ].map(([image, version = ""]): [string, string, string] => [file, image, version]),
    );
  expect(images.length).toBeGreaterThan(3);
  expect(images.filter(([, image]) => !image.includes("@sha256:"))).toEqual([]);
  for (const [file, image] of images)
    expect([file, found(file).map(({ match }) => match)]).toEqual([
      file,
      expect.arrayContaining([expect.stringContaining(image)]),
    ]);
  for (const [file, image, version] of images)
    expect([file, image, found(file).map(({ version }) => version)]).toEqual([
      file,
      image,
      expect.arrayContaining([version]),
    ]);
});

test("what is switched off is a package that is in use", () => {
  const { dependencies, devDependencies } = JSON.parse(readFileSync("package.json", "utf8"));
  const off = packageRules.filter(({ enabled }) => enabled === false);
  const names = off.flatMap(({ matchPackageNames = [] }) => matchPackageNames);
  expect(names).toContain("cdktf");
  for (const name of names.filter((name) => !name.includes("*")))
    expect(Object.keys({ ...dependencies, ...devDependencies })).toContain(name);
});
