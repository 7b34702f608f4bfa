import { setTimeout as sleep } from "node:timers/promises";

/** Waits until `look` sees something. @throws after ten seconds */
export async function eventually<T>(look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 400; tries += 1) {
    const seen = await look();
    if (seen !== undefined) return seen;
    await sleep(25);
  }
  throw new Error("It did not happen within 10 s.");
}
