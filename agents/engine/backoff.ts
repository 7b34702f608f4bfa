const LONGEST_MS = 15 * 60_000;

/**
 * Delay before the next try, exponential with jitter (half of it is fixed, half is spread, so that runs which failed together
 * do not come back together).
 * @param attempt the try that has just failed, from 1
 * @param spread a number in [0, 1), given by the caller because the engine has no randomness
 */
export function backoffMs(attempt: number, firstMs: number, spread: number): number {
  const full = Math.min(firstMs * 2 ** (attempt - 1), LONGEST_MS);
  return Math.round(full / 2 + (full / 2) * spread);
}
