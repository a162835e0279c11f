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

test("commands are found in prose and scripts, with their continued lines", () => {
  const text =
    "run `npx plue status`, or\n# npx plue no\n  npx plue changed \\\n    --base main\nplue is a word\n";
  expect(plueLines(text)).toEqual(["npx plue status", "npx plue changed --base main"]);
});
