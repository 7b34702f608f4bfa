import "server-only";
import { type Granted, refreshTokens, Tokens } from "#/agents/mcp/sign-in/tokens.ts";
import type { Tenant } from "#/db/client.ts";
import { readMcpServer, type SealedServer, storeTokens } from "#/db/mcp-servers.ts";
import { env } from "#/lib/env.ts";
import { guardedFetch } from "#/lib/http/guarded-fetch.ts";
import { sealer } from "#/lib/seal.ts";
import * as v from "valibot";

const purposeOf = (id: string) => `mcp tokens ${id}`;

/** The fetch by which authorities are asked. They are elsewhere than the server, and get no credentials of the connection but their own. */
export const authorityFetch = () => guardedFetch({ allowHosts: env().httpAllowHosts, timeoutMs: 15_000 });

/** Tokens as they are stored. They open for this server only. */
export function sealTokens(id: string, tokens: Tokens): string {
  return sealer().seal(JSON.stringify(tokens), purposeOf(id));
}

function openTokens({ id, tokensSealed }: SealedServer): Tokens | undefined {
  return tokensSealed === null
    ? undefined
    : v.parse(Tokens, JSON.parse(sealer().unseal(tokensSealed, purposeOf(id))));
}

/** A token is not used up to its last second: clocks differ, and a request takes time. */
const MARGIN_MS = 60_000;

/** Returns a token for a server, refreshed where its time is over or the server has refused it; undefined when a person has to sign in. */
export async function freshToken(
  tenant: Tenant,
  server: SealedServer,
  state: "as it is" | "refused",
): Promise<string | undefined> {
  const tokens = openTokens(server);
  // What was got for one server never goes to another, whatever the connection's address has become.
  if (!tokens || new URL(tokens.resource).origin !== URL.parse(server.settings["url"] ?? "")?.origin)
    return undefined;
  const isOver = state === "refused" || (tokens.until ?? Infinity) < Date.now() + MARGIN_MS;
  return isOver ? refreshed(tenant, server, tokens) : tokens.access;
}

async function refreshed(tenant: Tenant, server: SealedServer, tokens: Tokens): Promise<string | undefined> {
  const granted = await refreshTokens({ fetch: authorityFetch(), now: Date.now }, tokens);
  const { id, tokensRevision: revision } = server;
  const sealed = sealedAfter(id, granted);
  if (sealed !== undefined && (await storeTokens(tenant, id, { sealed, revision })))
    return granted.ok ? granted.tokens.access : undefined;
  if (sealed === undefined) return tokens.access;
  // Somebody else has refreshed them meanwhile, which may be why ours were refused.
  const now = await readMcpServer(tenant, id);
  return now && openTokens(now)?.access;
}

/** Seals the tokens to store after a refresh; undefined when nothing came of it and it may go through the next time. */
function sealedAfter(id: string, granted: Granted): string | null | undefined {
  if (granted.ok) return sealTokens(id, granted.tokens);
  return granted.isOver ? null : undefined;
}
