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
