/** Looks up what clocks on the wall show. A wall time is a Date whose UTC fields are what the clock shows. */

const HOUR_MS = 3_600_000;
/** Further than any zone is from UTC, and than any clock change has gone (Samoa skipped a day). */
const FURTHEST_MS = 26 * HOUR_MS;

const formats = new Map<string, Intl.DateTimeFormat>();

function findFormat(timezone: string): Intl.DateTimeFormat {
  const known = formats.get(timezone);
  if (known) return known;
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: timezone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  formats.set(timezone, format);
  return format;
}

/** Reads what the clock shows at a moment, to the second. */
export function wallClock(moment: Date, timezone: string): Date {
  const shown = new Map(
    findFormat(timezone)
      .formatToParts(moment)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes) => shown.get(type) ?? 0;
  return new Date(
    Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second")),
  );
}

/** Finds the moment at which the clock shows a wall time: the first time where it is shown twice; right after the gap where it is never shown. */
export function findMoment(wall: Date, timezone: string): Date {
  const before = new Date(wall.getTime() - FURTHEST_MS);
  const after = new Date(wall.getTime() + FURTHEST_MS);
  const candidates = [before, after].map((near) => new Date(wall.getTime() - offsetMs(near, timezone)));
  const shown = candidates.filter((moment) => wallClock(moment, timezone).getTime() === wall.getTime());
  if (shown.length === 0) return endOfGap(before, after, timezone);
  return new Date(Math.min(...shown.map((moment) => moment.getTime())));
}

function offsetMs(moment: Date, timezone: string): number {
  const whole = Math.floor(moment.getTime() / 1_000) * 1_000;
  return wallClock(moment, timezone).getTime() - whole;
}

/** The first second with the offset that holds at `after`; at `before` another one holds. */
function endOfGap(before: Date, after: Date, timezone: string): Date {
  const next = offsetMs(after, timezone);
  let [low, high] = [Math.floor(before.getTime() / 1_000), Math.floor(after.getTime() / 1_000)];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetMs(new Date(middle * 1_000), timezone) === next) high = middle;
    else low = middle;
  }
  return new Date(high * 1_000);
}
