import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { created, ok } from "#/lib/http/reply.ts";
import { addMcpServer } from "#/operations/mcp-servers/add.ts";
import { addMcpServerContract, listMcpServersContract } from "#/operations/mcp-servers/contract.ts";
import { listMcpServers } from "#/operations/mcp-servers/list.ts";

export const GET = apiRoute(listMcpServersContract, async ({ caller }) => ok(await listMcpServers(caller)));

export const POST = apiRoute(addMcpServerContract, async ({ caller, body, newId: id }) =>
  created(await addMcpServer(caller, { id, ...body })),
);

export const { PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET", "POST");
