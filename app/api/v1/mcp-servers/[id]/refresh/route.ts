import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { ok } from "#/lib/http/reply.ts";
import { refreshMcpServerContract } from "#/operations/mcp-servers/contract.ts";
import { refreshMcpServer } from "#/operations/mcp-servers/refresh.ts";

export const POST = apiRoute(refreshMcpServerContract, async ({ caller, params }) =>
  ok(await refreshMcpServer(caller, params)),
);

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
