import { plueLines, plueProblem } from "../support/cli-flags";

test.each([
  "npx plue status",
  "npm run plue -- changed --base origin/main",
  'npx plue engineers add carol --email "$EMAIL" && git commit -am "Add carol"',
  "npx plue engineers show <name> --json | jq .",
  "echo carol | npx plue engineers remove carol --force",
  'matrix=$(npx plue changed --base "origin/$BASE" --matrix)',
  "npx plue cost --help",
  'npx plue ci smoke "$URL" --attempts $N',
  "npx plue ci identity <stack> --for plan",
])("%s is right", (line) => {
  expect(plueProblem(line)).toBeUndefined();
});

test.each([
  ["npx plue ci smoke plue.dev", "give an address such as"],
  ['npx plue ci smoke "$URL" --atempts 3', "unknown option '--atempts'"],
  ["npx plue stauts", "unknown command 'stauts'"],
  ["npx plue changed", "required option '--base <ref|folder>' not specified"],
  ["npx plue engineers add --email a@plue.dev", "missing required argument 'name'"],
  ["npx plue status --jsn", "unknown option '--jsn'"],
  ["npx plue cost production staging", "too many arguments"],
  ["terraform plan", "no plue command"],
])("%s is wrong", (line, why) => {
  expect(plueProblem(line)).toContain(why);
});

test.each<[line: string, ...problems: string[]]>([
  [
    "npx plue changed --bsae main",
    "error: required option '--base <ref|folder>' not specified",
    "error: unknown option '--bsae' (Did you mean --base?)",
  ],
  [
    "npx plue engineers add carol --emial=carol@plue.dev --redaer x",
    "error: required option '--email <address>' not specified",
    "error: unknown option '--emial' (Did you mean --email?)",
    "error: unknown option '--redaer' (Did you mean --reader?)",
  ],
  [
    "npx plue engineers add",
    "error: required option '--email <address>' not specified",
    "error: missing required argument 'name'",
  ],
  ["npx plue engineers add carol --email", "error: option '--email <address>' argument missing"],
  [
    "npx plue ci smoke plue.dev --attempts 0 --atempts",
    "error: option '--attempts <count>' argument '0' is invalid. give a number above 0",
    "error: unknown option '--atempts' (Did you mean --attempts?)",
    "error: argument 'url' value 'plue.dev' is invalid. give an address such as https://plue.dev",
  ],
  ["npx plue engineers --jsno", "error: unknown option '--jsno'"],
])("%s is wrong in all that it is wrong in", (line, ...problems) => {
  expect(
    plueProblem(line)
      ?.slice(line.length + 2)
      .split("\n"),
  ).toEqual(problems);
});

test("commands are found in prose and scripts, with their continued lines", () => {
  const text =
    "run `npx plue status`, or\n# npx plue no\n  npx plue changed \\\n    --base main\nplue is a word\n";
  expect(plueLines(text)).toEqual(["npx plue status", "npx plue changed --base main"]);
});
