import { findApiKey } from "#/db/api-keys.ts";
import { database } from "#/db/client.ts";
import { rememberKeys } from "#/lib/auth/key-memory.ts";

/** The API keys that callers have shown lately, so that a call need not look its key up. */
export const knownKeys = rememberKeys((hash) => findApiKey(database(), hash));
