import { setTimeout as sleep } from "node:timers/promises";
import { isEnded, type RunStatus } from "#/agents/vocabulary/run.ts";

const FIRST_LOOK_MS = 25;
const LONGEST_PAUSE_MS = 500;

/** Looks at a run until it has ended, less and less often. @returns undefined when it has not ended in time or the caller has left */
export async function waitForEnd<R extends { readonly status: RunStatus }>(
  look: () => Promise<R | undefined>,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<R | undefined> {
  const deadline = Date.now() + timeoutMs;
  for (let pauseMs = FIRST_LOOK_MS; !signal.aborted; pauseMs = Math.min(pauseMs * 1.5, LONGEST_PAUSE_MS)) {
    const left = deadline - Date.now();
    if (left <= 0) return undefined;
    await sleep(Math.min(pauseMs, left));
    const run = await look();
    if (run && isEnded(run.status)) return run;
  }
  return undefined;
}
