/** A cancel reaches a model call under way, and an answer a run at work, within this time; a step that is done earlier asks nobody. */
const EVERY_MS = 2000;

/** The state of a run under way: in these hands, with or without an answer that came meanwhile, or in others. */
export type Hold = "held" | "answered" | "lost";

export interface HoldWatch {
  /** Aborted when the run is no longer ours. */
  readonly lost: AbortSignal;
  /** Tells whether something that the run waits for has come since the invocation began. */
  readonly isAnswered: () => boolean;
  readonly stop: () => void;
}

/**
 * Asks now and then, while an invocation is at work, how its run stands. Whoever has lost it stops paying for what nobody will use; whoever learns of an answer
 * hands over at the next boundary, where it is taken in. A question that gets no answer changes nothing: the commit is fenced anyway.
 */
export function watchHold(look: () => Promise<Hold>, everyMs = EVERY_MS): HoldWatch {
  const lost = new AbortController();
  let isAsking = false;
  let isAnswered = false;
  const ask = async () => {
    if (isAsking) return;
    isAsking = true;
    const hold = await look().catch(() => "held" as const);
    isAsking = false;
    if (hold === "lost")
      lost.abort(new DOMException("The run was cancelled or is in other hands.", "AbortError"));
    else isAnswered ||= hold === "answered";
  };
  const timer = setInterval(() => void ask(), everyMs);
  timer.unref();
  return { lost: lost.signal, isAnswered: () => isAnswered, stop: () => clearInterval(timer) };
}
