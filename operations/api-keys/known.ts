import { findApiKey } from "#/db/api-keys.ts";
import { database } from "#/db/client.ts";
import { rememberKeys } from "#/lib/auth/key-memory.ts";
import { metrics } from "#/lib/observe/metrics.ts";

const memory = rememberKeys((hash) => findApiKey(database(), hash));

/** The API keys that callers have shown lately, so that a call need not look its key up. */
export const knownKeys: typeof memory = {
  ...memory,
  find: (hash) => {
    metrics().observeCacheRead("key", memory.knows(hash) ? "process" : "database");
    return memory.find(hash);
  },
};
