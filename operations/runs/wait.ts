import { setTimeout as sleep } from "node:timers/promises";
import { isEnded, type RunStatus } from "#/agents/vocabulary/run.ts";

const FIRST_LOOK_MS = 25;
const LONGEST_PAUSE_MS = 500;

interface Patience {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Looks at a run until it has ended. @returns undefined when it has not ended in time or the caller has left */
export function waitForEnd<R extends { readonly status: RunStatus }>(
  look: () => Promise<R | undefined>,
  patience: Patience,
): Promise<R | undefined> {
  return waitUntil(look, ({ status }) => isEnded(status), patience);
}

/** Looks at something until it is as wanted, less and less often. @returns undefined when it is not in time or the caller has left */
export async function waitUntil<R>(
  look: () => Promise<R | undefined>,
  isReached: (seen: R) => boolean,
  { timeoutMs, signal }: Patience,
): Promise<R | undefined> {
  const deadline = Date.now() + timeoutMs;
  for (let pauseMs = FIRST_LOOK_MS; !signal.aborted; pauseMs = Math.min(pauseMs * 1.5, LONGEST_PAUSE_MS)) {
    const left = deadline - Date.now();
    if (left <= 0) return undefined;
    await sleep(Math.min(pauseMs, left));
    const seen = await look();
    if (seen !== undefined && isReached(seen)) return seen;
  }
  return undefined;
}
