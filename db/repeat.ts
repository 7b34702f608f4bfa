import { setTimeout as sleep } from "node:timers/promises";
import { sqlMeaning } from "#/lib/sql-state.ts";

const MOST_TRIES = 5;
/** A little longer each time, and not the same for two that have met: PostgreSQL ends one of them only. */
const pauseMs = (tries: number) => tries * (5 + Math.random() * 20);

/**
 * Runs a transaction again that PostgreSQL has ended because others were at the same rows (deadlock, serialization failure).
 * @param transaction the whole of it, and nothing besides: whatever it does elsewhere is done each time
 */
export async function repeatOnCollision<T>(transaction: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await transaction();
    } catch (error) {
      if (sqlMeaning(error) !== "collision" || tries === MOST_TRIES) throw error;
    }
    await sleep(pauseMs(tries));
  }
}
