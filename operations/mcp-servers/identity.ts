import { type ClientIdentity, describeClient } from "#/agents/connections/oauth/begin.ts";
import { env } from "#/lib/env.ts";
import { redirectUri } from "#/operations/connections/begun-sign-in.ts";

/** This deployment as the authorities of MCP servers know it. */
export const clientIdentity = (): ClientIdentity => ({
  documentUrl: `${env().appUrl}/api/mcp-client.json`,
  redirectUri: redirectUri(),
  name: "Cairn",
});

/** Our metadata document. Its own address is our name. */
export function describeOurselves() {
  const identity = clientIdentity();
  return {
    client_id: identity.documentUrl,
    client_uri: new URL("/", identity.documentUrl).href,
    ...describeClient(identity),
  };
}
