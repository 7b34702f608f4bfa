import type { Address, Argument, Route } from "./routes.ts";

/** The parts of a call, without the types that its contract gives them. */
export interface RequestParts {
  readonly path?: Readonly<Record<string, unknown>> | undefined;
  readonly query?: Readonly<Record<string, unknown>> | undefined;
  readonly body?: unknown;
  readonly idempotencyKey?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

interface Target {
  readonly method: string;
  /** Path segments, filled in and not yet encoded. */
  readonly segments: readonly string[];
}

/** Splits a route's name and fills in its path: "GET /api/v1/runs/{id}" → GET, [api, v1, runs, 7f…]. */
export function readTarget(route: string, path: RequestParts["path"] = {}): Target {
  const [method = "", template = ""] = route.split(" ");
  const segments = template
    .split("/")
    .slice(1)
    .map((segment) => segment.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(path[name])));
  return { method, segments };
}

/** The values of a query that are set, as text. Null, undefined and "" are absent. */
export function setValues(query: RequestParts["query"] = {}): Record<string, string> {
  const set = Object.entries(query).filter(
    ([, value]) => value !== undefined && value !== null && value !== "",
  );
  return Object.fromEntries(set.map(([name, value]) => [name, String(value)]));
}

/** The address of a route, from the root of the host, for what does not go through `api`: streams and uploads. */
export function makeAddress<R extends Route>(route: R, ...address: Argument<Address<R>>): string;
export function makeAddress(route: string, parts: RequestParts = {}): string {
  return writeAddress(route, parts);
}

/** `makeAddress` for callers that have no types of the route at hand. */
export function writeAddress(route: string, { path, query }: RequestParts): string {
  const { segments } = readTarget(route, path);
  const values = new URLSearchParams(setValues(query)).toString();
  return `/${segments.map(encodeURIComponent).join("/")}${values && `?${values}`}`;
}

/** The request of a call, as fetch takes it. */
export function writeRequest(
  route: string,
  { body, idempotencyKey, signal }: RequestParts,
  apiKey: string | undefined,
): RequestInit {
  return {
    method: readTarget(route).method,
    headers: {
      accept: "application/json",
      ...(body !== undefined && { "content-type": "application/json" }),
      ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
      ...(idempotencyKey !== undefined && { "idempotency-key": idempotencyKey }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(signal && { signal }),
  };
}
