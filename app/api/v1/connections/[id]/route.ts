import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { done, ok } from "#/lib/http/reply.ts";
import {
  deleteConnectionContract,
  getConnectionContract,
  updateConnectionContract,
} from "#/operations/connections/contract.ts";
import { deleteConnection } from "#/operations/connections/delete.ts";
import { getConnection } from "#/operations/connections/get.ts";
import { updateConnection } from "#/operations/connections/update.ts";

export const GET = apiRoute(getConnectionContract, async ({ caller, params }) =>
  ok(await getConnection(caller, params)),
);

export const PATCH = apiRoute(updateConnectionContract, async ({ caller, params, body }) =>
  ok(await updateConnection(caller, { ...params, ...body })),
);

export const DELETE = apiRoute(deleteConnectionContract, async ({ caller, params }) =>
  done(await deleteConnection(caller, params)),
);

export const { POST, PUT, OPTIONS } = otherMethods("GET", "PATCH", "DELETE");
