import { STORED_KINDS } from "#/agents/vocabulary/storage.ts";
import * as v from "valibot";
import { Retention } from "#/agents/engine/retention.ts";
import { defineContract } from "#/lib/http/contract.ts";
import { Timestamp } from "#/lib/http/wire.ts";

const StoredAmount = v.object({
  kind: v.picklist(STORED_KINDS),
  rows: v.number(),
  /** Before compression, indexes aside. */
  bytes: v.number(),
  oldest: v.nullable(Timestamp),
  /** The first day on which some of it goes. */
  nextExpiry: v.nullable(v.pipe(v.string(), v.isoDate())),
});

export const Storage = v.object({
  kinds: v.array(StoredAmount),
  /** Days that each kind is kept. `failed` is for everything of runs that failed. */
  retention: Retention,
});
export type Storage = v.InferOutput<typeof Storage>;

export const ChangeStorage = v.strictObject({ retention: v.partial(Retention) });
export type ChangeStorage = v.InferInput<typeof ChangeStorage>;

export const getStorageContract = defineContract({
  method: "GET",
  path: "/api/v1/storage",
  summary: "What the workspace stores, by kind, and for how long.",
  access: "runs:read",
  responses: { 200: { description: "Rows and bytes of each kind.", body: Storage } },
});

export const changeStorageContract = defineContract({
  method: "PATCH",
  path: "/api/v1/storage",
  summary: "Change for how many days things are kept. It counts for what is stored afterwards.",
  access: "settings:write",
  body: ChangeStorage,
  audit: "storage.changed",
  responses: { 200: { description: "As it is now.", body: Storage } },
});
