import { forkRun } from "#/agents/forks.ts";
import { apiRoute } from "#/app/api/doors.ts";
import { forkRunContract } from "#/app/api/v1/runs/contract.ts";
import { forkRequest } from "#/app/api/v1/runs/fork-request.ts";
import { forkedAnswer } from "#/app/api/v1/runs/forked.ts";
import { readDraft } from "#/app/api/v1/workflows/draft.ts";

export const POST = apiRoute(forkRunContract, async ({ tenant, params, body, ...call }) => {
  const definition = body.definition === undefined ? undefined : readDraft(body.definition).document;
  return forkedAnswer(await forkRun(tenant, { ...forkRequest(params.id, call), ...body, definition }));
});
