import { createMcpHandler } from "@modelcontextprotocol/server";
import { readJson } from "#/lib/http/body.ts";
import { type Refusal, refuse } from "#/lib/http/problem.ts";
import { isOwnOrigin } from "#/lib/http/same-origin.ts";
import { reportError } from "#/lib/observe/report.ts";
import type { Caller } from "#/operations/caller.ts";
import { mcpServer } from "#/operations/mcp/server.ts";

/**
 * Answers one message of the Model Context Protocol, of either era, without anything kept between two of them. Refuses with `cross-origin` what a page of
 * another site sends, and with what is wrong with the body; everything else is answered as the protocol says.
 */
export async function callMcp(caller: Caller, request: Request): Promise<Response | Refusal> {
  if (request.headers.has("origin") && !isOwnOrigin(request))
    return refuse("cross-origin", "Pages of other sites may not call this. Call it from a program.");
  const body = await readJson(request);
  if (!body.ok) return body.refusal;
  if (body.value === undefined)
    return refuse("malformed-json", "Send one JSON-RPC message as the body of the request.");
  const idempotencyKey = request.headers.get("idempotency-key") ?? undefined;
  const handler = createMcpHandler(({ era }) => mcpServer({ caller, era, idempotencyKey }), {
    legacy: "stateless",
    onerror: reportUnexpected,
  });
  return handler.fetch(request, { parsedBody: body.value });
}

/** Messages that do not fit the protocol are their senders' mistakes, and are told to them alone. */
function reportUnexpected(error: Error): void {
  if (error.name === "ProtocolError" || error.name === "SdkError") return;
  void reportError(error, { path: "/api/mcp" }, "an MCP message failed");
}
