import { createClient } from "#/sdk/client/client.ts";
import { readRefusal } from "#/sdk/client/read-refusal.ts";

const signedOut = {
  title: "Signed out",
  detail: "Your session has ended. Reload the page to sign in again.",
};

/** The API, called as the signed-in person. */
export const { api, makeQuery, makePagedQuery } = createClient({ signedOut });

/**
 * Asks an address why it refuses a stream, for an EventSource does not tell; what it sends is not read.
 * @returns the reason in words; undefined where it does not refuse, or the server fails or cannot be reached
 */
export async function askForRefusal(address: string): Promise<string | undefined> {
  const stop = new AbortController();
  try {
    const answer = await fetch(address, { signal: stop.signal });
    return isRefused(answer) ? (await readRefusal(answer, signedOut)).message : undefined;
  } catch {
    return undefined;
  } finally {
    stop.abort();
  }
}

const isRefused = ({ status }: Response): boolean => status >= 400 && status < 500;
