import { setTimeout as sleep } from "node:timers/promises";

interface Store {
  readonly url: string;
  readonly token: string;
}

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;

/**
 * Calls `onMessage` for what is published on a channel, and once whenever listening begins, also again after a lost connection.
 * Messages can be missed. (The client's own `subscribe` says nothing when its connection ends, and does not come back.)
 * @returns the way to stop
 */
export function listen(store: Store, channel: string, onMessage: () => void): () => void {
  const stopped = new AbortController();
  void keepListening({ store, channel, signal: stopped.signal }, onMessage);
  return () => stopped.abort();
}

interface Listening {
  readonly store: Store;
  readonly channel: string;
  readonly signal: AbortSignal;
}

async function keepListening(listening: Listening, onMessage: () => void): Promise<void> {
  const { signal } = listening;
  let pauseMs = FIRST_PAUSE_MS;
  while (!signal.aborted) {
    const wasHeard = await listenOnce(listening, onMessage);
    pauseMs = wasHeard ? FIRST_PAUSE_MS : Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
  }
}

/** @returns whether the store listened to us at all */
async function listenOnce(
  { store: { url, token }, channel, signal }: Listening,
  onMessage: () => void,
): Promise<boolean> {
  let wasHeard = false;
  try {
    const headers = { authorization: `Bearer ${token}`, accept: "text/event-stream" };
    const response = await fetch(`${url}/subscribe/${encodeURIComponent(channel)}`, {
      method: "POST",
      headers,
      signal,
    });
    wasHeard = response.ok;
    // One piece may hold several messages: they all say the same, namely that it is time to look.
    for await (const _ of (response.ok && response.body) || []) onMessage();
  } catch {
    // The store is away, or nobody listens any more.
  }
  return wasHeard;
}
