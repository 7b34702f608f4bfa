import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { ok } from "#/lib/http/reply.ts";
import { estimateNextRunContract } from "#/operations/runs/contract.ts";
import { estimateNextRun } from "#/operations/runs/estimate.ts";

export const GET = apiRoute(estimateNextRunContract, async ({ caller, params }) =>
  ok(await estimateNextRun(caller, params)),
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
