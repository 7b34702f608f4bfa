import { mcpRoute } from "#/app/api/doors.ts";
import { env } from "#/lib/env.ts";
import type { Route } from "#/lib/http/api-route.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { callMcp } from "#/operations/mcp/call.ts";
import { callMcpContract } from "#/operations/mcp/contract.ts";

export const maxDuration = 75;

const answer = mcpRoute(callMcpContract, ({ caller, request }) => callMcp(caller, request));

/** Whoever brings nothing valid is told where a person can sign in for it (RFC 9728). */
export const POST: Route = async (request, context) => {
  const response = await answer(request, context);
  if (response.status === 401)
    response.headers.set(
      "WWW-Authenticate",
      `Bearer realm="cairn", resource_metadata="${env().appUrl}/.well-known/oauth-protected-resource/api/mcp"`,
    );
  return response;
};

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
