const LONGEST_YEARS = 5;

/** Reads when a new key is to end, in epoch milliseconds: NaN for a day that no calendar has; null: never. */
export function readExpiry(text: string | null): number | null {
  if (text === null) return null;
  const day = text.slice(0, 10);
  const isInCalendar = new Date(Date.parse(day) || 0).toISOString().startsWith(day);
  return isInCalendar ? Date.parse(text) : Number.NaN;
}

/** The last moment at which a key that is made now may end. */
export function latestExpiry(now: number): number {
  const latest = new Date(now);
  latest.setUTCFullYear(latest.getUTCFullYear() + LONGEST_YEARS);
  return latest.getTime();
}

interface ExpiryBounds {
  readonly now: number;
  /** When the key ends that makes the new one, which must not outlive it; null: it does not, or a person makes it. */
  readonly makerExpiresAt: number | null;
}

/** Says what is wrong with the end of a new key; undefined: nothing. */
export function explainExpiry(
  expiresAt: number | null,
  { now, makerExpiresAt }: ExpiryBounds,
): string | undefined {
  if (Number.isNaN(expiresAt)) return "must be a moment, such as 2027-01-31T09:00:00Z";
  if (makerExpiresAt !== null && (expiresAt ?? Infinity) > makerExpiresAt)
    return `must be at ${new Date(makerExpiresAt).toISOString()} or before, when the key that makes it ends`;
  if (expiresAt === null) return undefined;
  if (expiresAt <= now) return "must be in the future";
  return expiresAt > latestExpiry(now) ? `must be within ${LONGEST_YEARS} years` : undefined;
}
