import * as v from "valibot";
import { defineContract } from "#/lib/http/contract.ts";

/** A message that the protocol refuses is answered in its own words. */
const Refusal = v.object({
  jsonrpc: v.literal("2.0"),
  id: v.nullish(v.union([v.string(), v.number()])),
  error: v.object({ code: v.number(), message: v.string(), data: v.optional(v.unknown()) }),
});

export const callMcpContract = defineContract({
  method: "POST",
  path: "/api/mcp",
  summary:
    "Model Context Protocol, 2026-07-28 and 2025-era clients: published workflows that are marked as tools, and tools to write, check and operate workflows. One JSON-RPC message a request.",
  access: "member",
  about: "caller",
  query: v.object({ workspace: v.optional(v.pipe(v.string(), v.maxLength(120))) }),
  recordedIn: "the trigger of each run, and the audit log line of each operation that a tool calls",
  responses: {
    200: { description: "A JSON-RPC answer, or a text/event-stream that ends with one." },
    400: { description: "A message that is none of the protocol's.", body: Refusal },
  },
});
