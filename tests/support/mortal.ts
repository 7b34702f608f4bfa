import type { RunStore } from "#/agents/runner/runner-ports.ts";

/** A process that may die at any of its questions to the database: nothing of it is heard from then on. */
export class Mortal {
  isDead = false;
  readonly #dies: () => boolean;

  constructor(dies: () => boolean) {
    this.#dies = dies;
  }

  check(): void {
    this.isDead ||= this.#dies();
    this.live();
  }

  live(): void {
    if (this.isDead) throw new Error("The process is gone.");
  }

  store(store: RunStore): RunStore {
    const around = new Proxy(store, {
      get: (target, name: keyof RunStore) => {
        const verb = target[name] as (...given: unknown[]) => Promise<unknown>;
        return async (...given: unknown[]) => {
          this.check();
          const answer = await verb(...given);
          this.check();
          return answer;
        };
      },
    });
    return around;
  }
}
