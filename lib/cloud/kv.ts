import { createClient, type VercelKV } from "@vercel/kv";
import { env } from "#/lib/env.ts";

/** A request that hangs is given up: everything kept here can be missed for a moment. */
const REQUEST_TIMEOUT_MS = 5_000;

/** The client's own default is five retries, which holds a caller for 4.4 s (measured) when the store is away. */
const RETRY = { retries: 1, backoff: () => 50 };

/** A client for one Upstash-compatible store. Commands of one tick travel as one request. */
export function connectKv(
  store: { readonly url: string; readonly token: string },
  timeoutMs = REQUEST_TIMEOUT_MS,
): VercelKV {
  return createClient({ ...store, retry: RETRY, signal: () => AbortSignal.timeout(timeoutMs) });
}

let connected: VercelKV | undefined;

/** The store of this deployment, connected at first use. */
export function kv(): VercelKV {
  connected ??= connectKv(env().kv);
  return connected;
}
