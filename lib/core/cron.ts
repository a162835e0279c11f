import type { ValueProblem } from "./invalid-props";

const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

interface Field {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  /** Names that stand for numbers, the first for `from`. */
  readonly names?: readonly string[];
}

/** In their order. @see https://cloud.google.com/scheduler/docs/configuring/cron-job-schedules */
const FIELDS = [
  { name: "minute", from: 0, to: 59 },
  { name: "hour", from: 0, to: 23 },
  { name: "day of the month", from: 1, to: 31 },
  { name: "month", from: 1, to: 12, names: MONTHS },
  { name: "day of the week", from: 0, to: 7, names: DAYS },
] as const satisfies readonly Field[];
/** Days that a month may have. */
const LENGTHS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * What is wrong with a schedule in unix-cron's five fields; undefined when Cloud Scheduler takes it, and it comes to pass.
 *
 * Libraries that read cron take more than Google does: seconds, `L`, `W`, `#`, `?` and `@daily`.
 */
export function cronProblem(cron: string): ValueProblem | undefined {
  const texts = cron.split(" ");
  if (texts.length !== FIELDS.length)
    return {
      problem: `is "${cron}"`,
      instead:
        'give five fields with a space between: minute, hour, day, month, day of the week, such as "0 6 * * 1-5"',
    };
  const values = texts.map((text, index) => valuesOf(text, FIELDS[index] as Field));
  const wrong = values.indexOf(undefined);
  if (wrong >= 0) {
    const { name, from, to, names } = FIELDS[wrong] as Field;
    return {
      problem: `is "${cron}", where "${texts[wrong]}" is no ${name}`,
      instead: `give numbers from ${from} to ${to}${names ? ` or ${names[0]} to ${names.at(-1)}` : ""}, ranges, lists, or * and */n`,
    };
  }
  const [, , days = [], months = []] = values;
  // With a day of the week either of the two is enough.
  if (texts[4] === "*" && !months.some((month) => days.some((day) => day <= (LENGTHS[month - 1] as number))))
    return { problem: `is "${cron}", a day that never comes`, instead: "give one that the month has" };
  return undefined;
}

export const MINUTES_PER_WEEK = 7 * 24 * 60;

/**
 * When a schedule comes in each week, in minutes from Sunday 0:00; undefined where one week differs from another.
 * @param cron one that {@link cronProblem} takes
 */
export function timesOfWeek(cron: string): number[] | undefined {
  const [minutes = "", hours = "", day, month, days = ""] = cron.split(" ");
  if (day !== "*" || month !== "*") return undefined;
  const at = (text: string, index: number) => valuesOf(text, FIELDS[index] as Field) ?? [];
  const times = at(days, 4).flatMap((weekday) =>
    at(hours, 1).flatMap((hour) => at(minutes, 0).map((minute) => ((weekday % 7) * 24 + hour) * 60 + minute)),
  );
  return [...new Set(times)].sort((a, b) => a - b);
}

/** What is wrong with a time zone; undefined when there is one of that name in IANA's database. */
export function timeZoneProblem(timeZone: string): ValueProblem | undefined {
  try {
    new Intl.DateTimeFormat("en", { timeZone });
    // Offsets and small letters are JavaScript's, and not Google's.
    if (/^[A-Z]/.test(timeZone)) return undefined;
  } catch {
    // Told below.
  }
  return {
    problem: `is "${timeZone}"`,
    instead: 'give a name of the IANA database, such as "America/Los_Angeles" or "Etc/UTC"',
  };
}

function valuesOf(text: string, field: Field): number[] | undefined {
  const parts = text.split(",").map((part) => partOf(part, field));
  return parts.every((part) => part !== undefined) ? parts.flat() : undefined;
}

/** `5`, `*`, `1-5` or `MON-FRI`; the last two with a step, `/2`, too. */
function partOf(part: string, field: Field): number[] | undefined {
  const { from, to } = field;
  const [, all, first = "", last, step] = /^(?:(\*)|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/.exec(part) ?? [];
  const [begin, end] = all ? [from, to] : [numberOf(first, field), numberOf(last ?? first, field)];
  const every = Number(step ?? 1);
  if (begin === undefined || end === undefined || end < begin || every < 1 || every > to) return undefined;
  // Google has no steps that begin somewhere and end nowhere.
  if (step !== undefined && !all && last === undefined) return undefined;
  return Array.from({ length: Math.floor((end - begin) / every) + 1 }, (_, index) => begin + index * every);
}

function numberOf(text: string, { from, to, names = [] }: Field): number | undefined {
  if (names.includes(text)) return from + names.indexOf(text);
  const number = /^\d{1,2}$/.test(text) ? Number(text) : -1;
  return number >= from && number <= to ? number : undefined;
}
