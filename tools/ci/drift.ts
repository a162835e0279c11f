import type { Command } from "commander";
import { examples, tell } from "../command-line/output";
import { GitHub, type StandingIssue } from "./github";
import { type PlanReport, readReports } from "./planned-actions";
import { COMMENT_LIMIT, renderPlans } from "./plans-markdown";
import { runUrl } from "./step";

/** Registers `plue ci drift`. */
export function registerDrift(ci: Command): void {
  const command = withPlans(ci.command("drift")).description(
    "an issue for each stack that is not as main declares it; closes those of stacks that are",
  );
  examples(command, { 'npx plue ci drift --plans plans --matrix "$MATRIX"': "" });
  command.action(async ({ plans, matrix }: PlansOptions) => {
    const reports = readReports(plans, matrix);
    const github = await GitHub.connect();
    const changes = await github.syncIssues(reports.map(driftIssue));
    for (const { stack, outcome } of reports)
      tell(`${stack}: ${outcome}, issue ${changes.get(`drift ${stack}`)}`);
  });
}

/** Plans of every shared stack, as the nightly run leaves them. */
export interface PlansOptions {
  readonly plans: string;
  readonly matrix: string;
}

/** Gives a command the options of {@link PlansOptions}. */
export function withPlans(command: Command): Command {
  return command
    .requiredOption("--plans <folder>", "what plue ci plan --out wrote")
    .requiredOption(
      "--matrix <json>",
      "the stacks that were to be planned, as plue ci stacks --matrix prints them",
    );
}

/** Whether a stack is not as main declares it, or nobody knows. */
export function hasDrifted({ outcome }: PlanReport): boolean {
  return outcome === "changed" || outcome === "failed";
}

/** What there is to say of a stack that has drifted, in a line. */
export function driftTitle({ stack, outcome }: PlanReport): string {
  return outcome === "failed" ? `${stack} cannot be planned` : `${stack} is not as main declares it`;
}

function driftIssue(report: PlanReport): StandingIssue {
  const { stack, outcome } = report;
  const title = driftTitle(report);
  const said =
    outcome === "failed"
      ? "Nobody knows whether it has drifted until this is mended."
      : "Somebody changed it by hand, or a deployment of main did not come to its end, or a tag got a new image since. A deployment of main makes it as declared: read first what that would undo.";
  // Room for the marker, which the issue begins with.
  const rendered = renderPlans([report], {
    title,
    whole: runUrl(),
    limit: COMMENT_LIMIT - said.length - 200,
  });
  return {
    key: `drift ${stack}`,
    label: "drift",
    title,
    body: hasDrifted(report) ? `${said}\n\n${rendered}` : undefined,
  };
}
