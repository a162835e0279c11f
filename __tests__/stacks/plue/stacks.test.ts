import { homedir, tmpdir } from "node:os";
import { TerraformResource } from "cdktf";
import { declareProgram, programFiles, synthesizeProgram } from "../../support/program";

const files = programFiles();
const stacks = synthesizeProgram();

test("the stacks of alice and bob are those of the documentation", () => {
  expect([...stacks.keys()].sort()).toEqual([
    "production",
    "production-app",
    "production-bootstrap",
    "staging-access",
    "staging-alice",
    "staging-base",
    "staging-bob",
    "staging-bootstrap",
    "staging-platform",
  ]);
});

test("without engineers there is everything but their stacks", () => {
  const names = [...synthesizeProgram({ engineers: [] }).keys()].sort();
  expect(names).toEqual([
    "production",
    "production-app",
    "production-bootstrap",
    "staging-access",
    "staging-base",
    "staging-bootstrap",
    "staging-platform",
  ]);
});

test("no stack depends on another, so each can be deployed by itself", () => {
  const manifest = JSON.parse(files.get("manifest.json") ?? "");
  const dependencies = Object.entries<{ dependencies: string[] }>(manifest.stacks).map(
    ([name, { dependencies }]) => [name, dependencies],
  );
  expect(Object.fromEntries(dependencies)).toEqual(
    Object.fromEntries([...stacks.keys()].map((name) => [name, []])),
  );
});

test("no resource vanishes: there are as many in the output as constructs", () => {
  const declared = declareProgram().node.findAll().filter(TerraformResource.isTerraformResource);
  const counts = [...stacks].map(([name, stack]) => [
    name,
    declared.filter(({ cdktfStack }) => cdktfStack.node.id === name).length,
    stack.addresses.length,
  ]);
  expect(counts.filter(([, constructs, resources]) => constructs !== resources)).toEqual([]);
});

describe("the output is the same", () => {
  test("in every run, in every folder", () => {
    expect(programFiles()).toEqual(files);
  });

  test("at any time", () => {
    jest.useFakeTimers({ now: new Date("2031-05-06T07:08:09Z") });
    try {
      expect(programFiles()).toEqual(files);
    } finally {
      jest.useRealTimers();
    }
  });

  test("on every machine: it names no folder of this one", () => {
    for (const [path, text] of files)
      for (const folder of [process.cwd(), tmpdir(), homedir()])
        expect([path, text.includes(`${folder}/`)]).toEqual([path, false]);
  });
});

describe.each([...stacks])("%s", (name, { json }) => {
  const { required_providers: required, required_version: version } = json["terraform"];

  test("declares the providers that its resources need, and no other", () => {
    const used = ["resource", "data", "ephemeral"].flatMap((section) =>
      Object.entries<Record<string, { provider?: string }>>(json[section] ?? {}).flatMap(([type, named]) =>
        // An alias is of the same provider: google.billing.
        Object.values(named).map(
          ({ provider }) => provider?.split(".")[0] ?? type.slice(0, type.indexOf("_")),
        ),
      ),
    );
    // terraform_remote_state is built in.
    const needed = [...new Set(used)].filter((provider) => provider !== "terraform").sort();
    expect(Object.keys(required).sort()).toEqual(needed);
    expect(Object.keys(json["provider"]).sort()).toEqual(needed);
    expect(needed).toEqual(PROVIDERS[name.replace(/-(alice|bob)$/, "-engineer")]);
  });

  test("pins each provider to the version that its binding was made from", () => {
    for (const [provider, requirement] of Object.entries(required))
      expect([provider, requirement]).toEqual([provider, VERSIONS[provider]]);
  });

  test("needs a Terraform that has write-only arguments", () => {
    expect(version).toBe(">= 1.11.0");
  });
});

const PROVIDERS: Record<string, string[]> = {
  "staging-bootstrap": ["google"],
  "production-bootstrap": ["google"],
  "staging-base": ["cloudflare", "google", "google-beta", "random"],
  "staging-platform": ["helm", "kubernetes"],
  "staging-access": ["google", "kubernetes"],
  "staging-engineer": ["google", "helm", "kubernetes"],
  production: ["cloudflare", "google", "google-beta", "random"],
  "production-app": ["google", "helm", "kubernetes"],
};

const VERSIONS: Record<string, { source: string; version: string }> = {
  cloudflare: { source: "cloudflare/cloudflare", version: "5.14.0" },
  google: { source: "hashicorp/google", version: "6.50.0" },
  "google-beta": { source: "hashicorp/google-beta", version: "6.50.0" },
  helm: { source: "hashicorp/helm", version: "3.1.1" },
  kubernetes: { source: "hashicorp/kubernetes", version: "2.38.0" },
  random: { source: "hashicorp/random", version: "3.7.2" },
};
