import { maintenancePolicy, maintenanceProblems } from "../../../../lib/google/gke-cluster/maintenance";

const WEEKEND = "FREQ=WEEKLY;BYDAY=SA,SU";

/** A window of so many hours from 02:00 UTC. */
function window(hours: number, recurrence: string) {
  const end = new Date(Date.UTC(2024, 0, 1, 2) + hours * 3_600_000).toISOString().replace(".000Z", "Z");
  return { start: "2024-01-01T02:00:00Z", end, recurrence };
}

describe("maintenance window", () => {
  test("becomes a recurring window with its exclusions", () => {
    const freeze = { start: "2025-12-20T00:00:00Z", end: "2026-01-02T00:00:00Z" };
    const exclusions = { freeze, minor: { ...freeze, scope: "NO_MINOR_UPGRADES" as const } };
    expect(maintenancePolicy({ ...window(7, WEEKEND), exclusions })).toEqual({
      recurringWindow: {
        startTime: "2024-01-01T02:00:00Z",
        endTime: "2024-01-01T09:00:00Z",
        recurrence: WEEKEND,
      },
      maintenanceExclusion: [
        {
          exclusionName: "freeze",
          startTime: freeze.start,
          endTime: freeze.end,
          exclusionOptions: { scope: "NO_UPGRADES" },
        },
        {
          exclusionName: "minor",
          startTime: freeze.start,
          endTime: freeze.end,
          exclusionOptions: { scope: "NO_MINOR_UPGRADES" },
        },
      ],
    });
  });

  test.each([
    [6, WEEKEND],
    [7, WEEKEND],
    [12, "FREQ=WEEKLY;BYDAY=SU"],
    [4, "FREQ=DAILY"],
    [24, "FREQ=DAILY"],
    [4, "FREQ=WEEKLY;BYDAY=MO,WE,FR"],
  ])("%i hours on %s are enough", (hours, recurrence) => {
    expect(maintenanceProblems(window(hours, recurrence))).toEqual([]);
  });

  test("four hours on Saturday and Sunday are not: 8 windows are all that some 32 days have", () => {
    expect(maintenanceProblems(window(4, WEEKEND))).toEqual([
      `4 hours on ${WEEKEND} leave GKE 32 hours in the worst 32 days, of the 48 it insists on: make the window 6 hours, or add days`,
    ]);
  });

  test.each([
    [5.5, WEEKEND, "leave GKE 44 hours"],
    [11, "FREQ=WEEKLY;BYDAY=SU", "make the window 12 hours, or add days"],
    [
      3,
      "FREQ=DAILY",
      "leave GKE 0 hours in the worst 32 days, of the 48 it insists on: make the window 4 hours",
    ],
    // The same day twice is one day.
    [6, "FREQ=WEEKLY;BYDAY=SU,SU", "leave GKE 24 hours"],
    [25, "FREQ=DAILY", "a window of 25 hours is longer than a day"],
  ])("%d hours on %s are refused", (hours, recurrence, message) => {
    expect(maintenanceProblems(window(hours, recurrence))).toEqual([expect.stringContaining(message)]);
  });

  test.each([
    "FREQ=MONTHLY",
    "FREQ=WEEKLY",
    "FREQ=WEEKLY;BYDAY=SAT",
    "FREQ=WEEKLY;BYDAY=",
    "RRULE:FREQ=DAILY",
    "",
  ])("recurrence %j is refused", (recurrence) => {
    expect(maintenanceProblems(window(7, recurrence))).toEqual([
      `recurrence "${recurrence}" is neither FREQ=DAILY nor FREQ=WEEKLY;BYDAY= with days from MO,TU,WE,TH,FR,SA,SU`,
    ]);
  });

  test("times must be in UTC and in order, in the window and in exclusions; all problems are told", () => {
    expect(
      maintenanceProblems({
        start: "2024-01-01T02:00:00+01:00",
        end: "2024-01-01T09:00:00Z",
        recurrence: "weekends",
        exclusions: {
          freeze: { start: "2026-01-02T00:00:00Z", end: "2025-12-20T00:00:00Z" },
          typo: { start: "2026-13-02T00:00:00Z", end: "2026-13-03T00:00:00Z" },
        },
      }),
    ).toEqual([
      '"2024-01-01T02:00:00+01:00" is not a time in UTC such as "2024-01-01T02:00:00Z"',
      expect.stringContaining('recurrence "weekends" is neither'),
      'exclusion "freeze": the end 2025-12-20T00:00:00Z is not after the start 2026-01-02T00:00:00Z',
      'exclusion "typo": "2026-13-02T00:00:00Z" is not a time in UTC such as "2024-01-01T02:00:00Z"',
    ]);
  });

  test("GKE takes three exclusions of all upgrades", () => {
    const freeze = { start: "2025-12-20T00:00:00Z", end: "2026-01-02T00:00:00Z" };
    const minor = { ...freeze, scope: "NO_MINOR_UPGRADES" as const };
    const three = { a: freeze, b: freeze, c: freeze, d: minor };
    expect(maintenanceProblems({ ...window(7, WEEKEND), exclusions: three })).toEqual([]);
    expect(maintenanceProblems({ ...window(7, WEEKEND), exclusions: { ...three, e: freeze } })).toEqual([
      "4 exclusions of all upgrades, GKE takes 3",
    ]);
  });
});
