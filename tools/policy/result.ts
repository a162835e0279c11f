import { existsSync } from "node:fs";
import { z } from "zod";
import type { Stacks } from "../../lib/core/terraform-json";
import type { Project } from "../../lib/environments/system";
import { type Finding, TOOLS } from "./model";
import { judge, readWaivers, WAIVERS } from "./waivers";

/** What policy finds that no waiver explains. */
export interface PolicyResult {
  readonly green: boolean;
  readonly findings: readonly PolicyFinding[];
}

export interface PolicyFinding {
  readonly check: string;
  /** `production/google_sql_database_instance.sql` */
  readonly resource: string;
  readonly title: string;
}

/** Arguments of `plue policy` by which it needs no tool that a machine may lack: the program's own rules, of the stacks. */
export const OWN_RULES: readonly string[] = ["policy", "--without", ...TOOLS];

/**
 * Holds stacks against the program's own rules and their waivers, as `plue policy` does without its scanners.
 *
 * @param today `2026-11-21`: waivers end
 */
export function ownRules(project: Project, stacks: Stacks, today: string): PolicyResult {
  const { checkRules } = require("./rules") as typeof import("./rules");
  const found = checkRules({ project, stacks, releases: [] }).map(
    ({ rule, stack, address, message }): Finding => ({
      check: rule,
      resource: `${stack}/${address}`,
      title: message,
      location: { file: `cdktf.out/stacks/${stack}/cdk.tf.json`, startLine: 1, endLine: 1 },
    }),
  );
  const waivers = existsSync(WAIVERS) ? readWaivers(WAIVERS, today) : [];
  const { findings, expired } = judge(found, waivers, today);
  const unexplained = findings.filter(({ waiver }) => !waiver).map(({ finding }) => finding);
  return {
    green: unexplained.length + expired.length === 0,
    findings: unexplained.map(({ check, resource, title }) => ({ check, resource, title })),
  };
}

const printed = z.object({
  green: z.boolean(),
  findings: z.array(
    z.object({ check: z.string(), resource: z.string(), title: z.string(), waived: z.unknown().optional() }),
  ),
});

/** The result in what `plue policy --json` printed; undefined where that is something else. */
export function readPolicyResult(value: unknown): PolicyResult | undefined {
  const { data } = printed.safeParse(value);
  return (
    data && {
      green: data.green,
      findings: data.findings
        .filter(({ waived }) => waived === undefined)
        .map(({ check, resource, title }) => ({ check, resource, title })),
    }
  );
}
