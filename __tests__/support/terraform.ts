import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { testWith } from "./needs";

/** `test`, or a skipped one where there is no Terraform. */
export const testWithTerraform = testWith("terraform");

/** Runs a step in a temporary folder that holds the files. */
export function inFolder<T>(files: Readonly<Record<string, string>>, step: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "plue-terraform-"));
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    return step(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What `terraform fmt` would change in the files: a diff, empty if nothing. */
export function fmtDiff(files: Readonly<Record<string, string>>): string {
  return inFolder(files, (folder) => {
    const { stdout, stderr, status } = terraform(folder, "fmt", "-check", "-diff", "-recursive");
    return status === 0 ? "" : stdout + stderr;
  });
}

/** Values and types of a module's outputs, as Terraform plans them. */
export function plannedOutputs(files: Readonly<Record<string, string>>): unknown {
  return inFolder(files, (folder) => {
    const planned = terraform(folder, "plan", "-refresh=false", "-out=plan");
    if (planned.status !== 0) throw new Error(planned.stdout + planned.stderr);
    const shown = terraform(folder, "show", "-json", "plan");
    return JSON.parse(shown.stdout).planned_values.outputs;
  });
}

export function terraform(cwd: string, command: string, ...options: string[]) {
  const noColor = command === "fmt" ? [] : ["-no-color"];
  // Of runs as short as these, collecting garbage is a third.
  const env = { ...process.env, TF_CLI_CONFIG_FILE: "/dev/null", CHECKPOINT_DISABLE: "1", GOGC: "400" };
  return spawnSync("terraform", [command, ...noColor, ...options], {
    cwd,
    env,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
}

/** Which of the texts Terraform cannot parse. */
export function fmtErrors(texts: readonly string[]): boolean[] {
  const name = (index: number) => `f${index}.tf`;
  return inFolder(Object.fromEntries(texts.map((text, index) => [name(index), text])), (folder) => {
    const { stdout, stderr } = terraform(folder, "fmt", "-no-color", "-check");
    return texts.map((_, index) => new RegExp(`\\bon ${name(index)} line`).test(stdout + stderr));
  });
}
