import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { ok } from "#/lib/http/reply.ts";
import { searchContract } from "#/operations/search/contract.ts";
import { search } from "#/operations/search/search.ts";

export const POST = apiRoute(searchContract, async ({ caller, body, request: { signal } }) =>
  ok(await search(caller, { ...body, signal })),
);

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
