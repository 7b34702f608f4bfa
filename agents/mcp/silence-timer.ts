/** Ends an exchange when nothing has been heard for too long, or when somebody gives it up. */
export class SilenceTimer {
  readonly signal: AbortSignal;
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;

  constructor(silenceMs: number, givenUp: AbortSignal | undefined) {
    const { signal } = this.#controller;
    this.signal = givenUp === undefined ? signal : AbortSignal.any([givenUp, signal]);
    this.#timer = setTimeout(
      () =>
        this.#controller.abort(new DOMException(`Nothing was heard for ${silenceMs} ms.`, "TimeoutError")),
      silenceMs,
    );
  }

  /** Something was heard. */
  reset(): void {
    if (!this.#controller.signal.aborted) this.#timer.refresh();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
