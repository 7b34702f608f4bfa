import { Cron } from "croner";
import { findMoment, wallClock } from "#/lib/wall-clock.ts";

/** The times at which something repeats: a cron expression of five fields in an IANA time zone. */
export interface Recurrence {
  readonly cron: string;
  readonly timezone: string;
}

export interface RecurrenceProblem {
  readonly field: "cron" | "timezone";
  readonly message: string;
}

const CRON_HELP =
  "Use five fields: minute, hour, day of month, month, day of week. For example “0 9 * * 1-5” is 9:00 on working days.";
const TIMEZONE_HELP = "Use an IANA name such as “Europe/Berlin” or “UTC”.";

/** Returns what is wrong with a recurrence, with an example of how it should be; undefined if nothing is. */
export function recurrenceProblem({ cron, timezone }: Recurrence): RecurrenceProblem | undefined {
  if (!isTimeZone(timezone))
    return { field: "timezone", message: `“${timezone}” is not a time zone. ${TIMEZONE_HELP}` };
  try {
    const next = open({ cron, timezone }).nextRun();
    return next ? undefined : { field: "cron", message: `“${cron}” never comes. ${CRON_HELP}` };
  } catch {
    return { field: "cron", message: `“${cron}” is not a cron expression. ${CRON_HELP}` };
  }
}

/**
 * The first time strictly after a moment. Times that a clock change skips fire once, right after it; times that it repeats fire the first time.
 * What comes every hour goes by what really passes: no hour is left out, none is added.
 * @throws for a recurrence that has a problem
 */
export function nextFire(recurrence: Recurrence, after: Date): Date {
  const next = isHourly(recurrence) ? open(recurrence).nextRun(after) : nextFixed(recurrence, after);
  if (!next) throw new Error(`The schedule “${recurrence.cron}” (${recurrence.timezone}) has no next time.`);
  return next;
}

/** The next times, for showing what an expression means. */
export function nextFires(recurrence: Recurrence, after: Date, count: number): readonly Date[] {
  const times: Date[] = [];
  for (let last = after; times.length < count;) {
    last = nextFire(recurrence, last);
    times.push(last);
  }
  return times;
}

function open({ cron, timezone }: Recurrence): Cron {
  return new Cron(cron, { timezone, mode: "5-part", paused: true });
}

const EVERY_HOUR = /^(?:\*(?:\/1)?|0-23)$/;
const isHourly = ({ cron }: Recurrence): boolean => EVERY_HOUR.test(cron.trim().split(/\s+/)[1] ?? "");

/** Walks through what the clock on the wall shows, which knows no clock changes, and asks when it shows that. Croner itself loses all times of a gap but a single one. */
function nextFixed({ cron, timezone }: Recurrence, after: Date): Date | undefined {
  const walls = open({ cron, timezone: "UTC" });
  let wall = walls.nextRun(wallClock(after, timezone));
  while (wall) {
    const moment = findMoment(wall, timezone);
    if (moment > after) return moment;
    wall = walls.nextRun(wall);
  }
  return undefined;
}

/** Returns whether a time zone is known by this name, such as Europe/Berlin. */
export function isTimeZone(name: string): boolean {
  try {
    // Offsets such as +02:00 are accepted by Intl too, but know nothing of summer time.
    return (
      /^[A-Za-z]/.test(name) &&
      new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== ""
    );
  } catch {
    return false;
  }
}
