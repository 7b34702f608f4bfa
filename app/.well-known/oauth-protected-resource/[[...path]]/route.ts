import { mcpResource } from "#/lib/auth/access-token.ts";
import { identityAddress } from "#/lib/auth/identity-address.ts";

/** Tells programs where people sign in to let them use /api/mcp (RFC 9728). */
export async function GET(): Promise<Response> {
  const metadata = {
    resource: mcpResource(),
    resource_name: "Cairn",
    authorization_servers: [identityAddress()],
    bearer_methods_supported: ["header"],
    scopes_supported: ["profile", "email"],
  };
  return Response.json(metadata, {
    headers: { "cache-control": "public, max-age=300", "access-control-allow-origin": "*" },
  });
}
