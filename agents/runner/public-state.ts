import type { BlobRow } from "#/agents/langgraph/checkpoint/store.ts";
import { parseStateKey } from "#/agents/steps/node.ts";

/** The public state of a run as its newest checkpoint has it. Only channels that changed are read anew. */
export class PublicState {
  readonly #seen = new Map<string, BlobRow>();
  #state: Readonly<Record<string, unknown>>;
  #isNew = true;

  /** @param initial every key is there, with its value before anything was saved */
  constructor(initial: Readonly<Record<string, unknown>>) {
    this.#state = initial;
  }

  get current(): Readonly<Record<string, unknown>> {
    return this.#state;
  }

  /** Takes a checkpoint's channels in. @returns whether the state is another one than at the last call; the first one always is */
  update(blobs: Iterable<BlobRow>): boolean {
    const changed: Record<string, unknown> = {};
    let isChanged = this.#isNew;
    for (const blob of blobs) {
      const key = parseStateKey(blob.channel);
      if (key === undefined || this.#seen.get(key) === blob) continue;
      this.#seen.set(key, blob);
      if (blob.value === null) continue;
      changed[key] = JSON.parse(blob.value);
      isChanged = true;
    }
    if (isChanged) this.#state = { ...this.#state, ...changed };
    this.#isNew = false;
    return isChanged;
  }
}
