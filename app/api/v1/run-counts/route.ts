import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { ok } from "#/lib/http/reply.ts";
import { listRunCountsContract } from "#/operations/run-counts/contract.ts";
import { listRunCounts } from "#/operations/run-counts/list.ts";

export const GET = apiRoute(listRunCountsContract, async ({ caller }) => ok(await listRunCounts(caller)));

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
