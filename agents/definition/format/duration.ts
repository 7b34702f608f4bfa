import * as v from "valibot";

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const FORM = /^\s*(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)\s*$/;

/** A duration of more than a hundred years is a slip, and no database has a time for its end. */
const LONGEST_DAYS = 36_500;
export const LONGEST_MS = LONGEST_DAYS * 86_400_000;

/** Milliseconds of "30s", "5m", "24h", "7d", or of a number of seconds. @throws RangeError for anything else */
export function parseDuration(duration: string | number): number {
  const ms = typeof duration === "number" ? duration * 1000 : parseMilliseconds(duration);
  if (ms >= 0 && ms <= LONGEST_MS) return Math.round(ms);
  throw new RangeError(`“${duration}” is not a duration. ${adviceFor(duration)}`);
}

export function isDuration(duration: string): boolean {
  return parseMilliseconds(duration) <= LONGEST_MS;
}

/** NaN for a text that is no duration. */
function parseMilliseconds(text: string): number {
  const match = FORM.exec(text);
  return match ? Number(match[1]) * (UNITS[match[2] ?? ""] ?? 0) : Number.NaN;
}

/** Returns what to write instead: a number in a text has no unit, and nobody can know which was meant. */
export function adviceFor(duration: unknown): string {
  if (typeof duration === "string" && /^\s*\d+(\.\d+)?\s*$/.test(duration))
    return `Give it a unit: ${duration.trim()}s, ${duration.trim()}m, ${duration.trim()}h or ${duration.trim()}d.`;
  if (typeof duration === "string" && FORM.test(duration)) return `The longest is ${LONGEST_DAYS}d.`;
  return "Write 30s, 5m, 24h or 7d, or a number of seconds.";
}

/** Returns the milliseconds that a run of this definition may take, waiting included; undefined: for ever. */
export function readRunTimeout(definition: unknown): number | undefined {
  return v.is(Limited, definition) ? parseDuration(definition.limits.timeout) : undefined;
}

const Limited = v.object({ limits: v.object({ timeout: v.string() }) });
