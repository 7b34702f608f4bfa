/** A cancel reaches a model call under way within this time; a step that is done earlier asks nobody. */
const EVERY_MS = 2000;

export interface HoldWatch {
  /** Aborted when the run is no longer ours. */
  readonly lost: AbortSignal;
  readonly stop: () => void;
}

/**
 * Asks now and then, while an invocation is at work, whether it still holds its run. Whoever has lost it stops paying for what nobody will use.
 * A question that gets no answer changes nothing: the commit is fenced anyway.
 */
export function watchHold(holds: () => Promise<boolean>, everyMs = EVERY_MS): HoldWatch {
  const lost = new AbortController();
  let isAsking = false;
  const ask = async () => {
    if (isAsking) return;
    isAsking = true;
    const isOurs = await holds().catch(() => true);
    isAsking = false;
    if (!isOurs) lost.abort(new DOMException("The run was cancelled or is in other hands.", "AbortError"));
  };
  const timer = setInterval(() => void ask(), everyMs);
  timer.unref();
  return { lost: lost.signal, stop: () => clearInterval(timer) };
}
