import { isEnded } from "#/agents/vocabulary/run.ts";

/** The database's answer when an invocation asked for a run. */
export type ClaimAnswer<Held> =
  | ({ readonly claimed: true; readonly crashes: number } & Held)
  | { readonly claimed: false; readonly status: string; readonly leased: boolean; readonly dueInMs: number };

export type ClaimDecision =
  | { readonly kind: "advance" }
  /** Paused, waiting, or held by a live invocation: this wake-up is stale or double. */
  | { readonly kind: "acknowledge" }
  /** Ended: whoever has ended it sends such a wake-up when a server may still work for it. */
  | { readonly kind: "end-remote-tasks" }
  | { readonly kind: "come-back"; readonly afterS: number }
  | { readonly kind: "give-up" };

const READY = new Set(["queued", "running", "retrying"]);

/** A superstep that killed its process this often never reaches a catch; only the claim can end it. */
export const CRASH_LIMIT = 10;

/**
 * Decides what to do with a wake-up. Never an answer that spends the message's retries on somebody else's lease: the sweeper covers a
 * dead holder, and an acknowledged duplicate loses nothing because the holder wakes its own successor.
 */
export function decideClaim(answer: ClaimAnswer<unknown> | null): ClaimDecision {
  if (answer === null) return { kind: "acknowledge" };
  if (answer.claimed) return answer.crashes >= CRASH_LIMIT ? { kind: "give-up" } : { kind: "advance" };
  if (isEnded(answer.status)) return { kind: "end-remote-tasks" };
  const early = READY.has(answer.status) && !answer.leased && answer.dueInMs > 0;
  return early ? { kind: "come-back", afterS: Math.ceil(answer.dueInMs / 1000) } : { kind: "acknowledge" };
}
