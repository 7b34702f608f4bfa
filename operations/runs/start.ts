import { launchRun } from "#/operations/runs/launch.ts";
import { getRun, type Run } from "#/db/runs.ts";
import type { Input } from "#/lib/http/contract.ts";
import type { Refusal } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import { nameTrigger } from "#/operations/runs/caller-trigger.ts";
import type { startRunContract } from "#/operations/runs/contract.ts";
import { refuseWithoutConsent } from "#/operations/runs/estimate.ts";
import { showStarted, type StartedRun } from "#/operations/runs/started.ts";
import { waitForEnd } from "#/operations/runs/wait.ts";

interface StartRequest extends Input<typeof startRunContract> {
  readonly idempotencyKey: string | undefined;
  /** Aborted when the caller does not wait for the end any more; the run continues. */
  readonly signal: AbortSignal;
}

/** A run that was started, or the whole run when it has ended within the time that the caller waits. */
type Start = { readonly ended: Run } | { readonly started: StartedRun } | Refusal;

/**
 * Starts a run of a workflow and, for `wait` seconds, waits for its end; the same idempotency key again starts none. Refuses with `not-found`,
 * `not-published`, `invalid-input`, `consent-needed`, or `rate-limited` when more was started within a minute than limits allow.
 */
export async function startRun(
  { tenant, principal }: Caller,
  { id, wait, consent, idempotencyKey, signal, ...request }: StartRequest,
): Promise<Start> {
  const refused = await refuseWithoutConsent(tenant, { workflowId: id, consent });
  if (refused) return refused;
  const started = showStarted(
    await launchRun(tenant, {
      workflowId: id,
      ...request,
      trigger: nameTrigger(principal),
      // Callers' keys live beside those of webhooks and schedules, and mean one workflow each.
      idempotencyKey: idempotencyKey === undefined ? undefined : `call-${id}-${idempotencyKey}`,
    }),
  );
  if ("refused" in started) return started;
  const look = () => getRun(tenant, started.id);
  const ended = wait > 0 ? await waitForEnd(look, { timeoutMs: wait * 1_000, signal }) : undefined;
  return ended ? { ended } : { started };
}
