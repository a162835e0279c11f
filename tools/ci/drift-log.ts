import type { Command } from "commander";
import { DRIFT_LOG } from "../../lib/environments/workflow-identities";
import { examples, remark, tell } from "../command-line/output";
import { findEnvironment, readProject } from "../command-line/project";
import { EMULATOR, GoogleApi } from "../google/api";
import { explainGoogleError } from "../google/error";
import { driftTitle, hasDrifted, type PlansOptions, withPlans } from "./drift";
import { type PlanReport, readReports } from "./planned-actions";
import { runUrl } from "./step";

/** Registers `plue ci drift-log`. */
export function registerDriftLog(ci: Command): void {
  const command = withPlans(ci.command("drift-log")).description(
    `an entry in the log ${DRIFT_LOG} of production's project for each stack that is not as main declares it`,
  );
  examples(command, { 'npx plue ci drift-log --plans plans --matrix "$MATRIX"': "" });
  remark(command, "An entry has the stack, what became of its plan and the run, and nothing of the plan.");
  command.action(async ({ plans, matrix }: PlansOptions) => {
    const project = readProject();
    const { projectId } = findEnvironment(project, project.production);
    const drifted = readReports(plans, matrix).filter(hasDrifted);
    if (drifted.length > 0) await writeEntries(projectId, drifted);
    for (const { stack, outcome } of drifted)
      tell(`${stack}: ${outcome}, written to the log ${DRIFT_LOG} of ${projectId}`);
    if (drifted.length === 0) tell("Nothing has drifted, and nothing is written.");
  });
}

/**
 * All of them, or none.
 * @see https://cloud.google.com/logging/docs/reference/v2/rest/v2/entries/write
 * @throws {CliError} when Google does not take them
 */
async function writeEntries(projectId: string, reports: readonly PlanReport[]): Promise<void> {
  const run = runUrl();
  const entries = reports.map((report) => ({
    severity: "WARNING",
    jsonPayload: { message: driftTitle(report), stack: report.stack, outcome: report.outcome, run },
  }));
  try {
    await new GoogleApi("logging", projectId, EMULATOR, "v2").call("entries:write", {
      logName: `projects/${projectId}/logs/${DRIFT_LOG}`,
      resource: { type: "global", labels: { project_id: projectId } },
      entries,
    });
  } catch (error) {
    throw explainGoogleError(error, {
      what: `write to the log ${DRIFT_LOG} of ${projectId}`,
      projectId,
      role: "roles/logging.logWriter",
    });
  }
}
