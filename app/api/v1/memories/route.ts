import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { ok } from "#/lib/http/reply.ts";
import { listMemoriesContract } from "#/operations/memories/contract.ts";
import { listMemories } from "#/operations/memories/list.ts";

export const GET = apiRoute(listMemoriesContract, async ({ caller, query }) =>
  ok(await listMemories(caller, query)),
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
