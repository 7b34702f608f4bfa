import * as v from "valibot";
import { Records } from "#/local/qstash/records.ts";
import type { Store } from "#/local/qstash/store.ts";

const Queue = v.object({
  name: v.string(),
  parallelism: v.number(),
  paused: v.boolean(),
  createdAt: v.number(),
  updatedAt: v.number(),
});
const UrlGroup = v.object({
  name: v.string(),
  createdAt: v.number(),
  updatedAt: v.number(),
  endpoints: v.array(v.object({ name: v.optional(v.string()), url: v.string() })),
});
/** An operator's setting for a flow-control key; it wins over what messages ask for. */
const Pin = v.object({
  key: v.string(),
  paused: v.optional(v.boolean(), false),
  parallelism: v.optional(v.number()),
  rate: v.optional(v.number()),
  periodMs: v.optional(v.number()),
});

export type Queue = v.InferOutput<typeof Queue>;
export type UrlGroup = v.InferOutput<typeof UrlGroup>;
export type Pin = v.InferOutput<typeof Pin>;

/** The settings that operators configure, kept across restarts. */
export class Settings {
  readonly queues: Records<Queue>;
  readonly urlGroups: Records<UrlGroup>;
  readonly pins: Records<Pin>;

  constructor(store: Store) {
    this.queues = new Records(store, "queue", Queue);
    this.urlGroups = new Records(store, "url-group", UrlGroup);
    this.pins = new Records(store, "pin", Pin);
  }

  saveQueue(name: string, change: Partial<Pick<Queue, "parallelism" | "paused">>): Queue {
    const now = Date.now();
    const { parallelism = 1, paused = false, createdAt = now } = this.queues.get(name) ?? {};
    return this.queues.set(name, { name, parallelism, paused, createdAt, ...change, updatedAt: now });
  }

  savePin(key: string, change: Partial<Omit<Pin, "key">>): Pin {
    return this.pins.set(key, { ...(this.pins.get(key) ?? { key, paused: false }), ...change });
  }
}
