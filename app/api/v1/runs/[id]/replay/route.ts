import { replayRun } from "#/operations/runs/fork.ts";
import { apiRoute } from "#/app/api/doors.ts";
import { replayRunContract } from "#/operations/runs/contract.ts";
import { forkRequest } from "#/app/api/v1/runs/fork-request.ts";
import { forkedAnswer } from "#/app/api/v1/runs/forked.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";

export const POST = apiRoute(replayRunContract, async ({ tenant, params, body, ...call }) =>
  forkedAnswer(await replayRun(tenant, { ...forkRequest(params.id, call), ...body })),
);

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
