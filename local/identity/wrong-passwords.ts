import { Refusal } from "#/local/identity/refusal.ts";

const MOST = 10;
const WINDOW_MS = 15 * 60_000;
/** So many people's mistakes are remembered; the oldest make room. */
const KEPT = 10_000;

interface Tries {
  readonly since: number;
  readonly count: number;
}

/** Counts wrong passwords of a person: after ten in a quarter of an hour nobody is asked for more until it is over. In memory: a restart forgives. */
export class WrongPasswords {
  readonly #byUser = new Map<string, Tries>();

  /** Counts one more. @throws Refusal when there were too many */
  takeTry(userId: string): void {
    const before = this.#current(userId);
    if (before.count >= MOST)
      throw new Refusal(403, "user_locked", {
        message: "There were too many wrong passwords. Try again in a quarter of an hour.",
        field: "password",
      });
    this.#byUser.delete(userId);
    this.#byUser.set(userId, { since: before.since, count: before.count + 1 });
    const [oldest] = this.#byUser.keys();
    if (this.#byUser.size > KEPT && oldest !== undefined) this.#byUser.delete(oldest);
  }

  forget(userId: string): void {
    this.#byUser.delete(userId);
  }

  #current(userId: string): Tries {
    const known = this.#byUser.get(userId);
    return known && Date.now() - known.since < WINDOW_MS ? known : { since: Date.now(), count: 0 };
  }
}
