import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { ok } from "#/lib/http/reply.ts";
import { changeMcpTools } from "#/operations/mcp-servers/change-tools.ts";
import { changeMcpToolsContract } from "#/operations/mcp-servers/contract.ts";

export const PATCH = apiRoute(changeMcpToolsContract, async ({ caller, params, body }) =>
  ok(await changeMcpTools(caller, { ...params, ...body })),
);

export const { GET, POST, PUT, DELETE, OPTIONS } = otherMethods("PATCH");
