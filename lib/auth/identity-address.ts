import { env } from "#/lib/env.ts";

/** Where browsers reach the identity provider, which is also its name as an OAuth issuer. A publishable key is its host, in base64 with a dollar sign behind it. */
export function identityAddress(): string {
  const { publishableKey, proxyUrl } = env().clerk;
  if (proxyUrl !== undefined) return proxyUrl;
  // The middleware asks too, and the edge need not have Buffer.
  const host = atob(publishableKey.replace(/^pk_(?:test|live)_/, ""));
  return `https://${host.replace(/\$$/, "")}`;
}
