import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { ok } from "#/lib/http/reply.ts";
import { listPassagesContract } from "#/operations/documents/contract.ts";
import { listPassages } from "#/operations/documents/list-passages.ts";

export const GET = apiRoute(listPassagesContract, async ({ caller, params, query }) =>
  ok(await listPassages(caller, { ...params, ...query })),
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
