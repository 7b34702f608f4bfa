import { idOf } from "#/app/api/doors.ts";
import type { Principal } from "#/lib/auth/principal.ts";

interface Call {
  readonly principal: Principal;
  readonly idempotencyKey?: string | undefined;
}

/** What every verb that makes a run from a run is told. */
export function forkRequest(runId: string, { principal, idempotencyKey }: Call) {
  const trigger = { kind: principal.kind === "key" ? "api" : "manual", by: idOf(principal) } as const;
  return {
    runId,
    trigger,
    idempotencyKey: idempotencyKey === undefined ? undefined : `fork-${runId}-${idempotencyKey}`,
  };
}
