import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { done, ok } from "#/lib/http/reply.ts";
import {
  deleteMemoryContract,
  getMemoryContract,
  updateMemoryContract,
} from "#/operations/memories/contract.ts";
import { deleteMemory } from "#/operations/memories/delete.ts";
import { getMemory } from "#/operations/memories/get.ts";
import { updateMemory } from "#/operations/memories/update.ts";

export const GET = apiRoute(getMemoryContract, async ({ caller, params }) =>
  ok(await getMemory(caller, params)),
);

export const PATCH = apiRoute(updateMemoryContract, async ({ caller, params, body }) =>
  ok(await updateMemory(caller, { ...params, ...body })),
);

export const DELETE = apiRoute(deleteMemoryContract, async ({ caller, params }) =>
  done(await deleteMemory(caller, params)),
);

export const { POST, PUT, OPTIONS } = otherMethods("GET", "PATCH", "DELETE");
