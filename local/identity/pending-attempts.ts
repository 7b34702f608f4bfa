/** Sign-ins and sign-ups under way. Kept in memory: after a restart people type their address again. */
export class PendingAttempts<Attempt extends { readonly id: string }> {
  static readonly #MOST = 500;
  readonly #attempts = new Map<string, Attempt>();

  get(id: string): Attempt | undefined {
    return this.#attempts.get(id);
  }

  /** The oldest makes room when there are too many. */
  put(attempt: Attempt): Attempt {
    this.#attempts.set(attempt.id, attempt);
    const [oldest] = this.#attempts.keys();
    if (this.#attempts.size > PendingAttempts.#MOST && oldest !== undefined) this.#attempts.delete(oldest);
    return attempt;
  }
}
