import * as v from "valibot";
import { defineTool } from "#/agents/tools/builtin/define-tool.ts";
import { LARGEST_VALUE, LONGEST_KEY, LONGEST_NAMESPACE } from "#/agents/tools/store-port.ts";

const name = (most: number, what: string) =>
  v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(most), v.description(what));
const place = {
  namespace: name(LONGEST_NAMESPACE, "Where, such as customers"),
  key: name(LONGEST_KEY, "Under which name"),
};
const LONGEST_TTL_S = 31_536_000;

/** Reads a value that a run has kept. */
export const storeGet = defineTool({
  name: "store_get",
  description:
    "Read a value that was kept with store_put, by this run or another of the workspace. Gives null where there is none.",
  input: v.object(place),
  effect: "read",
  capabilities: ["private"],
  run: ({ namespace, key }, { store }) => store.get(namespace, key),
});

/** Keeps a value for other runs. */
export const storePut = defineTool({
  name: "store_put",
  description:
    "Keep a JSON value for later runs of the workspace. With revision it replaces only the value of that revision (0: only where there is none).",
  input: v.object({
    ...place,
    value: v.pipe(
      v.unknown(),
      v.check(
        (value) => JSON.stringify(value ?? null).length <= LARGEST_VALUE,
        `has at most ${LARGEST_VALUE} characters as JSON`,
      ),
      v.description("The value"),
    ),
    revision: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER))),
    ttlSeconds: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(LONGEST_TTL_S))),
  }),
  effect: "idempotent",
  capabilities: [],
  run: ({ namespace, key, ...entry }, { store, runId, idempotencyKey }) =>
    store.put(namespace, key, {
      ...entry,
      value: entry.value ?? null,
      writer: runId === undefined ? undefined : idempotencyKey,
    }),
});

/** Takes a kept value away. */
export const storeDelete = defineTool({
  name: "store_delete",
  description: "Delete a value that was kept with store_put.",
  input: v.object(place),
  effect: "idempotent",
  capabilities: [],
  run: async ({ namespace, key }, { store }) => ({ deleted: await store.delete(namespace, key) }),
});

/** Lists what is kept. */
export const storeList = defineTool({
  name: "store_list",
  description:
    "List the values of a namespace, by their keys; only those that begin with prefix, if it is given.",
  input: v.object({
    namespace: place.namespace,
    prefix: v.optional(v.pipe(v.string(), v.maxLength(500)), ""),
    limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(200)), 50),
  }),
  effect: "read",
  capabilities: ["private"],
  run: async ({ namespace, prefix, limit }, { store }) => ({
    entries: await store.list(namespace, { prefix, limit }),
  }),
});
