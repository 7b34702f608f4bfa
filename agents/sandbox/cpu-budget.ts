import { createContext, Script } from "node:vm";

const arena: { act: () => void } = { act: () => undefined };
createContext(arena);
const script = new Script("act()");

/** The watchdog bites this much later than the interpreter should have stopped by itself. */
const GRACE_MS = 50;

/** Thrown where the watchdog had to stop the work by force: whatever was at work is in no state to be used again. */
export class OutOfTime extends Error {}

/**
 * A time that synchronous work may take in all, over several turns of the event loop.
 *
 * Two limits, because one has holes. The interpreter asks `isSpent` at every loop and call, and stops in good order. But QuickJS does not
 * ask within its own loops: in `Array.prototype.indexOf.call({ length: 2 ** 53 - 1 }, 1)`, `reverse` of the same and `forEach` over an empty
 * array of 2³² it had not asked once when we stopped them a second late. So the work runs under the time limit of `node:vm`, whose watchdog thread ends WebAssembly too.
 */
export class CpuBudget {
  #leftMs: number;
  #endsAt = 0;

  constructor(totalMs: number) {
    this.#leftMs = totalMs;
  }

  isSpent(): boolean {
    return performance.now() >= this.#endsAt;
  }

  /** Gives a little more, to find out where the work was stopped. */
  extend(ms: number): void {
    this.#leftMs = Math.max(0, this.#leftMs) + ms;
  }

  /** @throws OutOfTime, and whatever `act` throws */
  spend<T>(act: () => T): T {
    let startedAt = performance.now();
    const done: { value: T }[] = [];
    arena.act = () => {
      // Starting the watchdog is not the work's time: code that waits for a hundred answers starts it two hundred times.
      startedAt = performance.now();
      this.#endsAt = startedAt + this.#leftMs;
      done.push({ value: act() });
    };
    try {
      script.runInContext(arena, { timeout: Math.ceil(Math.max(0, this.#leftMs)) + GRACE_MS });
    } catch (error) {
      throw isTimeout(error) ? new OutOfTime("stopped by force", { cause: error }) : error;
    } finally {
      this.#leftMs -= performance.now() - startedAt;
      arena.act = () => undefined;
    }
    const [result] = done;
    if (!result) throw new OutOfTime("stopped by force");
    return result.value;
  }
}

function isTimeout(error: unknown): boolean {
  return (
    typeof error === "object" &&
    error !== null &&
    "code" in error &&
    error.code === "ERR_SCRIPT_EXECUTION_TIMEOUT"
  );
}
