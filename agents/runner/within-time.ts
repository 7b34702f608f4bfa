/** For work that has been told to stop: it may say what it leaves behind, such as a write without an answer. */
const GRACE_MS = 1000;

/**
 * Runs work for so long at most. The signal tells it to stop; the caller goes on even when it does not listen.
 * @throws DOMException "TimeoutError" when the time is over
 */
export async function withinTime<T>(limitMs: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const error = new DOMException(`It took longer than ${limitMs} ms.`, "TimeoutError");
      controller.abort(error);
      timer = setTimeout(() => reject(error), GRACE_MS);
    }, limitMs);
  });
  try {
    return await Promise.race([work(controller.signal), tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
