import { pick } from "#/tests/support/simulation/luck.ts";

/** The invocation's process is gone: whatever it still does reaches nobody. */
class ProcessDied extends Error {}
/** The database did not do it, or did it and the answer got lost. */
class DatabaseFailed extends Error {}

/** Errors that come from infrastructure: the queue delivers the message again. */
export const isInfrastructure = (error: unknown) =>
  error instanceof ProcessDied || error instanceof DatabaseFailed || isBroken(error) || isOvertaken(error);

/** A claim that has read too early what became of a write: the message is delivered again, and the next claim knows. */
const isOvertaken = (error: unknown) =>
  error instanceof Error && error.message.includes("answered by an earlier holder");

/** What the driver says of a connection that was really ended from the other side. */
function isBroken(error: unknown): boolean {
  return (
    error instanceof Error &&
    (/connection|terminat|socket/i.test(error.message) ||
      ("code" in error && String(error.code).startsWith("57P")))
  );
}

/** How likely things go wrong at each call of a port. */
export interface FaultRates {
  readonly death: number;
  readonly databaseBefore: number;
  readonly databaseAfter: number;
  /** The invocation stands still here until others have worked on the run. */
  readonly stall: number;
}

/** Ways in which the database does nothing of what it was asked for. */
const REFUSALS = [
  "loses its connection",
  "meets a serialization failure (40001)",
  "finds no free connection (53300)",
] as const;

type Port = (...parameters: never[]) => Promise<unknown>;

interface Life {
  readonly random: () => number;
  readonly rates: FaultRates;
  readonly trace: (line: string) => void;
  /** Resolves when stalled invocations may continue. */
  readonly untilLater: () => Promise<void>;
}

/**
 * One invocation's hold on the world. At every call of a port, before and after it takes effect, the process may die, the database may fail,
 * or the process may stand still until its lease is long over.
 */
export class Invocation {
  readonly name: string;
  readonly #life: Life;
  #isDead = false;
  #isSpared = false;

  constructor(name: string, life: Life) {
    this.#life = life;
    this.name = name;
  }

  /** Nothing more happens to it. */
  spare(): void {
    this.#isSpared = true;
  }

  /** A port to the world outside, as this invocation reaches it. */
  outside<P extends Port>(point: string, port: P): P {
    return this.#wrap(point, port, { before: 0, after: 0 });
  }

  /** A port to the database. */
  database<P extends Port>(point: string, port: P): P {
    const { databaseBefore, databaseAfter } = this.#life.rates;
    return this.#wrap(point, port, { before: databaseBefore, after: databaseAfter });
  }

  #wrap<P extends Port>(
    point: string,
    port: P,
    failing: { readonly before: number; readonly after: number },
  ): P {
    const { random } = this.#life;
    const wrapped = async (...parameters: Parameters<P>) => {
      await this.#pass(`before ${point}`);
      if (this.#strikes(failing.before))
        throw this.#databaseFailed(`${pick(random, REFUSALS)} before ${point}`);
      const result = await port(...parameters);
      await this.#pass(`after ${point}`);
      if (this.#strikes(failing.after)) throw this.#databaseFailed(`loses its connection after ${point}`);
      return result;
    };
    // The wrapped port takes and gives what the port does.
    return wrapped as unknown as P;
  }

  /** Luck is drawn for whoever is spared too, so that all others have the same. */
  #strikes(rate: number): boolean {
    return this.#life.random() < rate && !this.#isSpared;
  }

  #databaseFailed(what: string): DatabaseFailed {
    this.#life.trace(`${this.name} ${what}`);
    return new DatabaseFailed(what);
  }

  async #pass(point: string): Promise<void> {
    const { rates, trace, untilLater } = this.#life;
    if (this.#isDead) throw new ProcessDied(point);
    if (this.#strikes(rates.death)) {
      this.#isDead = true;
      trace(`${this.name} dies ${point}`);
      throw new ProcessDied(point);
    }
    if (this.#strikes(rates.stall)) {
      trace(`${this.name} stands still ${point}`);
      await untilLater();
      trace(`${this.name} continues ${point}`);
    }
  }
}
