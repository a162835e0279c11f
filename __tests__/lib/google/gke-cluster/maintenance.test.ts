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

  test.each([
    [4, WEEKEND, "leave GKE 32 hours", "make the window 6 hours, or add days"],
    [5.5, WEEKEND, "leave GKE 44 hours", "make the window 6 hours, or add days"],
    [11, "FREQ=WEEKLY;BYDAY=SU", "leave GKE 44 hours", "make the window 12 hours, or add days"],
    [3, "FREQ=DAILY", "leave GKE 0 hours", "make the window 4 hours, or add days"],
    // The same day twice is one day.
    [6, "FREQ=WEEKLY;BYDAY=SU,SU", "leave GKE 24 hours", "make the window 12 hours, or add days"],
  ])(
    "%d hours on %s are refused: some 32 days have no more windows",
    (hours, recurrence, problem, instead) => {
      expect(maintenanceProblems(window(hours, recurrence))).toEqual([
        { prop: ["end"], problem: expect.stringContaining(problem), instead },
      ]);
    },
  );

  test.each([
    "FREQ=MONTHLY",
    "FREQ=WEEKLY",
    "FREQ=WEEKLY;BYDAY=SAT",
    "FREQ=WEEKLY;BYDAY=",
    "RRULE:FREQ=DAILY",
    "",
  ])("recurrence %j is refused", (recurrence) => {
    expect(maintenanceProblems(window(7, recurrence))).toMatchObject([
      { prop: ["recurrence"], problem: `is "${recurrence}"` },
    ]);
  });
});
