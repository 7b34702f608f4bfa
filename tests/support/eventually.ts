import { setTimeout as sleep } from "node:timers/promises";

/** What is waited for comes within a second on a quiet machine. */
const LONGEST_MS = 120_000;

/** Waits until `look` sees something. @throws after two minutes */
export async function eventually<T>(look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (const until = Date.now() + LONGEST_MS; Date.now() < until; await sleep(25)) {
    const seen = await look();
    if (seen !== undefined) return seen;
  }
  throw new Error(`It did not happen within ${LONGEST_MS / 1000} s.`);
}
