import { otherMethods } from "#/lib/http/other-methods.ts";
import { describeOurselves } from "#/operations/mcp-servers/identity.ts";

/** This deployment as the authorities of MCP servers know it (OAuth client ID metadata document). */
export function GET(): Response {
  return Response.json(describeOurselves(), { headers: { "cache-control": "public, max-age=3600" } });
}

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
