import { MonitoringCustomService } from "@cdktf/provider-google/lib/monitoring-custom-service";
import { MonitoringSlo, type MonitoringSloRequestBasedSli } from "@cdktf/provider-google/lib/monitoring-slo";
import { Construct } from "constructs";
import { type PropProblem, problemsIn } from "../../core/invalid-props";
import type { Alert, Notification } from ".";
import type { ThresholdCondition } from "./alerts";

/** Service level objective: the share of requests that must be good in a time, with alerts on how fast the rest is used up. */
export interface Objective {
  /** Name in the console, with which the alerts' names begin. */
  readonly displayName: string;
  /** Share of good requests, above 0 and up to 0.9999. What is left is the error budget. */
  readonly goal: number;
  /** Days, up to today, in which it is to hold: 1 to 30. @default 28 */
  readonly days?: number;
  /**
   * What is a good request: all but the bad ones, by filters of two counters, or those of a distribution of latencies that are
   * answered in time.
   */
  readonly sli:
    | { readonly total: string; readonly bad: string }
    | { readonly latencies: string; readonly withinMs: number };
  /** Who is told when a fiftieth of the budget has gone in an hour. */
  readonly fast: Notification;
  /** Who is told when a twentieth of the budget has gone in six hours. */
  readonly slow: Notification;
}

/**
 * How many times too fast the budget is used up, in a long window, and in a short one: that it still is.
 * @see https://sre.google/workbook/alerting-on-slos/
 */
const BURNS = {
  fast: { rate: 14.4, windows: ["60m", "5m"] },
  slow: { rate: 6, windows: ["360m", "30m"] },
} as const;

/**
 * Service level objectives of a service, and the alerts on how fast their error budgets are used up.
 *
 * @see https://sre.google/workbook/alerting-on-slos/
 * @example
 * ```ts
 * const tell = {
 *   channels: ["team"],
 *   documentation: "Too many requests fail.",
 *   runbook: "https://example.com/runbooks/slo",
 * };
 * const { alerts } = new Objectives(stack, "objectives", {
 *   projectId: "acme-prod",
 *   serviceId: "shop",
 *   objectives: {
 *     availability: {
 *       displayName: "Shop",
 *       goal: 0.995,
 *       sli: {
 *         total: 'metric.type="run.googleapis.com/request_count" resource.type="cloud_run_revision"',
 *         bad: 'metric.type="run.googleapis.com/request_count" resource.type="cloud_run_revision" metric.labels.response_code_class="5xx"',
 *       },
 *       fast: { ...tell, severity: "CRITICAL" },
 *       slow: { ...tell, severity: "WARNING" },
 *     },
 *   },
 * });
 * new Monitoring(stack, "monitoring", {
 *   projectId: "acme-prod",
 *   emailChannels: { team: "team@example.com" },
 *   alerts,
 * });
 * ```
 */
export class Objectives extends Construct {
  /** Resource names of the objectives, `projects/…/serviceLevelObjectives/…`, by objective. */
  readonly names: Readonly<Record<string, string>>;
  /** Alerts, two for each objective: `<objective>-fast-burn` and `<objective>-slow-burn`. */
  readonly alerts: Readonly<Record<string, Alert>>;

  constructor(
    scope: Construct,
    id: string,
    props: {
      readonly projectId: string;
      /** Id of the service, of which the objectives are. */
      readonly serviceId: string;
      readonly objectives: Readonly<Record<string, Objective>>;
      readonly labels?: Record<string, string>;
    },
  ) {
    super(scope, id);
    const { projectId: project, labels: userLabels } = props;
    const service = new MonitoringCustomService(this, "Resource", {
      project,
      serviceId: props.serviceId,
      displayName: props.serviceId,
      userLabels,
    });
    const names: Record<string, string> = {};
    const alerts: Record<string, Alert> = {};
    for (const [key, objective] of Object.entries(props.objectives)) {
      const { name } = new MonitoringSlo(this, key, {
        project,
        service: service.serviceId,
        sloId: key,
        displayName: objective.displayName,
        goal: objective.goal,
        rollingPeriodDays: objective.days ?? 28,
        requestBasedSli: sli(objective.sli),
        userLabels,
      });
      names[key] = name;
      for (const burn of ["fast", "slow"] as const)
        alerts[`${key}-${burn}-burn`] = {
          displayName: `${objective.displayName}: the error budget burns ${burn === "fast" ? "fast" : "down"}`,
          conditions: BURNS[burn].windows.map((window) => burnRate(name, window, BURNS[burn].rate)),
          combiner: "AND",
          duration: 0,
          ...objective[burn],
        };
    }
    this.names = names;
    this.alerts = alerts;
  }
}

function sli(given: Objective["sli"]): MonitoringSloRequestBasedSli {
  if ("total" in given)
    return { goodTotalRatio: { totalServiceFilter: given.total, badServiceFilter: given.bad } };
  return { distributionCut: { distributionFilter: given.latencies, range: { min: 0, max: given.withinMs } } };
}

function burnRate(slo: string, window: string, above: number): ThresholdCondition {
  return {
    displayName: `error budget ${above} times too fast in ${window}`,
    threshold: {
      filter: `select_slo_burn_rate("${slo}", "${window}")`,
      comparison: "COMPARISON_GT",
      thresholdValue: above,
    },
  };
}

/** Problems of objectives. */
export function objectiveProblems(objectives: Readonly<Record<string, Objective>>): PropProblem[] {
  return Object.entries(objectives).flatMap(([key, { goal, days = 28 }]) => {
    const found: PropProblem[] = [];
    if (!/^[a-z0-9-]{1,64}$/.test(key))
      found.push({
        prop: [],
        problem: `"${key}" is no id`,
        instead: "use up to 64 lower-case letters, digits and -",
      });
    if (!(goal > 0 && goal <= 0.9999))
      found.push({
        prop: ["goal"],
        problem: `is ${goal}`,
        instead: "give a share above 0 and up to 0.9999, such as 0.995",
      });
    if (!Number.isInteger(days) || days < 1 || days > 30)
      found.push({
        prop: ["days"],
        problem: `is ${days}`,
        instead: "give a whole number of days from 1 to 30",
      });
    return problemsIn(["objectives", key], found);
  });
}
