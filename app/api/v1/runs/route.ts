import { apiRoute } from "#/app/api/doors.ts";
import { listRunsContract } from "#/operations/runs/contract.ts";
import { listRuns } from "#/db/runs.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { ok } from "#/lib/http/reply.ts";

export const GET = apiRoute(listRunsContract, async ({ tenant, query }) => ok(await listRuns(tenant, query)));

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
