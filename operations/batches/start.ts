import { limitRequests } from "#/lib/cloud/limits.ts";
import type { Input } from "#/lib/http/contract.ts";
import type { Refusal } from "#/lib/http/problem.ts";
import { rateLimited } from "#/lib/http/rate-limit.ts";
import type { Tenant } from "#/db/client.ts";
import type { JsonObject } from "#/lib/json-object.ts";
import type { Caller } from "#/operations/caller.ts";
import type { BatchStart, StartedBatch, startRunsContract } from "#/operations/batches/contract.ts";
import { nameTrigger } from "#/operations/runs/caller-trigger.ts";
import { refuseWithoutConsent } from "#/operations/runs/estimate.ts";
import { launchRun } from "#/operations/runs/launch.ts";
import { showStarted, type StartedRun } from "#/operations/runs/started.ts";

interface BatchRequest extends Input<typeof startRunsContract> {
  /** The batch's id: the same request under the same idempotency key has the same. */
  readonly batch: string;
}

/**
 * Starts a run of a workflow for each input. An input that cannot be started says why at its place and holds up no other; the same batch again
 * starts those that are missing. Refuses with `not-found` or `not-published` where that holds for all, with `consent-needed` by what all of them
 * are likely to cost, and with `rate-limited` when the workspace may not start as many now.
 */
export async function startRuns(
  { tenant, principal }: Caller,
  { id, inputs, consent, batch, ...request }: BatchRequest,
): Promise<StartedBatch | Refusal> {
  const refused =
    (await refuseWithoutConsent(tenant, { workflowId: id, consent, runs: inputs.length })) ??
    (await refuseAboveLimit(tenant, inputs.length));
  if (refused) return refused;
  const trigger = { ...nameTrigger(principal), batch };
  const start = async (input: JsonObject, index: number) => {
    // A key for each place, apart from those of single starts: a batch that was cut off continues where it ended.
    const idempotencyKey = `batch-${batch}-${index}`;
    return showStarted(
      await launchRun(tenant, { workflowId: id, ...request, input, trigger, idempotencyKey }),
    );
  };
  return startAll(inputs, start, batch);
}

type Start = (input: JsonObject, index: number) => Promise<StartedRun | Refusal>;

/** The first goes ahead: what is wrong with the workflow is found with it, before anything has started. */
async function startAll(
  [first = {}, ...others]: readonly JsonObject[],
  start: Start,
  batch: string,
): Promise<StartedBatch | Refusal> {
  const begun = await start(first, 0);
  if ("refused" in begun && ABOUT_ALL.has(begun.refused)) return begun;
  const items = [toItem(begun)];
  for (let from = 0; from < others.length; from += AT_A_TIME) {
    const few = others.slice(from, from + AT_A_TIME);
    const started = await Promise.all(few.map((input, place) => start(input, 1 + from + place)));
    items.push(...started.map(toItem));
  }
  return { batch, items };
}

/** A start is two round trips; a batch must not take all of the database's connections for them. */
const AT_A_TIME = 8;

/** Refusals that hold for the workflow, whatever the input. */
const ABOUT_ALL: ReadonlySet<string> = new Set(["not-found", "not-published"]);

/** The request has counted as one start: the others count too. */
async function refuseAboveLimit({ workspaceId }: Tenant, runs: number): Promise<Refusal | undefined> {
  if (runs === 1) return undefined;
  const decision = await limitRequests("runs", workspaceId, runs - 1);
  return decision.allowed ? undefined : rateLimited("runs", decision);
}

function toItem(started: StartedRun | Refusal): BatchStart {
  if (!("refused" in started)) return { run: started, problem: null };
  const { refused, detail, errors = [] } = started;
  return { run: null, problem: { code: refused, detail, errors: [...errors] } };
}
