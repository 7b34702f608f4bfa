import { searchKnowledge } from "#/agents/knowledge.ts";
import { InvalidFilter } from "#/agents/knowledge/search.ts";
import { apiRoute } from "#/app/api/doors.ts";
import { searchContract } from "#/app/api/v1/search/contract.ts";
import { refuse } from "#/lib/http/problem.ts";
import { ok } from "#/lib/http/reply.ts";

export const POST = apiRoute(searchContract, async ({ tenant, body, request }) => {
  try {
    return ok({ items: await searchKnowledge(tenant, body, request.signal) });
  } catch (error) {
    if (!(error instanceof InvalidFilter)) throw error;
    return refuse("invalid-request", error.message, { errors: [{ path: "/filter", message: error.message }] });
  }
});
