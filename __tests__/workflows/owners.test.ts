import { existsSync, readFileSync } from "node:fs";

const lines = readFileSync(".github/CODEOWNERS", "utf8")
  .split("\n")
  .filter((line) => line && !line.startsWith("#"))
  .map((line) => line.split(/ +/));

test("every path that somebody owns is there", () => {
  const paths = lines.map(([path = ""]) => path).filter((path) => path !== "*");
  expect(paths.filter((path) => !existsSync(`.${path}`))).toEqual([]);
});

test("every line names teams of the organization that the repository belongs to", () => {
  const { githubRepository } = JSON.parse(readFileSync("cdktf.json", "utf8")).context.plue;
  const [organization] = githubRepository.split("/");
  for (const [path, ...teams] of lines) {
    expect([path, teams]).not.toEqual([path, []]);
    for (const team of teams)
      expect([path, team]).toEqual([path, expect.stringMatching(`^@${organization}/[a-z-]+$`)]);
  }
});

/** Who is asked about a file: of the lines that fit, the last. */
function ownersOf(file: string): readonly string[] {
  const fitting = lines.filter(
    ([path = ""]) =>
      path === "*" || `/${file}` === path || (path.endsWith("/") && `/${file}`.startsWith(path)),
  );
  return fitting.at(-1)?.slice(1) ?? [];
}

test.each([
  ["engineers.json", "cdktf.json", "package-lock.json", "terraform.lock.hcl"],
  [
    ".github/CODEOWNERS",
    ".github/workflows/deploy.yml",
    ".ci/run",
    "tools/ci/apply.ts",
    "tools/terraform/providers.ts",
    "scripts/app.mjs",
  ],
  ["policy/waivers.yaml", "tools/policy/rules/iam.ts"],
  ["stacks/plue/bootstrap.ts", "stacks/plue/staging-access.ts", "stacks/plue/staging-engineer.ts"],
  [
    "lib/environments/engineer-access.ts",
    "lib/google/github-federation.ts",
    "lib/google/state-store/index.ts",
  ],
  ["helm/platform/templates/deployers.yaml"],
])("who may do what is not changed without who answers for security: %s", (...files) => {
  for (const file of files)
    expect([file, ownersOf(file)]).toEqual([file, expect.arrayContaining(["@plue/security"])]);
});

test("whatever nobody is named for is the platform team's", () => {
  expect(ownersOf("lib/core/stack.ts")).toEqual(["@plue/platform"]);
});
