/** setTimeout cannot wait longer than 2^31 - 1 ms, about 24 days; longer waits are made of several. */
const LONGEST_TIMER_MS = 2 ** 30;

/** Things to do at a later time, one per key. */
export class Agenda {
  private readonly timers = new Map<string, NodeJS.Timeout>();

  at(key: string, dueAt: number, run: () => void): void {
    this.cancel(key);
    const waitMs = dueAt - Date.now();
    const ring = () => {
      this.timers.delete(key);
      if (waitMs > LONGEST_TIMER_MS) this.at(key, dueAt, run);
      else run();
    };
    this.timers.set(key, setTimeout(ring, Math.min(Math.max(waitMs, 0), LONGEST_TIMER_MS)));
  }

  /** @returns whether there was something to cancel. */
  cancel(key: string): boolean {
    clearTimeout(this.timers.get(key));
    return this.timers.delete(key);
  }

  clear(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
  }
}
