import * as v from "valibot";

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const FORM = /^\s*(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)\s*$/;

/** Milliseconds of "30s", "5m", "24h", "7d", or of a number of seconds. @throws RangeError for anything else */
export function parseDuration(duration: string | number): number {
  if (typeof duration === "number" && Number.isFinite(duration) && duration >= 0) return Math.round(duration * 1000);
  const match = FORM.exec(String(duration));
  if (!match) throw new RangeError(`“${duration}” is not a duration. Write 30s, 5m, 24h or 7d, or a number of seconds.`);
  return Math.round(Number(match[1]) * (UNITS[match[2] ?? ""] ?? 0));
}

export function isDuration(duration: string): boolean {
  return FORM.test(duration);
}

/** How long a run of this definition may take, waiting included, in milliseconds; undefined: for ever. */
export function runTimeoutOf(definition: unknown): number | undefined {
  return v.is(Limited, definition) ? parseDuration(definition.limits.timeout) : undefined;
}

const Limited = v.object({ limits: v.object({ timeout: v.string() }) });
