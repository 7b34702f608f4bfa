import { setTimeout as sleep } from "node:timers/promises";
import { Parking } from "#/agents/steps/parking.ts";
import type { Pace, Task } from "#/agents/steps/task.ts";

/** The longest time that a waiting request may hold up what is beside its task. */
const LONGEST_SLEEP_MS = 1500;

/**
 * Waits until a request to a model may be made: a moment in place, longer parked, so that no process is held.
 * @param own the pace of who asks, beside the run's
 * @throws Parking
 */
export async function keepPace(
  { pace, step, signal }: Task,
  key: string,
  own: Pace | undefined,
): Promise<void> {
  const paces = own ? [...pace.limits, own] : pace.limits;
  if (paces.length === 0) return;
  for (let waitMs = await pace.take(key, paces); waitMs > 0; waitMs = await pace.take(key, paces)) {
    if (waitMs > LONGEST_SLEEP_MS) throw new Parking({ kind: "timer", step, dueInMs: waitMs }, { paces });
    await sleep(waitMs, undefined, { signal });
  }
}
