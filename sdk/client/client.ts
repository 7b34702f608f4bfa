import { ApiError, type ProblemDocument } from "./api-error.ts";
import { keyFor, type PagedQuery, type Query } from "./query.ts";
import { readRefusal } from "./read-refusal.ts";
import { type RequestParts, writeAddress, writeRequest } from "./request.ts";
import type { Answer, Argument, Call, Input, PagedRead, Read } from "./routes.ts";

interface ClientOptions {
  /** Scheme and host, with no slash at the end. A browser asks the host of its page unless given. */
  readonly baseUrl?: string;
  /** A browser sends its session cookie unless given. */
  readonly apiKey?: string;
  /** Takes the place of the API's own words for callers who are not signed in. */
  readonly signedOut?: ProblemDocument;
}

export interface Client {
  /**
   * Calls a route by its method and path with the input that its contract takes.
   * @returns the answer that its contract promises
   * @throws ApiError with the problem document of a refusal, or when the API cannot be reached
   */
  readonly api: <C extends Call>(call: C, ...input: Argument<Input<C>>) => Promise<Answer<C>>;
  /** Makes the query of a read: its key and the function that reads. */
  readonly makeQuery: <R extends Read>(read: R, ...input: Argument<Input<R>>) => Query<Answer<R>>;
  /** Makes the query of all pages of a list, under a key apart from that of its first page. */
  readonly makePagedQuery: <R extends PagedRead>(
    read: R,
    ...input: Argument<Input<R>>
  ) => PagedQuery<Answer<R>>;
}

const UNREACHED: ProblemDocument = {
  code: "unreached",
  title: "No connection",
  detail: "The server can’t be reached. Check your connection and try again.",
};

/** Makes a client of the API. Its types are those of the contracts; it checks nothing itself. */
export function createClient(options: ClientOptions = {}): Client {
  async function api<C extends Call>(call: C, ...input: Argument<Input<C>>): Promise<Answer<C>>;
  async function api(call: string, parts: RequestParts = {}): Promise<unknown> {
    return callRoute(options, call, parts);
  }

  function makeQuery<R extends Read>(read: R, ...input: Argument<Input<R>>): Query<Answer<R>>;
  function makeQuery(read: string, parts: RequestParts = {}): Query<unknown> {
    return {
      queryKey: keyFor(read, parts),
      queryFn: ({ signal }) => callRoute(options, read, { ...parts, signal }),
    };
  }

  function makePagedQuery<R extends PagedRead>(read: R, ...input: Argument<Input<R>>): PagedQuery<Answer<R>>;
  function makePagedQuery(read: string, parts: RequestParts = {}): PagedQuery<unknown> {
    return {
      queryKey: [...keyFor(read, parts), "pages"],
      queryFn: ({ pageParam, signal }) =>
        callRoute(options, read, { ...parts, query: { ...parts.query, cursor: pageParam }, signal }),
      initialPageParam: null,
      getNextPageParam: ({ nextCursor }) => nextCursor,
    };
  }

  return { api, makeQuery, makePagedQuery };
}

async function callRoute(
  { baseUrl = "", apiKey, signedOut }: ClientOptions,
  route: string,
  parts: RequestParts,
): Promise<unknown> {
  const response = await send(baseUrl + writeAddress(route, parts), writeRequest(route, parts, apiKey));
  if (response.ok) return response.status === 204 ? undefined : response.json();
  throw await readRefusal(response, signedOut);
}

async function send(address: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(address, init);
  } catch (error) {
    if (error instanceof Error && error.name === "AbortError") throw error;
    throw new ApiError(503, UNREACHED);
  }
}
