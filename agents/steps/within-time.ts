/** For work that has been told to stop: it may say what it leaves behind, such as a write without an answer. */
const GRACE_MS = 1000;

/**
 * Runs work for so long at most, or until `stop`. The signal tells it to stop; the caller continues a moment later even when it does not listen.
 * @throws DOMException "TimeoutError" when the time is over; the reason of `stop`
 */
export async function withinTime<T>(
  limitMs: number,
  work: (signal: AbortSignal) => Promise<T>,
  stop?: AbortSignal,
): Promise<T> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let onStop: (() => void) | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    const end = (reason: unknown) => {
      clearTimeout(timer);
      controller.abort(reason);
      timer = setTimeout(() => reject(reason), GRACE_MS);
    };
    timer = setTimeout(
      () => end(new DOMException(`It took longer than ${limitMs} ms.`, "TimeoutError")),
      limitMs,
    );
    onStop = () => end(stop?.reason);
    stop?.addEventListener("abort", onStop, { once: true });
  });
  try {
    stop?.throwIfAborted();
    return await Promise.race([work(controller.signal), tooLate]);
  } finally {
    clearTimeout(timer);
    if (onStop) stop?.removeEventListener("abort", onStop);
  }
}

/** Chooses the shorter of two limits; undefined where there is neither. */
export function chooseShorter(...limitsMs: readonly (number | undefined)[]): number | undefined {
  const shortest = Math.min(...limitsMs.map((limitMs) => limitMs ?? Infinity));
  return Number.isFinite(shortest) ? shortest : undefined;
}
