import { readRunTimeout } from "#/agents/definition/format/duration.ts";
import { toPlan } from "#/agents/definition/plan/planner.ts";
import { readOrigin } from "#/db/forks.ts";
import { insertTry } from "#/db/tries.ts";
import type { Input } from "#/lib/http/contract.ts";
import { notFound, type Refusal, refuse } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import { nameTrigger } from "#/operations/runs/caller-trigger.ts";
import { refuseWithoutConsent } from "#/operations/runs/estimate.ts";
import { findPlace } from "#/operations/runs/fork.ts";
import { checkForkInput, refuseProblems, storeFork } from "#/operations/runs/forked.ts";
import { launchVersion } from "#/operations/runs/launch.ts";
import { showStarted, type StartedRun } from "#/operations/runs/started.ts";
import type { startTryContract } from "#/operations/tries/contract.ts";
import { type ReadDraft, readTriedDraft } from "#/operations/tries/read-draft.ts";
import { noSuchWorkflow } from "#/operations/workflows/refusals.ts";

interface TryRequest extends Input<typeof startTryContract> {
  /** The id of the run and of the definition that is kept for it: the same request has the same. */
  readonly newId: string;
}

/**
 * Starts a run of a workflow's draft, by the checks and limits of what is published: all of it, the rest from a step of an earlier run, or one
 * step alone. Refuses with `not-found`, `draft-changed` when the draft is not at the given revision, `invalid-definition`, `rule-of-two`, `invalid-input`,
 * `invalid-request` when a step or a state key is not there, `consent-needed`, or `rate-limited`.
 */
export async function startTry(caller: Caller, request: TryRequest): Promise<StartedRun | Refusal> {
  const { id, consent, from, only } = request;
  if (from && only) return refuse("invalid-request", "Give “from” or “only”, not both.");
  const read = await readTriedDraft(caller.tenant, request);
  if ("refused" in read) return read;
  const refused = await refuseWithoutConsent(caller.tenant, { workflowId: id, consent });
  if (refused) return refused;
  return from ? continueRun(caller, { ...request, from }, read) : launchDraft(caller, request, read);
}

async function launchDraft(
  { tenant, principal }: Caller,
  { id, input, newId }: TryRequest,
  { definition, source, limits }: ReadDraft,
): Promise<StartedRun | Refusal> {
  const { kind } = definition;
  const started = await launchVersion(
    tenant,
    { workflowId: id, input, trigger: nameTrigger(principal), idempotencyKey: `try-${newId}` },
    {
      versionId: newId,
      version: null,
      kind,
      definition,
      limits,
      store: (run) => insertTry(tenant, { ...run, id: newId, workflowId: id, kind, definition, source }),
    },
  );
  return started ? showStarted(started) : noSuchWorkflow;
}

type ContinueRequest = TryRequest & { readonly from: NonNullable<TryRequest["from"]> };

/** Continues a run of the workflow with the draft: what is asked as before is not paid for again. */
async function continueRun(
  caller: Caller,
  { id, from, newId }: ContinueRequest,
  { definition, source }: ReadDraft,
): Promise<StartedRun | Refusal> {
  const origin = await readOrigin(caller.tenant, from.run);
  if (origin?.workflowId !== id) return notFound("run of this workflow");
  const superstep = findPlace(toPlan(definition), origin, { step: from.step, occurrence: undefined });
  if (typeof superstep !== "number") return superstep;
  const input = checkForkInput(definition, origin.input);
  if (!input.ok) return refuseProblems("invalid-input", input.problems);
  const { kind } = definition;
  return storeFork(
    caller,
    { id: from.run, idempotencyKey: `try-${newId}` },
    {
      superstep,
      fresh: false,
      state: {},
      reuses: true,
      timeoutMs: readRunTimeout(definition),
      versionId: newId,
      version: null,
      agentType: kind,
      edited: { id: newId, workflowId: id, kind, definition, source },
      isTry: true,
    },
  );
}
