interface MemoryOptions {
  readonly keptMs: number;
  /** A process lives long, and what it is asked about comes and goes. */
  readonly most: number;
  readonly clock?: { readonly now: () => number };
}

/** Keeps values by name for some time, and never more than so many of them. */
export class Memory<T> {
  readonly #kept = new Map<string, { readonly value: T; readonly until: number }>();
  readonly #options: MemoryOptions;

  constructor(options: MemoryOptions) {
    this.#options = options;
  }

  get(name: string): T | undefined {
    const known = this.#kept.get(name);
    return known && this.#now() < known.until ? known.value : undefined;
  }

  set(name: string, value: T): void {
    if (this.#kept.size >= this.#options.most) this.#kept.clear();
    this.#kept.set(name, { value, until: this.#now() + this.#options.keptMs });
  }

  delete(name: string): void {
    this.#kept.delete(name);
  }

  entries(): readonly (readonly [name: string, value: T])[] {
    return [...this.#kept].map(([name, { value }]) => [name, value]);
  }

  #now(): number {
    return (this.#options.clock ?? Date).now();
  }
}
