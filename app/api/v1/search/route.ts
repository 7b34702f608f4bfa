import { searchKnowledge } from "#/operations/documents/knowledge.ts";
import { apiRoute } from "#/app/api/doors.ts";
import { searchContract } from "#/operations/search/contract.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { ok } from "#/lib/http/reply.ts";

export const POST = apiRoute(searchContract, async ({ tenant, body, request }) =>
  ok({ items: await searchKnowledge(tenant, body, request.signal) }),
);

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
