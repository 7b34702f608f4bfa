import { forkRun as fork } from "#/operations/runs/fork-run.ts";
import type { Input } from "#/lib/http/contract.ts";
import { type Refusal, refuse } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import type { forkRunContract } from "#/operations/runs/contract.ts";
import { type ForkedFrom, requestFork, showForked } from "#/operations/runs/forked.ts";
import type { StartedRun } from "#/operations/runs/started.ts";
import { checkDraft, readDraft } from "#/operations/workflows/draft.ts";

type Fork = Input<typeof forkRunContract> & ForkedFrom;

/**
 * Starts a run that continues from where a step of another began, with another state or another definition if asked. Refuses with `not-found`,
 * `invalid-definition`, `wrong-status` for a child run, or `invalid-request` when the step or a state key is not there.
 */
export async function forkRun(
  caller: Caller,
  { id, idempotencyKey, definition, ...how }: Fork,
): Promise<StartedRun | Refusal> {
  const draft = definition === undefined ? undefined : readDraft(definition);
  const checked = draft && checkDraft(draft.text);
  if (checked?.ok === false)
    return refuse("invalid-definition", "See “errors” for what has to be mended.", {
      errors: checked.problems,
    });
  const edited = draft && checked && { definition: checked.definition, text: draft.text };
  const request = { ...requestFork(caller, { id, idempotencyKey }), ...how, edited };
  return showForked(await fork(caller.tenant, request));
}
