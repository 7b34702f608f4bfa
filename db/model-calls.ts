import { sql } from "kysely";
import * as v from "valibot";
import { type Overspending, type Spending, UNPRICED_USD } from "#/agents/engine/budget.ts";
import type { Tenant } from "#/db/client.ts";
import { json } from "#/db/tables.ts";

/** A call of a model that belongs to no run. */
interface NewModelCall {
  readonly id: string;
  /** The workflow that it is about. */
  readonly workflowId: string | undefined;
  readonly model: string;
  /** The most that it may use. */
  readonly most: Spending;
}

const Over = v.nullable(
  v.object({
    scope: v.picklist(["workspace", "workflow"]),
    limit: v.picklist(["maxTokens", "maxCostUsd"]),
    most: v.number(),
    used: v.number(),
  }),
);

/** Counts a call in the month with the most that it may use. @returns the limit of this month that is in the way; nothing is counted then */
export async function beginModelCall(
  tenant: Tenant,
  { most: { tokens, costUsd }, ...call }: NewModelCall,
): Promise<Overspending | undefined> {
  // A price that nobody knows stops the call at a limit in dollars; without one it is no money that anybody has spent.
  const bookedUsd = costUsd >= UNPRICED_USD ? 0 : costUsd;
  const asked = json({ ...call, tokens, costUsd, bookedUsd });
  const { rows } = await tenant.transaction((trx) =>
    sql<{
      over: unknown;
    }>`select app.begin_model_call(${tenant.workspaceId}::uuid, ${asked}::jsonb) as over`.execute(trx),
  );
  return v.parse(Over, rows[0]?.over ?? null) ?? undefined;
}

/** Counts what a call has used in place of the most that it may have used. */
export async function settleModelCall(
  tenant: Tenant,
  id: string,
  { tokens, costUsd }: Spending,
): Promise<void> {
  await tenant.batch((query) => [
    query
      .updateTable("model_calls")
      .set({ tokens, cost_usd: costUsd, settled_at: sql<Date>`now()` })
      .where("id", "=", id),
  ]);
}
