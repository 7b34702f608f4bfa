import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { done, ok } from "#/lib/http/reply.ts";
import { getMcpServerContract, removeMcpServerContract } from "#/operations/mcp-servers/contract.ts";
import { getMcpServer } from "#/operations/mcp-servers/get.ts";
import { removeMcpServer } from "#/operations/mcp-servers/remove.ts";

export const GET = apiRoute(getMcpServerContract, async ({ caller, params }) =>
  ok(await getMcpServer(caller, params)),
);

export const DELETE = apiRoute(removeMcpServerContract, async ({ caller, params }) =>
  done(await removeMcpServer(caller, params)),
);

export const { POST, PUT, PATCH, OPTIONS } = otherMethods("GET", "DELETE");
