import { readTarget, type RequestParts, setValues } from "./request.ts";
import type { Address, Argument, Route } from "./routes.ts";

/** Names what is read: the segments of a path, then the values of a query. */
export type QueryKey = readonly unknown[];

/** A read as React Query takes it. */
export interface Query<Data> {
  readonly queryKey: QueryKey;
  readonly queryFn: (context: { readonly signal: AbortSignal }) => Promise<Data>;
}

interface PageContext {
  /** The cursor of the page before; null for the first. */
  readonly pageParam: string | null;
  readonly signal: AbortSignal;
}

/** A list as React Query's infinite queries take it: page after page. */
export interface PagedQuery<Page> {
  readonly queryKey: QueryKey;
  readonly queryFn: (context: PageContext) => Promise<Page>;
  readonly initialPageParam: string | null;
  readonly getNextPageParam: (page: { readonly nextCursor: string | null }) => string | null;
}

/** Derives the key of a read from its route and address. Without a query it is the prefix of every key at and below its path. */
export function keyOf<R extends Route>(route: R, ...address: Argument<Address<R>>): QueryKey;
export function keyOf(route: string, parts: RequestParts = {}): QueryKey {
  return keyFor(route, parts);
}

/** `keyOf` for callers that have no types of the route at hand. */
export function keyFor(route: string, { path, query }: RequestParts): QueryKey {
  const values = setValues(query);
  const { segments } = readTarget(route, path);
  return Object.keys(values).length > 0 ? [...segments, values] : segments;
}
