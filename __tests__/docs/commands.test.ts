import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runbookFolders } from "../support/markdown";
import { testUnless } from "../support/needs";
import { checkable, commandProblem, commandsOf, missing } from "../support/shell-commands";

/** Pages of a system beside Plue: its own, and its runbooks. */
function pagesOf(folder: string): string[] {
  const runbooks = join(folder, "runbooks");
  return [
    ...["README.md", "local/README.md"].map((page) => join(folder, page)),
    ...(existsSync(runbooks) ? readdirSync(runbooks).map((page) => join(runbooks, page)) : []),
  ].filter((page) => existsSync(page));
}

/** Pages whose every command is one that somebody types as it stands. */
const pages = [
  ...runbookFolders().flatMap((folder) => readdirSync(folder).map((file) => join(folder, file))),
  ...["application", "architecture", "capacity", "first-deployment", "migration", "secrets", "security"].map(
    (name) => `docs/${name}.md`,
  ),
  "local/README.md",
  ...readdirSync("stacks").flatMap((system) => pagesOf(join("stacks", system))),
  "CONTRIBUTING.md",
];

test.each(pages)("every command of %s is one that its tool takes", (page) => {
  const commands = commandsOf(readFileSync(page, "utf8"));
  expect(commands.filter(checkable).map(commandProblem).filter(Boolean)).toEqual([]);
});

const isBroughtBy = (tool: string) => tool.replace(/^pg_\w+$/, "psql");
for (const tool of missing) testUnless([isBroughtBy(tool)])(`${tool} takes what pages have of it`, () => {});

test("there are enough commands for this to say something", () => {
  expect(pages.flatMap((page) => commandsOf(readFileSync(page, "utf8"))).length).toBeGreaterThan(150);
});

describe("the check finds", () => {
  const wrong: [line: string, message: string][] = [
    ["npx plue secrets rotat staging x", "Did you mean rotate?"],
    ["npx plue status --jsn", "--json"],
    ["npx cdktf diff production --lock=false", "has no --lock=false"],
    ["npm run deplyo", "no such script"],
    ["terraform -chdir=x force-unlock -yes 1", "has no -yes"],
    ["kubectl rollout status deployment/zig-api --timout=5m", "has no --timout=5m"],
    ["HELM_DRIVER=configmap helm history plue --namspace alice", "has no --namspace"],
    ["gcloud secrets version add x", "no command secrets version"],
    ["gcloud sql instances clone a b --point-in-tme=x", "has no --point-in-tme=x"],
    ["gh workflow run deploy.yml --input x", "has no --input"],
    ["pg_dump --formt=custom", "has no --formt=custom"],
    ["rm -rf cdktf.out", "rm is not known here"],
  ];
  for (const [line, message] of wrong)
    testUnless(checkable(line) ? [] : [isBroughtBy(/^(?:[A-Z_]+=\S+ )*(\S+)/.exec(line)?.[1] ?? "")])(
      line,
      () => expect(commandProblem(line)).toContain(message),
    );
});
