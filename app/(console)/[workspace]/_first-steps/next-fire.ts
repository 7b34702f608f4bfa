/** The next fire of a schedule is ahead, is due at this moment, or has not come although it should have. */
export type FireState = "ahead" | "due" | "late";

/** Schedules are looked at every minute. */
const LATE_MS = 3 * 60_000;

/** Judges the moment at which a schedule fires next, as it was read last. */
export function judgeFire(nextFireAt: string, now: number): FireState {
  const sinceMs = now - Date.parse(nextFireAt);
  if (sinceMs < 0) return "ahead";
  return sinceMs < LATE_MS ? "due" : "late";
}

interface Firing {
  readonly enabled: boolean;
  readonly nextFireAt: string;
}

/** Picks the schedule that fires first; undefined where none is switched on. */
export const pickNext = <Schedule extends Firing>(schedules: readonly Schedule[]): Schedule | undefined =>
  schedules
    .filter(({ enabled }) => enabled)
    .toSorted((a, b) => Date.parse(a.nextFireAt) - Date.parse(b.nextFireAt))[0];
