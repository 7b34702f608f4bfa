import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { created, ok } from "#/lib/http/reply.ts";
import { createToolContract, listToolsContract } from "#/operations/tools/contract.ts";
import { createTool } from "#/operations/tools/create.ts";
import { listTools } from "#/operations/tools/list.ts";

export const GET = apiRoute(listToolsContract, async ({ caller, query }) =>
  ok(await listTools(caller, query)),
);

export const POST = apiRoute(createToolContract, async ({ caller, body, newId }) =>
  created(await createTool(caller, { ...body, id: newId })),
);

export const { PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET", "POST");
