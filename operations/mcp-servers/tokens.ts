import "server-only";
import { refreshTokens } from "#/agents/connections/oauth/tokens.ts";
import type { Tenant } from "#/db/client.ts";
import type { SealedServer } from "#/db/mcp-servers.ts";
import { env } from "#/lib/env.ts";
import { guardedFetch } from "#/lib/http/guarded-fetch.ts";
import { isFresh, openTokens, renewTokens } from "#/operations/connections/tokens.ts";

/** The fetch by which authorities are asked. They are elsewhere than the server, and get no credentials of the connection but their own. */
export const authorityFetch = () => guardedFetch({ allowHosts: env().httpAllowHosts, timeoutMs: 15_000 });

/** Returns a token for a server, refreshed where its time is over or the server has refused it; undefined when a person has to sign in. */
export async function freshToken(
  tenant: Tenant,
  { id, settings, tokensSealed, tokensRevision: revision }: SealedServer,
  state: "as it is" | "refused",
): Promise<string | undefined> {
  const tokens = openTokens(id, tokensSealed);
  // What was got for one server never goes to another, whatever the connection's address has become.
  if (!tokens || originOf(tokens.resource) !== originOf(settings["url"])) return undefined;
  if (state === "as it is" && isFresh(tokens, Date.now())) return tokens.access;
  const renew = () => refreshTokens({ fetch: authorityFetch(), now: Date.now }, tokens);
  const granted = await renewTokens(tenant, id, { revision, renew });
  if (granted.ok) return granted.tokens.access;
  return granted.isOver ? undefined : tokens.access;
}

const originOf = (url: string | undefined): string | undefined => URL.parse(url ?? "")?.origin;
