import type { Tenant } from "#/db/client.ts";
import { given, isoTime, isOlder, momentKey, type Page, type PageRequest, toPage } from "#/db/page.ts";
import type { SideEffectKind, SideEffectState } from "#/agents/vocabulary/side-effect.ts";

/** A write of a run to the outside, and what became of it. */
export interface SideEffect {
  readonly id: string;
  readonly step: string;
  readonly kind: SideEffectKind;
  readonly target: string;
  readonly idempotencyKey: string;
  readonly state: SideEffectState;
  readonly attempts: number;
  readonly request: unknown;
  readonly error: unknown;
  readonly decidedBy: unknown;
  readonly createdAt: string;
  readonly settledAt: string | null;
}

/** Newest first; undefined when there is no such run. */
export async function listSideEffects(
  tenant: Tenant,
  runId: string,
  { limit, cursor }: PageRequest,
): Promise<Page<SideEffect> | undefined> {
  const [runs, rows] = await tenant.batch((query) => [
    query.selectFrom("agent_sessions").select("id").where("id", "=", runId),
    query
      .selectFrom("side_effects")
      .selectAll()
      .select(momentKey("created_at").as("cursorKey"))
      .where("run_id", "=", runId)
      .where((eb) => eb.and(given(cursor, (it) => isOlder({ moment: "created_at", id: "id" }, it))))
      .orderBy("created_at", "desc")
      .orderBy("id", "desc")
      .limit(limit + 1),
  ]);
  if (runs.length === 0) return undefined;
  return toPage(rows, limit, ({ id, step, kind, target, state, attempts, request, error, ...row }) => ({
    id,
    step,
    kind,
    target,
    state,
    attempts,
    request,
    error,
    // The journal's key is the task's, which is what the write carries, and the name of the call.
    idempotencyKey: row.key.slice(0, row.key.lastIndexOf(":")),
    decidedBy: row.decided_by,
    createdAt: isoTime(row.created_at),
    settledAt: isoTime(row.settled_at),
  }));
}
