import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { accepted } from "#/lib/http/reply.ts";
import { retryRunContract } from "#/operations/runs/contract.ts";
import { retryRun } from "#/operations/runs/retry.ts";

export const POST = apiRoute(retryRunContract, async ({ caller, params, idempotencyKey }) =>
  accepted(await retryRun(caller, { ...params, idempotencyKey })),
);

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
