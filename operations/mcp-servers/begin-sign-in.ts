import { introduce } from "#/agents/connections/oauth/begin.ts";
import { discoverAuthority } from "#/agents/connections/oauth/discover.ts";
import { probe } from "#/agents/mcp/probe.ts";
import { keepMcpServer, readMcpServer, type SealedServer } from "#/db/mcp-servers.ts";
import type { Input } from "#/lib/http/contract.ts";
import { notFound, type Refusal, refuse } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import { openSignIn } from "#/operations/connections/begun-sign-in.ts";
import { openCredentials } from "#/operations/connections/credentials.ts";
import type { signInToMcpServerContract } from "#/operations/mcp-servers/contract.ts";
import { clientIdentity } from "#/operations/mcp-servers/identity.ts";
import { mcpPorts, refuseElsewhere, signInOf, urlOf } from "#/operations/mcp-servers/reach.ts";
import { authorityFetch } from "#/operations/mcp-servers/tokens.ts";

/**
 * Begins a sign-in to a server: finds out where, introduces us, and keeps what its end needs. Refuses with `not-found`, and with `wrong-status` when
 * the server or its authority cannot be signed in to.
 */
export async function signInToMcpServer(
  { tenant }: Caller,
  { id }: Input<typeof signInToMcpServerContract>,
): Promise<{ readonly url: string } | Refusal> {
  const server = await readMcpServer(tenant, id);
  if (!server) return notFound("MCP server");
  if (signInOf(server) !== "oauth2-code")
    return refuse(
      "wrong-status",
      "This server is not signed in to by OAuth. Change its way of signing in first.",
    );
  const elsewhere = refuseElsewhere(server);
  if (elsewhere) return refuse("wrong-status", elsewhere.reason);
  const found = await discoverAuthority(authorityFetch(), urlOf(server), await readChallenge(server));
  if (!found.ok) return refuse("wrong-status", found.reason);
  const introduced = await introduce(authorityFetch(), found.authority, {
    given: ownClient(server),
    identity: clientIdentity(),
  });
  if (!introduced.ok) return refuse("wrong-status", introduced.reason);
  await keepMcpServer(tenant, id);
  const url = await openSignIn(tenant, id, {
    client: introduced.client,
    authority: found.authority,
    scope: server.settings["scopes"] ?? found.authority.scope,
  });
  return { url };
}

/** Reads the server's challenge to somebody whom it does not know. */
async function readChallenge(server: SealedServer): Promise<string> {
  const found = await probe(mcpPorts(), { url: urlOf(server), headers: {} });
  return found.kind === "failed" && found.outcome.kind === "unauthorized" ? found.outcome.challenge : "";
}

/** The client that an admin has registered at the authority. */
function ownClient({ id, settings, credentialsSealed }: SealedServer) {
  const clientId = settings["clientId"];
  return clientId === undefined
    ? undefined
    : { id: clientId, secret: openCredentials(id, credentialsSealed)["clientSecret"] };
}
