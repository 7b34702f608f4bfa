import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { done, ok } from "#/lib/http/reply.ts";
import { deleteToolContract, getToolContract, updateToolContract } from "#/operations/tools/contract.ts";
import { deleteTool } from "#/operations/tools/delete.ts";
import { getTool } from "#/operations/tools/get.ts";
import { updateTool } from "#/operations/tools/update.ts";

export const GET = apiRoute(getToolContract, async ({ caller, params }) => ok(await getTool(caller, params)));

export const PATCH = apiRoute(updateToolContract, async ({ caller, params, body }) =>
  ok(await updateTool(caller, { ...params, ...body })),
);

export const DELETE = apiRoute(deleteToolContract, async ({ caller, params }) =>
  done(await deleteTool(caller, params)),
);

export const { PUT, POST, OPTIONS } = otherMethods("GET", "PATCH", "DELETE");
