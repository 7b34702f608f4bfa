import { signInOf } from "#/agents/connections/fields.ts";
import { readConnection } from "#/db/connections.ts";
import type { Input } from "#/lib/http/contract.ts";
import { notFound, type Refusal, refuse } from "#/lib/http/problem.ts";
import { maySendTo } from "#/lib/secret-hosts.ts";
import type { Caller } from "#/operations/caller.ts";
import { openSignIn } from "#/operations/connections/begun-sign-in.ts";
import type { signInToConnectionContract } from "#/operations/connections/contract.ts";
import { openCredentials } from "#/operations/connections/credentials.ts";
import { grantorOf } from "#/operations/connections/tokens.ts";

/**
 * Begins a sign-in of a connection in the browser: returns the address at which a person lets us in. Refuses with `not-found`, and with
 * `wrong-status` for a connection that is not signed in that way or not bound to the server that gives its tokens.
 */
export async function signInToConnection(
  { tenant }: Caller,
  { id }: Input<typeof signInToConnectionContract>,
): Promise<{ readonly url: string } | Refusal> {
  const stored = await readConnection(tenant, { id });
  if (!stored) return notFound("connection");
  const { kind, settings, hosts, credentialsSealed } = stored;
  if (kind !== "http" || signInOf(kind, settings) !== "oauth2-code")
    return refuse(
      "wrong-status",
      kind === "mcp"
        ? "This is an MCP server: sign in to it under MCP servers."
        : "This connection is not signed in in the browser. Change its way of signing in first.",
    );
  const { client, tokenEndpoint } = grantorOf(settings, openCredentials(id, credentialsSealed));
  if (!maySendTo(tokenEndpoint, hosts))
    return refuse(
      "wrong-status",
      "The connection is not bound to the host of its token address. Add the host to it first.",
    );
  const { authorizationUrl = "", scopes: scope } = settings;
  const authority = {
    issuer: new URL(authorizationUrl).origin,
    isUnnamed: true,
    authorizationEndpoint: authorizationUrl,
    tokenEndpoint,
    takesClientDocuments: false,
    namesItself: false,
  };
  return { url: await openSignIn(tenant, id, { authority, client, scope }) };
}
