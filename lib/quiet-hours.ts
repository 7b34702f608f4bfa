import { wallClock } from "#/lib/wall-clock.ts";

/** Hours of each day in which somebody wants to hear nothing, by the clock where they are. */
export interface QuietHours {
  /** In minutes since midnight. */
  readonly from: number;
  /** In minutes since midnight; before `from` it is that of the next day. */
  readonly to: number;
  readonly timeZone: string;
}

/** Returns whether it is quiet at a moment. The first minute belongs to the quiet hours, the last does not. */
export function isQuiet({ from, to, timeZone }: QuietHours, now: number): boolean {
  const clock = wallClock(new Date(now), timeZone);
  const minute = clock.getUTCHours() * 60 + clock.getUTCMinutes();
  return from < to ? minute >= from && minute < to : minute >= from || minute < to;
}
