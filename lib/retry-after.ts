/** How long a Retry-After header asks to wait: seconds, or the moment as an HTTP date (RFC 9110, 10.2.3). Undefined without one, and where that moment is over. */
export function retryAfterMs(header: string | undefined, now: number): number | undefined {
  const text = header?.trim() ?? "";
  const waitMs = /^[\d.]+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isFinite(waitMs) && waitMs > 0 ? waitMs : undefined;
}
