import { formatDuration } from "#/app/_ui/format.ts";
import { pressureOf } from "./inbox-items.ts";

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const weekday = new Intl.DateTimeFormat("en-GB", { weekday: "short" });
const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
const WEEK_MS = 6 * 24 * 3_600_000;

/** Writes a moment's time of day where the reader is: 18:00. */
export const writeClock = (at: string): string => clock.format(new Date(at));

/**
 * Writes a deadline as a list of them is read, where the reader is: "2 h late", "1 h 52 min" while it presses, else "today 18:00", "Tue" within the week,
 * and "12 Dec" beyond.
 */
export function writeDue(dueAt: string, now: number): string {
  const due = new Date(dueAt);
  const inMs = due.getTime() - now;
  const pressure = pressureOf(dueAt, now);
  if (pressure === "late") return `${formatDuration(-inMs).split(" ").slice(0, 2).join(" ")} late`;
  if (pressure === "soon") return formatDuration(inMs);
  if (due.toDateString() === new Date(now).toDateString()) return `today ${writeClock(dueAt)}`;
  return (inMs < WEEK_MS ? weekday : day).format(due);
}
