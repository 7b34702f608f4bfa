/** No server is waited for longer, whatever it asks: what it says must stay a moment that a database can hold. */
const LONGEST_MS = 24 * 60 * 60_000;

/**
 * Reads how long a Retry-After header asks to wait, in whole milliseconds and at most a day: seconds, or the moment as an HTTP date (RFC 9110, 10.2.3).
 * Undefined without one, and where that moment is over.
 */
export function retryAfterMs(header: string | undefined, now: number): number | undefined {
  const text = header?.trim() ?? "";
  const waitMs = /^[\d.]+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return waitMs > 0 ? Math.ceil(Math.min(waitMs, LONGEST_MS)) : undefined;
}
