import { env } from "#/lib/env.ts";

/** Whether a browser sent this from one of our own pages. Pages of other sites cannot choose their Origin, nor the Host they call. */
export function isOwnOrigin(request: Request): boolean {
  const origin = request.headers.get("origin");
  if (origin === null) return request.headers.get("sec-fetch-site") === "same-origin";
  if (origin === env().appUrl) return true;
  const host = request.headers.get("host");
  return host !== null && URL.canParse(origin) && new URL(origin).host === host;
}
