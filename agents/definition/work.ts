/** Something would hold the process for longer than a tenant's definition, expression, template or schema may. It comes out the same at every try. */
export class TooMuchWork extends Error {
  override readonly name = "TooMuchWork";
  readonly code = "too-much-work";
  /** JSON pointer of what was at work, where that is known. */
  readonly path: string | undefined;

  constructor(message: string, path?: string) {
    super(message);
    this.path = path;
  }
}

/**
 * Work is counted and not timed, so that a slow machine says the same as a fast one. A unit is a step of an expression, the comparison of two
 * values, a key that is looked at: 20 to 100 ns. A million of them take 20 to 100 ms.
 */
export const WORK_AT_ONCE = 1_000_000;

let left = Number.POSITIVE_INFINITY;

/** Does something that may take so much work and no more. Inside other such work it shares what that has left. `act` must not wait for anything. */
export function withinWork<T>(units: number, act: () => T): T {
  if (left !== Number.POSITIVE_INFINITY) return act();
  left = units;
  try {
    return act();
  } finally {
    left = Number.POSITIVE_INFINITY;
  }
}

const TOO_MUCH = "This takes too much work: fewer or shorter lists, texts, expressions or patterns would do.";

/** @throws TooMuchWork when nothing is left, and from then on each time until the work is given up */
export function spendWork(units: number, tooMuch: string = TOO_MUCH): void {
  left -= units;
  if (left < 0) throw new TooMuchWork(tooMuch);
}

/** Says of work that is given up where it was. @throws TooMuchWork, and whatever `act` throws */
export function workAt<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw error instanceof TooMuchWork && error.path === undefined
      ? new TooMuchWork(error.message, path)
      : error;
  }
}

/** Returns whether half of the work is done: what is only nice to have (a suggestion, a list of names) is left out then. */
export const isRushed = (): boolean => left < WORK_AT_ONCE / 2;
