/** Brings those who wait for a run's end together with the news of it, whichever comes first. */
export class Ends<Result> {
  readonly #waiting = new Map<string, (result: Result) => void>();
  readonly #early = new Map<string, Result>();

  /** Tells that a run has ended. */
  tell(runId: string, result: Result): void {
    const resolve = this.#waiting.get(runId);
    if (!resolve) this.#early.set(runId, result);
    this.#waiting.delete(runId);
    resolve?.(result);
  }

  /** Waits for the end of a run. */
  async of(runId: string): Promise<Result> {
    const early = this.#early.get(runId);
    this.#early.delete(runId);
    return early ?? new Promise((resolve) => void this.#waiting.set(runId, resolve));
  }
}
