import { env } from "#/lib/env.ts";

/**
 * Returns whether a browser sent this from one of our own pages. Pages of other sites cannot choose their Origin. It is compared with APP_URL and not with the
 * Host that was called: a request can name any host, and a name that an attacker points at us would agree with itself.
 */
export function isOwnOrigin(request: Request): boolean {
  const origin = request.headers.get("origin");
  if (origin === null) return request.headers.get("sec-fetch-site") === "same-origin";
  return origin === new URL(env().appUrl).origin;
}
