import { LONGEST_MS } from "#/agents/definition/format/duration.ts";

/** ISO 8601 with its offset; a day alone begins at midnight UTC. */
const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;
const MOMENT = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}):(\d{2})(?::(\d{2}(?:\.\d{1,9})?))?(Z|[+-]\d{2}:?\d{2})?$/i;
const OFFSET = /^([+-])(\d{2}):?(\d{2})$/;

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** The longest duration from the year 2100 on: that far no wait and no database needs to look. */
const FURTHEST_MS = 130 * 365 * DAY_MS + LONGEST_MS;

/**
 * Epoch milliseconds of a moment: ISO 8601, or epoch milliseconds. A time of day without an offset would be that of whichever machine reads it, so it is refused.
 * @throws RangeError which says what to write
 */
export function parseMoment(value: unknown): number {
  const ms = typeof value === "number" ? value : readMoment(String(value).trim());
  if (ms !== undefined && Math.abs(ms) <= FURTHEST_MS) return ms;
  throw new RangeError(`“${String(value)}” is no point in time. Write it like 2027-01-31T09:00:00Z.`);
}

/** Returns what keeps a written text from being a moment; undefined if it is one. */
export function momentProblem(text: string): string | undefined {
  try {
    parseMoment(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Undefined for what is no moment. @throws RangeError when the offset is missing */
function readMoment(text: string): number | undefined {
  const [, day, hour, minute, second = "0", offset] = MOMENT.exec(text) ?? [];
  if (day === undefined) return parseDay(text);
  const time = toMs([Number(hour), Number(minute), Number(second)]);
  const midnight = parseDay(day);
  if (time === undefined || midnight === undefined) return undefined;
  if (offset === undefined)
    throw new RangeError(
      `“${text}” does not say in which time zone. Write ${text}Z for UTC, or an offset such as ${text}+02:00.`,
    );
  const shift = parseOffset(offset);
  return shift === undefined ? undefined : midnight + time - shift;
}

function toMs([hour, minute, second]: readonly [number, number, number]): number | undefined {
  return hour < 24 && minute < 60 && second < 60
    ? hour * 60 * MINUTE_MS + minute * MINUTE_MS + Math.round(second * 1000)
    : undefined;
}

function parseOffset(offset: string): number | undefined {
  if (offset.toUpperCase() === "Z") return 0;
  const [, sign, hours, minutes] = OFFSET.exec(offset) ?? [];
  const time = toMs([Number(hours), Number(minutes), 0]);
  return time === undefined ? undefined : sign === "-" ? -time : time;
}

/** Of a 30 February nothing is made, where JavaScript makes a 2 March. */
function parseDay(text: string): number | undefined {
  const [year = Number.NaN, month = 0, day = 0] = (DAY.exec(text) ?? []).slice(1).map(Number);
  const isThere = month >= 1 && month <= 12 && day >= 1 && day <= daysOfMonth(year, month);
  return isThere ? daysSinceEpoch(year, month, day) * DAY_MS : undefined;
}

const isLeap = (year: number) => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
const daysOfMonth = (year: number, month: number) =>
  month === 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;

/** Years begin in March here, so that the day which some of them have more is their last. */
function daysSinceEpoch(year: number, month: number, day: number): number {
  const marchYear = month > 2 ? year : year - 1;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  return (
    365 * marchYear +
    Math.floor(marchYear / 4) -
    Math.floor(marchYear / 100) +
    Math.floor(marchYear / 400) +
    dayOfYear -
    719_468
  );
}
