import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { ok } from "#/lib/http/reply.ts";
import { listRunsContract } from "#/operations/runs/contract.ts";
import { listRuns } from "#/operations/runs/list.ts";

export const GET = apiRoute(listRunsContract, async ({ caller, query }) => ok(await listRuns(caller, query)));

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
