import type { VercelKV } from "@vercel/kv";
import { isEnd, KEPT, type Keepable, type KeptName, nameOf } from "#/lib/cloud/kept.ts";
import { connectKv } from "#/lib/cloud/kv.ts";
import { StoredCopies } from "#/lib/cloud/stored-copies.ts";
import { env } from "#/lib/env.ts";
import { Memory } from "#/lib/memory.ts";
import { log } from "#/lib/observe/log.ts";
import { type CacheAnswer, metrics } from "#/lib/observe/metrics.ts";

interface Looked<T> {
  /** Undefined: it has to be read. */
  readonly value: T | undefined;
  /** Keeps what was read instead, unless something of the workspace has changed since. */
  readonly keep: (value: T) => void;
}

export interface Cache {
  /** Looks in the process, then in KV. Of one turn all questions to KV are one. Never throws. */
  readonly look: <T>(thing: Keepable<T>) => Promise<Looked<T>>;
  /** Returns the process's copy, or reads it. An absence is not kept. */
  readonly read: <T>(thing: Keepable<T>, load: () => Promise<T>) => Promise<T>;
  /** Forgets what is kept of a workspace, in this process at once and in KV for all. Never throws. */
  readonly forget: (workspaceId: string) => Promise<void>;
  /** Forgets it if this is what ends something kept. */
  readonly forgetAfter: (event: string, workspaceId: string) => Promise<void>;
}

interface CacheOptions {
  readonly store: VercelKV;
  readonly observe: (kept: KeptName, from: CacheAnswer) => void;
  readonly warn: (message: string, cause: unknown) => void;
  readonly clock?: Clock;
}

/** Keeps things in the process for a moment and in `store` until they change. */
export function createCache({ store, observe, warn, clock = Date }: CacheOptions): Cache {
  const here = new OwnCopies(clock);
  const stored = new StoredCopies({ store, warn, clock });
  const forget = async (workspaceId: string) => {
    here.forget(workspaceId);
    await stored.forget(workspaceId);
  };
  return {
    look: async (thing) => {
      const { value: known, keep } = here.recall(thing);
      if (known !== undefined) observe(thing.kept, "process");
      if (known !== undefined) return { value: known, keep };
      const { revision, value } = await stored.ask(thing);
      observe(thing.kept, value === undefined ? "database" : "store");
      if (value !== undefined) keep(value);
      return {
        value,
        keep: (read) => {
          keep(read);
          if (revision !== undefined) stored.keep(thing, read, revision);
        },
      };
    },
    read: async (thing, load) => {
      const { value: known, keep } = here.recall(thing);
      observe(thing.kept, known === undefined ? "database" : "process");
      if (known !== undefined) return known;
      const value = await load();
      if (value !== undefined) keep(value);
      return value;
    },
    forget,
    forgetAfter: async (event, workspaceId) => {
      if (isEnd(event)) await forget(workspaceId);
    },
  };
}

interface Clock {
  readonly now: () => number;
}

/** The process's own copies. */
class OwnCopies {
  readonly #copies: Readonly<Record<KeptName, Memory<unknown>>>;
  #changes = 0;

  constructor(clock: Clock) {
    this.#copies = {
      pace: memoryOf("pace", clock),
      version: memoryOf("version", clock),
      prices: memoryOf("prices", clock),
      workspace: memoryOf("workspace", clock),
    };
  }

  /** @returns the copy, and the way to keep another one: what was read while something changed is not kept */
  recall<T>(thing: Keepable<T>): Looked<T> {
    const [copies, name, seen] = [this.#copies[thing.kept], nameOf(thing), this.#changes];
    return {
      // What stands under a name was kept under it, as the same type.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      value: copies.get(name) as T | undefined,
      keep: (value) => {
        if (seen === this.#changes) copies.set(name, value);
      },
    };
  }

  forget(workspaceId: string): void {
    this.#changes += 1;
    for (const copies of Object.values(this.#copies))
      for (const [name] of copies.entries()) if (name.startsWith(`${workspaceId} `)) copies.delete(name);
  }
}

const memoryOf = (kept: KeptName, clock: Clock): Memory<unknown> =>
  new Memory({ keptMs: KEPT[kept].inProcessMs, most: KEPT[kept].mostInProcess, clock });

/** A start waits for it: a store that is slow is worse than the database. */
const TIMEOUT_MS = 300;

let opened: Cache | undefined;

/** The cache of this deployment. */
export function cache(): Cache {
  opened ??= createCache({
    store: connectKv(env().kv, TIMEOUT_MS),
    observe: (kept, from) => metrics().observeCacheRead(kept, from),
    warn: (message, cause) => log.warn({ err: cause }, message),
  });
  return opened;
}
