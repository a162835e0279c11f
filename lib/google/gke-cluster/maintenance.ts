import { type PropProblem, problemAt, problemsIn } from "../../core/invalid-props";

const HOUR = 3_600_000;
const WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
/** GKE's rule: hours of window that any 32 days must leave, and hours below which a window does not count. */
const [MIN_HOURS, MIN_WINDOW] = [48, 4];
/** Exclusions of all upgrades that GKE takes. */
const MAX_EXCLUSIONS = 3;

/**
 * When GKE may upgrade a cluster and its nodes. Security fixes that cannot wait, and repairs, come at any time.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/concepts/maintenance-windows-and-exclusions
 */
export interface MaintenanceProps {
  /** Start of the first window, in UTC: `2024-01-01T02:00:00Z`. A day in the past is fine, its time is what counts. */
  readonly start: string;
  /** End of the first window. GKE wants at least 4 hours. */
  readonly end: string;
  /** `FREQ=DAILY` or `FREQ=WEEKLY;BYDAY=SA,SU`: days are UTC. All windows of any 32 days must add up to 48 hours. */
  readonly recurrence: string;
  /**
   * Times without maintenance, by name. GKE refuses, on apply, what leaves too little window in between.
   * @default none
   */
  readonly exclusions?: Record<string, MaintenanceExclusion>;
}

/** Maintenance exclusion: a time without upgrades. */
export interface MaintenanceExclusion {
  /** Start, in UTC: `2025-12-20T00:00:00Z`. */
  readonly start: string;
  /** End, in UTC. */
  readonly end: string;
  /** What does not happen: any upgrade, those to another minor version, or those and every node upgrade. @default "NO_UPGRADES" */
  readonly scope?: "NO_UPGRADES" | "NO_MINOR_UPGRADES" | "NO_MINOR_OR_NODE_UPGRADES";
}

/** The `maintenance_policy` block. */
export function maintenancePolicy({ start, end, recurrence, exclusions = {} }: MaintenanceProps) {
  return {
    recurringWindow: { startTime: start, endTime: end, recurrence },
    maintenanceExclusion: Object.entries(exclusions).map(([exclusionName, exclusion]) => ({
      exclusionName,
      startTime: exclusion.start,
      endTime: exclusion.end,
      exclusionOptions: { scope: exclusion.scope ?? "NO_UPGRADES" },
    })),
  };
}

/** What GKE would refuse. */
export function maintenanceProblems({ exclusions = {}, ...window }: MaintenanceProps): PropProblem[] {
  const named = Object.entries(exclusions);
  const full = named.filter(([, { scope = "NO_UPGRADES" }]) => scope === "NO_UPGRADES");
  return [
    ...windowProblems(window),
    ...named.flatMap(([name, exclusion]) => problemsIn(["exclusions", name], timeProblems(exclusion))),
    ...problemAt(
      ["exclusions"],
      full.length <= MAX_EXCLUSIONS
        ? undefined
        : {
            problem: `has ${full.length} of all upgrades, of which GKE takes ${MAX_EXCLUSIONS}`,
            instead: "leave some out, or give them a narrower scope",
          },
    ),
  ];
}

function windowProblems({ start, end, recurrence }: MaintenanceProps): PropProblem[] {
  const days = recurrenceDays(recurrence);
  const found = timeProblems({ start, end });
  if (!days)
    found.push({
      prop: ["recurrence"],
      problem: `is "${recurrence}"`,
      instead: `use FREQ=DAILY, or FREQ=WEEKLY;BYDAY= with days from ${WEEKDAYS}`,
    });
  if (!days || found.length > 0) return found;
  const hours = hoursBetween(start, end);
  if (hours > 24)
    return [
      {
        prop: ["end"],
        problem: `makes a window of ${hours} hours`,
        instead: "end it a day after the start at the latest",
      },
    ];

  const windows = fewestIn32Days(days);
  const total = hours < MIN_WINDOW ? 0 : hours * windows;
  if (total >= MIN_HOURS) return [];
  const enough = Math.max(MIN_WINDOW, Math.ceil(MIN_HOURS / windows));
  return [
    {
      prop: ["end"],
      problem: `makes ${hours} hours on ${recurrence}, which leave GKE ${total} hours in the worst 32 days, of the ${MIN_HOURS} it insists on`,
      instead: enough <= 24 ? `make the window ${enough} hours, or add days` : "add days",
    },
  ];
}

function timeProblems({ start, end }: Pick<MaintenanceProps, "start" | "end">): PropProblem[] {
  const found = Object.entries({ start, end })
    .filter(([, time]) => !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(time) || Number.isNaN(Date.parse(time)))
    .map(
      ([prop, time]): PropProblem => ({
        prop: [prop],
        problem: `is "${time}"`,
        instead: 'give a time in UTC such as "2024-01-01T02:00:00Z"',
      }),
    );
  if (found.length > 0 || hoursBetween(start, end) > 0) return found;
  return [
    { prop: ["end"], problem: `is ${end}, not after the start`, instead: `give a time after ${start}` },
  ];
}

function hoursBetween(start: string, end: string): number {
  return (Date.parse(end) - Date.parse(start)) / HOUR;
}

/** The weekdays of a recurrence; undefined where it is none. */
function recurrenceDays(recurrence: string): readonly string[] | undefined {
  if (recurrence === "FREQ=DAILY") return WEEKDAYS;
  const days = /^FREQ=WEEKLY;BYDAY=(.+)$/.exec(recurrence)?.[1]?.split(",");
  return days?.every((day) => WEEKDAYS.includes(day)) ? days : undefined;
}

/** Four weeks, and the four days in a row that have the fewest. */
function fewestIn32Days(days: readonly string[]): number {
  const fourDays = WEEKDAYS.map(
    (_, first) => [0, 1, 2, 3].filter((next) => days.includes(WEEKDAYS[(first + next) % 7] as string)).length,
  );
  return 4 * new Set(days).size + Math.min(...fourDays);
}
