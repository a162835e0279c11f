import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { plueProblem } from "./cli-flags";
import { isHere } from "./needs";

/** The content of every fenced block of these languages. */
export function fenced(markdown: string, language: string): string[] {
  return [...markdown.matchAll(new RegExp(`^ *\`\`\`${language}\\n(.*?)^ *\`\`\``, "gms"))].map(
    ([, block = ""]) => block,
  );
}

/** Commands of a page that somebody would type: of its blocks, and of its tables and sentences where they are whole. */
export function commandsOf(markdown: string): string[] {
  const blocks = fenced(markdown, "sh").flatMap((block) => block.replace(/\\\n\s*/g, "").split("\n"));
  const tools = Object.keys(TOOLS).join("|");
  const inline = [...markdown.matchAll(/`([^`\n]+)`/g)].map(([, code = ""]) => code);
  return [
    ...blocks.map((line) => line.trim()).filter((line) => line && !line.startsWith("#")),
    ...inline.filter((code) => new RegExp(`^(${tools}) [a-z-]+ .*\\S`).test(code)),
  ];
}

/**
 * What is wrong with a command, by the definition of the tool itself: a subcommand or option that it does not have.
 * @returns undefined where it is right
 */
export function commandProblem(line: string): string | undefined {
  const words = wordsOf(line);
  while (/^[A-Z_]+=/.test(words[0] ?? "")) words.shift();
  const [tool = "", ...rest] = words;
  // A script of a system, in whose folder its pages are.
  if (
    tool.startsWith("./") &&
    readdirSync("stacks").some((system) => existsSync(join("stacks", system, tool)))
  )
    return undefined;
  const check = TOOLS[tool];
  if (!check) return `${line}: ${tool} is not known here`;
  const wrong = check(rest, line);
  return wrong && `${line}: ${wrong}`;
}

/** Whether the tool is here, to say what it takes. */
export function checkable(line: string): boolean {
  const words = wordsOf(line).filter((word) => !/^[A-Z_]+=/.test(word));
  return !missing.has(words[0] ?? "");
}

/** The words of the first command of a line. */
function wordsOf(line: string): string[] {
  const found = line.match(/(?:"[^"]*"|'[^']*'|<[a-z ]+>|[^\s"'<>|])+|[<>|]/g) ?? [];
  const end = found.findIndex((word) => /^[<>|]$/.test(word));
  return (end < 0 ? found : found.slice(0, end)).map((word) => word.replace(/["']/g, ""));
}

type Check = (words: readonly string[], line: string) => string | undefined;

/** Tools of pages whose commands cannot be checked, as they are not here. */
export const missing: ReadonlySet<string> = new Set(
  ["terraform", "kubectl", "helm", "gcloud", "pg_dump", "pg_restore", "psql"].filter((tool) => !isHere(tool)),
);

const TOOLS: Readonly<Record<string, Check>> = {
  npx: ([program, ...words], line) => {
    if (program === "plue") return plueProblem(line);
    if (program === "cdktf")
      return optionsOf(words, help(process.execPath, [CDKTF, words[0] ?? "", "--help"]));
    if (program === "jest") return optionsOf(words, help("npx", ["jest", "--help"]));
    return `npx ${program} is not known here`;
  },
  npm: ([run, script]) =>
    run === "ci" ||
    run === "test" ||
    (run === "run" && script !== undefined && script in require(join(process.cwd(), "package.json")).scripts)
      ? undefined
      : "no such script",
  terraform: (words) => {
    const [command = "", ...rest] = words.filter((word) => !word.startsWith("-chdir="));
    const text = help("terraform", [command, "-help"]);
    return text.includes(`${command}`) ? optionsOf(rest, text) : `no command ${command}`;
  },
  // The plain words of a command are its subcommands and then its arguments; help for the longest that there is.
  kubectl: (words) =>
    optionsOf(words, `${help("kubectl", [...subcommand(words), "--help"])}${help("kubectl", ["options"])}`),
  helm: (words) => optionsOf(words, help("helm", [...subcommand(words), "--help"])),
  gcloud: gcloudProblem,
  pg_dump: (words) => optionsOf(words, help("pg_dump", ["--help"])),
  pg_restore: (words) => optionsOf(words, help("pg_restore", ["--help"])),
  psql: (words) => optionsOf(words, help("psql", ["--help"])),
  gh: (words) => verified(words, GH),
  git: (words) => verified(words, GIT),
  docker: (words) =>
    verified(words, { push: [], "buildx imagetools inspect": [], compose: ["-f", "--build", "--volumes"] }),
  export: () => undefined,
  curl: (words) =>
    verified(["", ...words], { "": ["--fail", "--silent", "--show-error", "--max-time", "--verbose"] }),
  make: () => undefined,
  jq: (words) => verified(["", ...words], { "": [] }),
};

const CDKTF = join(process.cwd(), "node_modules/cdktf-cli/bundle/bin/cdktf");

/** Read in the manuals, https://cli.github.com/manual and https://git-scm.com/docs: neither tells its options offline and alike. */
const GH = {
  api: ["--jq"],
  "workflow run": ["-f"],
  "workflow disable": [],
  "workflow enable": [],
  "issue list": ["--label", "--limit"],
  "run list": ["--workflow", "--limit"],
  "run watch": [],
  "secret set": ["--env"],
  "pr create": ["--fill"],
  "pr merge": ["--squash", "--auto"],
};
const GIT = {
  switch: ["--create"],
  commit: ["-m"],
  config: [],
  log: ["--oneline", "-S"],
  tag: [],
  push: ["--set-upstream"],
  revert: ["--no-edit"],
};

function verified(
  words: readonly string[],
  known: Readonly<Record<string, readonly string[]>>,
): string | undefined {
  const command = Object.keys(known).find(
    (name) => words.slice(0, name.split(" ").length).join(" ") === name,
  );
  if (command === undefined) return "not among the commands that were looked up";
  const wrong = words
    .filter((word) => /^-/.test(word))
    .find((word) => !known[command]?.includes(option(word)));
  return wrong && `has no ${wrong}`;
}

/** The first option that a help text does not name. */
function optionsOf(words: readonly string[], text: string): string | undefined {
  const known = new Set([...text.matchAll(/(?<![\w-])--?[a-zA-Z][\w-]*/g)].map(([match]) => match));
  const wrong = words.filter((word) => /^-[^\d]/.test(word)).find((word) => !known.has(option(word)));
  return wrong && `has no ${wrong}`;
}

const option = (word: string) => word.replace(/=.*$/s, "");

const subcommand = (words: readonly string[]) => {
  const first = words.findIndex((word) => word.startsWith("-"));
  return words.slice(
    0,
    Math.min(first < 0 ? words.length : first, /^(rollout|config|top|logs)$/.test(words[0] ?? "") ? 2 : 1),
  );
};

const helps = new Map<string, string>();
function help(command: string, args: readonly string[]): string {
  const key = [command, ...args].join(" ");
  const known = helps.get(key);
  if (known !== undefined) return known;
  const { stdout, stderr, error } = spawnSync(command, args, {
    encoding: "utf8",
    env: { ...process.env, CI: "true" },
  });
  if (error) throw error;
  helps.set(key, stdout + stderr);
  return stdout + stderr;
}

interface GcloudCommand {
  readonly commands: Readonly<Record<string, GcloudCommand>>;
  readonly flags: Readonly<Record<string, unknown>>;
}
let gcloud: GcloudCommand | undefined;

/** By the table that gcloud completes commands from. */
function gcloudProblem(words: readonly string[]): string | undefined {
  gcloud ??= readGcloud();
  let at = gcloud;
  const flags = new Set(Object.keys(at.flags));
  const path: string[] = [];
  for (const word of words) {
    const next = at.commands[word];
    if (!next) break;
    at = next;
    path.push(word);
    for (const flag of Object.keys(next.flags)) flags.add(flag);
  }
  if (path.length === 0 || Object.keys(at.commands).length > 0)
    return `no command ${[...path, words[path.length]].join(" ")}`;
  const wrong = words
    .filter((word) => word.startsWith("-"))
    .find((word) => !flags.has(option(word).replace(/^--no-/, "--")) && !flags.has(option(word)));
  return wrong && `has no ${wrong}`;
}

function readGcloud(): GcloudCommand {
  const binary = spawnSync("sh", ["-c", "command -v gcloud"], { encoding: "utf8" }).stdout.trim();
  const table = join(dirname(dirname(realpathSync(binary))), "data/cli/gcloud_completions.py");
  const print =
    "import json, runpy, sys; print(json.dumps(runpy.run_path(sys.argv[1])['STATIC_COMPLETION_CLI_TREE']))";
  return JSON.parse(
    spawnSync("python3", ["-c", print, table], { encoding: "utf8", maxBuffer: 2 ** 28 }).stdout,
  );
}
