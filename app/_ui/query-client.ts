import { isServer, QueryClient } from "@tanstack/react-query";
import { ApiError } from "#/sdk/client/api-error.ts";
import type { Query } from "#/sdk/client/query.ts";

/** Data that the server prefetched is fresh for so long, and not asked for again at once. */
const FRESH_MS = 5_000;
const MOST_TRIES = 3;

/** Refusals stay refusals; a session token that was just being renewed and a network that was away are worth another try. */
function worthRetrying(failures: number, error: Error): boolean {
  const final =
    error instanceof ApiError && error.status < 500 && error.status !== 401 && error.status !== 429;
  return !final && failures < MOST_TRIES;
}

export function makeQueryClient(): QueryClient {
  return new QueryClient({ defaultOptions: { queries: { staleTime: FRESH_MS, retry: worthRetrying } } });
}

let inBrowser: QueryClient | undefined;

/** One client for the life of the page; on the server a new one for every rendering, so that nobody sees another's data. */
export function browserQueryClient(): QueryClient {
  if (isServer) return makeQueryClient();
  inBrowser ??= makeQueryClient();
  return inBrowser;
}

/** Stores an answer as if the query had just been asked. */
export function storeAnswer<Data>(client: QueryClient, query: Query<Data>, answer: NoInfer<Data>): void {
  client.setQueryData(query.queryKey, answer);
}
