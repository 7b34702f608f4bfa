import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { ok } from "#/lib/http/reply.ts";
import { cancelRunContract } from "#/operations/runs/contract.ts";
import { cancelRun } from "#/operations/runs/cancel.ts";

export const POST = apiRoute(cancelRunContract, async ({ caller, params }) =>
  ok(await cancelRun(caller, params)),
);

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
