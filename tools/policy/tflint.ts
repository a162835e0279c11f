import { stripVTControlCharacters } from "node:util";
import { z } from "zod";
import { sharedPath } from "../command-line/project";
import { distinct, type Finding, type Scan } from "./model";
import { QUIET, runTool, versionOf } from "./run-tool";
import { inFolder, parseJson } from "./scan-folder";
import { type StackSource, subjectAt } from "./stack-source";

const CONFIG = "policy/tflint.hcl";
/** Lies beside each stack: whoever is silent about this unused local has not looked at the stack. */
const UNUSED = ["zz_is_scanned.tf", "locals {\n  is_scanned = true\n}\n"] as const;

const report = z.object({
  issues: z.array(
    z.object({
      rule: z.object({ name: z.string() }),
      message: z.string(),
      range: z.object({ filename: z.string(), start: z.object({ line: z.number() }) }),
    }),
  ),
  errors: z.array(z.object({ message: z.string() })),
});

/**
 * Runs tflint, with the rules that it brings, over the stacks as HCL.
 *
 * @throws {MissingToolError} where it is not on the PATH
 */
export async function scanWithTflint(stacks: readonly StackSource[]): Promise<Scan> {
  const tool = { tool: "tflint", unit: "stacks" } as const;
  const version = await versionOf(
    "tflint",
    ["--version"],
    "go install github.com/terraform-linters/tflint@v0.64.0",
  );
  const files = stacks.flatMap(({ name, hcl }) =>
    [...Object.entries(hcl), UNUSED].map(([file, text]) => [`${name}/${file}`, text] as const),
  );
  const { code, stdout, stderr } = await inFolder(files, (folder) =>
    runTool("tflint", ["--recursive", "--format", "json", "--config", sharedPath(CONFIG)], {
      cwd: folder,
      // No plug-in to download, nobody to ask for one.
      env: { PATH: process.env["PATH"], HOME: folder, ...QUIET },
    }),
  );
  const parsed = report.safeParse(parseJson(stdout));
  // 2: there are issues.
  if ((code !== 0 && code !== 2) || !parsed.success) {
    const said =
      parsed.data?.errors.map(({ message }) => firstSentence(message)).join("; ") ||
      stderr.trim() ||
      stdout.trim();
    return {
      ...tool,
      version,
      scanned: 0,
      findings: [],
      failures: [`tflint gave no report: ${said}`],
    };
  }
  const scanned = new Set<string>();
  const findings = parsed.data.issues.flatMap(({ rule, message, range }): Finding[] => {
    const [name = "", file = ""] = range.filename.split("/");
    const stack = stacks.find((each) => each.name === name);
    if (!stack) throw new Error(`tflint reports ${rule.name} on ${range.filename}, which it was not given`);
    if (file === UNUSED[0]) {
      scanned.add(name);
      return [];
    }
    const address = addressAt(stack.hcl[file] ?? "", range.start.line) ?? file;
    return [{ check: rule.name, title: message, ...subjectAt(stack, address) }];
  });
  const failures = stacks
    .filter(({ name }) => !scanned.has(name))
    .map(({ name }) => `tflint did not scan ${name}: it overlooks an unused local that was put there`);
  return { ...tool, version, scanned: scanned.size, findings: distinct(findings), failures };
}

/** An error without the excerpt of the source that follows it. */
function firstSentence(message: string): string {
  const [said = ""] = stripVTControlCharacters(message).split(/:?\s*\n\s*Error: /);
  return said.replace(/\s*\n\s*/g, ": ");
}

/** Address of the block around a line. */
function addressAt(hcl: string, line: number): string | undefined {
  const head = hcl
    .split("\n")
    .slice(0, line)
    .findLast((each) => /^[a-z]/.test(each));
  const [, type = "", labels = ""] = /^(\w+)((?: "[^"]+")*) \{/.exec(head ?? "") ?? [];
  const names = [...labels.matchAll(/"([^"]+)"/g)].map(([, name]) => name);
  const prefix = { resource: [], variable: ["var"] }[type] ?? [type];
  return type ? [...prefix, ...names].join(".") : undefined;
}
