import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { commandLine } from "../../tools";
import { candidates } from "../../tools/completion/candidates";
import { completionScript, SHELLS, type Shell } from "../../tools/completion/scripts";
import { testWith } from "../support/needs";
import { LAUNCHER, PlueFolder } from "../support/plue";

const program = commandLine({ startedIn: process.cwd(), folder: process.cwd() });
const words = (...typed: string[]) => candidates(program, typed, () => []).map(({ word }) => word);

describe("what may follow", () => {
  test("is each command that help shows, and those of a group", () => {
    const shown = program.createHelp().visibleCommands(program);
    expect(words("")).toEqual(shown.map((command) => command.name()));
    expect(words("")).not.toContain("complete");
    expect(words("engineers", "re")).toEqual(["remove"]);
    expect(words("sta")).toEqual(["status"]);
  });

  test("is an option of the command where a dash is, with what it does", () => {
    expect(words("deploy", "--")).toEqual(["--image-tag", "--yes", "--help"]);
    expect(words("engineers", "edit", "bob", "--no")).toEqual([
      "--no-image-tag",
      "--no-github",
      "--no-quota",
    ]);
    expect(candidates(program, ["doctor", "--j"], () => [])).toEqual([
      { word: "--json", description: "print one JSON value, for scripts" },
    ]);
  });

  test("is a choice of an option or an argument that has choices, and anything where it has none", () => {
    expect(words("completion", "")).toEqual(["bash", "zsh", "fish"]);
    expect(words("policy", "--without", "t")).toEqual(["tflint"]);
    expect(words("policy", "--without", "helm", "c")).toEqual(["checkov"]);
    expect(words("report", "--out", "")).toEqual([]);
    expect(words("report", "--out", "x", "--b")).toEqual(["--base"]);
  });

  test("is a name, of an argument by its place, behind options and their values", () => {
    const asked: unknown[] = [];
    const names = (...args: unknown[]) => {
      asked.push(args);
      return [{ word: "known" }];
    };
    expect(candidates(program, ["secrets", "rotate", "staging", "k"], names)).toEqual([{ word: "known" }]);
    expect(candidates(program, ["deploy", "--image-tag", "main", "--yes", ""], names)).toEqual([
      { word: "known" },
    ]);
    expect(asked).toEqual([
      ["secret", ["secrets", "rotate"], ["staging"]],
      ["stack", ["deploy"], []],
    ]);
    expect(candidates(program, ["deploy", "staging-base", ""], names)).toEqual([]);
  });
});

describe("names", () => {
  let folder: PlueFolder;
  beforeAll(() => {
    folder = new PlueFolder();
  });
  afterAll(() => folder.remove());
  const complete = async (...typed: string[]) => (await folder.plue(["complete", "--", ...typed])).stdout;

  test("are the system's stacks, environments, secrets and engineers", async () => {
    expect(await complete("diff", "staging-a")).toBe("staging-access\nstaging-alice\n");
    expect(await complete("bootstrap", "")).toBe("staging\nproduction\n");
    expect(await complete("secrets", "set", "staging", "anth")).toBe("anthropic-api-key\n");
    expect(await complete("engineers", "show", "")).toBe("alice\talice@plue.dev\nbob\tbob@plue.dev\n");
    expect(await complete("engineers", "add", "")).toBe("");
  });

  test("are none where a file is not valid, which the command itself will tell", async () => {
    const { registry } = folder;
    folder.registry = "{";
    expect(await folder.plue(["complete", "--", "diff", ""])).toEqual({ status: 0, stdout: "", stderr: "" });
    folder.registry = registry;
  });
});

describe("the script", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "plue completion's "));
    // In the way of a shell: a path with a space and a quote.
    writeFileSync(
      join(folder, "plue.mjs"),
      `console.log(process.argv.slice(2).join("|") + "\\tall that it got\\nsecond");\n`,
    );
    for (const shell of SHELLS)
      writeFileSync(join(folder, shell), completionScript(shell, join(folder, "plue.mjs")));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const sh = (shell: Shell, script: string, arg0: string) => {
    const { stdout, stderr } = spawnSync(shell, ["-c", script, arg0], { encoding: "utf8", cwd: folder });
    return [stdout.trim(), stderr];
  };
  /** What each shell would offer for a line whose last word is being typed. */
  const offered: Record<Shell, (...line: string[]) => string[]> = {
    bash: (...line) =>
      sh(
        "bash",
        `source ./bash; COMP_WORDS=(${line.map((word) => `"${word}"`).join(" ")}); COMP_CWORD=${line.length - 1}; _plue; printf '%s\\n' "\${COMPREPLY[@]}"`,
        "bash",
      ),
    zsh: (...line) =>
      sh(
        "zsh",
        `compdef() {}; _files() { echo files; }; _describe() { print -l -- "\${(@P)2%%:*}"; }; source ./zsh; words=(${line.map((word) => `"${word}"`).join(" ")}); CURRENT=${line.length}; _plue`,
        "zsh",
      ),
    fish: (...line) => sh("fish", `source ./fish; complete -C '${line.join(" ")}' | cut -f1`, "fish"),
  };

  for (const shell of SHELLS)
    testWith(shell)(`of ${shell} asks the launcher with the words before the cursor`, () => {
      const got = (line: string) => [`complete|--|${line}\nsecond`, ""];
      const sorted = ([text = "", errors = ""]: string[]) => [text.split("\n").sort().join("\n"), errors];
      expect(sorted(offered[shell]("plue", "engineers", ""))).toEqual(got("engineers|"));
      expect(sorted(offered[shell]("npx", "plue", "engineers", ""))).toEqual(got("engineers|"));
      expect(sorted(offered[shell]("npx", "--no", "--", "plue", ""))).toEqual(got(""));
      expect(offered[shell]("npx", "jest", "").join()).not.toContain("complete|");
    });

  test("is printed with the path of this checkout's launcher, whatever started it", async () => {
    const project = new PlueFolder();
    const { status, stdout } = await project.launch(["completion", "bash"]);
    project.remove();
    expect([status, stdout]).toEqual([0, completionScript("bash", LAUNCHER)]);
  });
});
