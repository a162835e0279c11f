import { cronProblem, MINUTES_PER_WEEK, timesOfWeek, timeZoneProblem } from "../../../lib/core/cron";

describe("cronProblem", () => {
  test.each([
    "* * * * *",
    "0 22 * * *",
    "0 6 * * 1-5",
    "*/15 8-18/2 1,15 * MON-FRI",
    "59 23 31 12 7",
    "0 0 * JAN,JUL *",
    "0 0 29 2 *",
    "0 0 29 FEB 0",
    "5,10-20/5,40 * * * *",
    "0 0 30 2,4 *",
    // Of day and day of the week one is enough.
    "0 0 30 2 MON",
  ])("takes %s", (cron) => expect(cronProblem(cron)).toBeUndefined());

  test.each([
    ["", "five fields"],
    ["* * * *", "five fields"],
    ["0 * * * * *", "five fields"],
    ["0  6 * * *", "five fields"],
    ["@daily", "five fields"],
    ["60 * * * *", '"60" is no minute: give numbers from 0 to 59, ranges'],
    ["* 24 * * *", '"24" is no hour'],
    ["* * 0 * *", '"0" is no day of the month'],
    ["* * L * *", '"L" is no day of the month'],
    ["* * ? * *", '"?" is no day of the month'],
    ["* * * 13 *", '"13" is no month: give numbers from 1 to 12 or JAN to DEC'],
    ["* * * jan *", '"jan" is no month'],
    ["* * * * 8", '"8" is no day of the week: give numbers from 0 to 7 or SUN to SAT'],
    ["* * * * MON#2", '"MON#2" is no day of the week'],
    ["* * * * 5-1", '"5-1" is no day of the week'],
    ["*/0 * * * *", '"*/0" is no minute'],
    ["*/60 * * * *", '"*/60" is no minute'],
    ["5/10 * * * *", '"5/10" is no minute'],
    ["1, * * * *", '"1," is no minute'],
    ["-1 * * * *", '"-1" is no minute'],
    ["1-2-3 * * * *", '"1-2-3" is no minute'],
    ["0 0 30 2 *", "a day that never comes"],
    ["0 0 31 4,6,9,11 *", "a day that never comes"],
  ])("refuses %s", (cron, said) => {
    const { problem, instead } = cronProblem(cron) ?? {};
    expect(`${problem}: ${instead}`).toContain(said);
  });
});

describe("timesOfWeek", () => {
  const DAY = 24 * 60;
  test.each([
    ["0 22 * * *", [0, 1, 2, 3, 4, 5, 6].map((day) => day * DAY + 22 * 60)],
    ["30 6 * * 1-5", [1, 2, 3, 4, 5].map((day) => day * DAY + 6 * 60 + 30)],
    ["0,30 0 * * 0,SAT,7", [0, 30, 6 * DAY, 6 * DAY + 30]],
  ])("of %s", (cron, times) => expect(timesOfWeek(cron)).toEqual(times));

  test("of every minute are all", () => expect(timesOfWeek("* * * * *")).toHaveLength(MINUTES_PER_WEEK));

  test.each(["0 0 1 * *", "0 0 * 12 *"])("are not the same in each with %s", (cron) =>
    expect(timesOfWeek(cron)).toBeUndefined(),
  );
});

describe("timeZoneProblem", () => {
  test.each(["Etc/UTC", "UTC", "America/Los_Angeles", "Europe/Vienna", "America/Argentina/Buenos_Aires"])(
    "takes %s",
    (timeZone) => expect(timeZoneProblem(timeZone)).toBeUndefined(),
  );
  test.each(["", "Pacific", "Europe/Wien", "+01:00", "europe/vienna", "Los Angeles"])(
    "refuses %s",
    (timeZone) => expect(timeZoneProblem(timeZone)?.problem).toBe(`is "${timeZone}"`),
  );
});
