/** The invocation's process is gone: whatever it still does reaches nobody. */
export class ProcessDied extends Error {}
/** The database did not do it, or did it and the answer got lost. */
export class ConnectionLost extends Error {}

/** How likely things go wrong at each call of a port. */
export interface FaultRates {
  readonly death: number;
  readonly lostBefore: number;
  readonly lostAfter: number;
  /** The invocation stands still here until others have worked on the run. */
  readonly stall: number;
}

type Port = (...parameters: never[]) => Promise<unknown>;

interface Life {
  readonly random: () => number;
  readonly rates: FaultRates;
  readonly trace: (line: string) => void;
  /** Resolves when stalled invocations may go on. */
  readonly untilLater: () => Promise<void>;
}

/**
 * One invocation's hold on the world. At every call of a port, before and after it takes effect, the process may die, the connection may break,
 * or the process may stand still until its lease is long over.
 */
export class Invocation {
  readonly #life: Life;
  readonly #name: string;
  #isDead = false;

  constructor(name: string, life: Life) {
    this.#name = name;
    this.#life = life;
  }

  /** The port, as this invocation reaches it. @param isDatabase whether connections can break there */
  wrap<P extends Port>(point: string, port: P, isDatabase: boolean): P {
    const wrapped = async (...parameters: Parameters<P>) => {
      await this.#pass(`before ${point}`, isDatabase ? this.#life.rates.lostBefore : 0);
      const result = await port(...parameters);
      await this.#pass(`after ${point}`, isDatabase ? this.#life.rates.lostAfter : 0);
      return result;
    };
    // The wrapped port takes and gives what the port does.
    return wrapped as unknown as P;
  }

  async #pass(point: string, lossRate: number): Promise<void> {
    const { random, rates, trace, untilLater } = this.#life;
    if (this.#isDead) throw new ProcessDied(point);
    if (random() < rates.death) {
      this.#isDead = true;
      trace(`${this.#name} dies ${point}`);
      throw new ProcessDied(point);
    }
    if (random() < lossRate) {
      trace(`${this.#name} loses its connection ${point}`);
      throw new ConnectionLost(point);
    }
    if (random() < rates.stall) {
      trace(`${this.#name} stands still ${point}`);
      await untilLater();
      trace(`${this.#name} goes on ${point}`);
    }
  }
}
