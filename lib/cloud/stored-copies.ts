import { randomUUID } from "node:crypto";
import type { VercelKV } from "@vercel/kv";
import * as v from "valibot";
import { KEPT, type Keepable, nameOf } from "#/lib/cloud/kept.ts";

/** Whose it is, and of which state of the workspace, so that neither another's nor an outdated one is taken for it. */
const Stored = v.object({ of: v.string(), revision: v.string(), at: v.number(), value: v.unknown() });
const Answer = v.tuple([v.nullable(v.string()), v.nullable(Stored)]);

/** Longer texts cost KV more than they spare the database. */
const LONGEST = 64 * 1024;
/** Longer than anything is kept: without its revision a workspace has nothing here. */
const REVISION_KEPT_MS = 24 * 3_600_000;
/** A store that did not answer is not asked again for this long: each question would hold up a start. */
const REST_MS = 5_000;
/** Clocks of processes differ. */
const SKEW_MS = 2_000;

export interface StoreOptions {
  readonly store: VercelKV;
  readonly warn: (message: string, cause: unknown) => void;
  readonly clock: { readonly now: () => number };
}

interface Asked<T> {
  /** The state that the workspace is in; undefined when nobody can tell. */
  readonly revision?: string;
  readonly value?: T;
}

const revisionKey = (workspaceId: string) => `kept:${workspaceId}`;
const keyOf = (thing: Keepable<unknown>) => `kept:${nameOf(thing)}`;

/** Copies in KV, which belong to all processes. A workspace has a revision, which every change renews: what was kept under another one is over. Nothing here throws. */
export class StoredCopies {
  readonly #options: StoreOptions;
  #restUntil = 0;

  constructor(options: StoreOptions) {
    this.#options = options;
  }

  async ask<T>(thing: Keepable<T>): Promise<Asked<T>> {
    const { store, clock } = this.#options;
    if (clock.now() < this.#restUntil) return {};
    try {
      const found = v.parse(Answer, await store.mget([revisionKey(thing.workspaceId), keyOf(thing)]));
      const [revision, stored] = [found[0] ?? "", found[1]];
      const value = readStored(thing, { revision, stored, now: clock.now() });
      return { revision, ...(value !== undefined && { value }) };
    } catch (error) {
      this.#fail("What is kept in KV cannot be read; the database is asked.", error);
      return {};
    }
  }

  /** @param revision the state of the workspace before the value was read */
  keep(thing: Keepable<unknown>, value: unknown, revision: string): void {
    const { store, clock } = this.#options;
    const text = JSON.stringify({ of: nameOf(thing), revision, at: clock.now(), value });
    if (text.length > LONGEST || clock.now() < this.#restUntil) return;
    store
      .set(keyOf(thing), text, { px: KEPT[thing.kept].inStoreMs })
      .catch((error: unknown) => this.#fail("Nothing can be kept in KV.", error));
  }

  async forget(workspaceId: string): Promise<void> {
    try {
      await this.#options.store.set(revisionKey(workspaceId), randomUUID(), { px: REVISION_KEPT_MS });
    } catch (error) {
      this.#fail("Other processes do not learn of a change before what they keep is over.", error);
    }
  }

  #fail(message: string, cause: unknown): void {
    const { warn, clock } = this.#options;
    this.#restUntil = clock.now() + REST_MS;
    warn(message, cause);
  }
}

interface Found {
  readonly revision: string;
  readonly stored: v.InferOutput<typeof Stored> | null;
  readonly now: number;
}

/** Returns what is stored if it is this thing, of this state of the workspace, young enough and of its shape. */
function readStored<T>(thing: Keepable<T>, { revision, stored, now }: Found): T | undefined {
  if (!thing.shape || stored?.of !== nameOf(thing) || stored.revision !== revision) return undefined;
  const ageMs = now - stored.at;
  if (ageMs < -SKEW_MS || ageMs >= KEPT[thing.kept].inStoreMs) return undefined;
  const parsed = v.safeParse(thing.shape, stored.value);
  return parsed.success ? parsed.output : undefined;
}
