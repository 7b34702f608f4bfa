import { forkRun } from "#/operations/runs/fork.ts";
import { apiRoute } from "#/app/api/doors.ts";
import { forkRunContract } from "#/operations/runs/contract.ts";
import { forkRequest } from "#/app/api/v1/runs/fork-request.ts";
import { forkedAnswer } from "#/app/api/v1/runs/forked.ts";
import { checkDraft, readDraft } from "#/operations/workflows/draft.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { refuse } from "#/lib/http/problem.ts";

export const POST = apiRoute(
  forkRunContract,
  async ({ tenant, params, body: { definition, ...body }, ...call }) => {
    const draft = definition === undefined ? undefined : readDraft(definition);
    const checked = draft && checkDraft(draft.text);
    if (checked?.ok === false)
      return refuse("invalid-definition", "Fix what is listed under “errors” and try again.", {
        errors: checked.problems,
      });
    const edited = draft && checked && { definition: checked.definition, text: draft.text };
    return forkedAnswer(await forkRun(tenant, { ...forkRequest(params.id, call), ...body, edited }));
  },
);

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
