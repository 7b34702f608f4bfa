import { retryRun } from "#/operations/runs/fork.ts";
import { apiRoute } from "#/app/api/doors.ts";
import { retryRunContract } from "#/operations/runs/contract.ts";
import { forkedAnswer } from "#/app/api/v1/runs/forked.ts";
import { forkRequest } from "#/app/api/v1/runs/fork-request.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";

export const POST = apiRoute(retryRunContract, async ({ tenant, params, ...call }) =>
  forkedAnswer(await retryRun(tenant, forkRequest(params.id, call))),
);

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
