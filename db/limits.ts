import { sql } from "kysely";
import * as v from "valibot";
import type { Budget } from "#/agents/engine/budget.ts";
import { PaceLimits } from "#/agents/engine/limits.ts";
import type { QueryBuilder, System, Tenant, TenantTransaction } from "#/db/client.ts";
import { json } from "#/db/tables.ts";

const Monthly = v.object({
  maxTokens: v.optional(v.number()),
  maxCostUsd: v.optional(v.number()),
  onLimit: v.optional(v.picklist(["ask", "fail"])),
});
const Stored = v.object({ ...PaceLimits.entries, monthly: v.optional(Monthly) });

/** The limits of a workspace or of one workflow, and what it has used this month. */
export interface LimitsAndUsage {
  readonly limits: v.InferOutput<typeof Stored>;
  readonly month: { readonly tokens: number; readonly costUsd: number };
}

/** @param workflowId null for the workspace. @returns undefined when there is no such workflow */
export async function readLimits(
  tenant: Tenant,
  workflowId: string | null,
): Promise<LimitsAndUsage | undefined> {
  const [rows, usage] = await tenant.batch((query) => [
    selectLimits(query, workflowId),
    query
      .selectFrom(
        sql<{
          tokens: string;
          cost_usd: number;
        }>`app.month_usage(${tenant.workspaceId}::uuid, ${workflowId}::uuid)`.as("u"),
      )
      .select(["u.tokens", "u.cost_usd as costUsd"]),
  ]);
  const [row] = rows;
  if (!row) return undefined;
  const parsed = v.safeParse(Stored, row.limits);
  return {
    limits: parsed.success ? parsed.output : {},
    month: { tokens: Number(usage[0]?.tokens ?? 0), costUsd: usage[0]?.costUsd ?? 0 },
  };
}

/** Changes the given limits; null takes one away. What else is kept beside them stays. @returns whether there is such a workflow */
export async function changeLimits(
  tenant: Tenant,
  workflowId: string | null,
  change: Readonly<Record<string, unknown>>,
): Promise<boolean> {
  const merged = sql<string>`jsonb_strip_nulls(limits || ${json(change)}::jsonb)`;
  const [rows] = await tenant.batch((query) =>
    workflowId === null
      ? [query.updateTable("workspaces").set({ limits: merged }).returning("id")]
      : [
          query
            .updateTable("workflows")
            .set({ limits: merged })
            .where("id", "=", workflowId)
            .where("archived_at", "is", null)
            .returning("id"),
        ],
  );
  return rows.length > 0;
}

/** Raises a limit of this month and every other, where it is still set and lower. Belongs into the transaction that stores who has decided so. */
export async function raiseMonthly(trx: TenantTransaction, budget: Budget, to: number): Promise<void> {
  const path = sql.lit(`{monthly,${budget.limit}}`);
  const higher = sql<string>`jsonb_set(limits, ${path}, to_jsonb(${to}::double precision))`;
  const isLower = sql<boolean>`(limits #>> ${path})::double precision < ${to}::double precision`;
  const owner = budget.of === "workspace" ? trx.updateTable("workspaces") : undefined;
  if (owner) await owner.set({ limits: higher }).where(isLower).execute();
  else if (budget.id !== undefined)
    await trx
      .updateTable("workflows")
      .set({ limits: higher })
      .where("id", "=", budget.id)
      .where(isLower)
      .execute();
}

export interface MissedBudget {
  readonly workspaceId: string;
  readonly budget: string;
  /** Nobody is asked any more; nobody has answered in time; or the question is about a month that is over. */
  readonly why: "unasked" | "overdue" | "past";
}

/** Budgets that runs wait for though there is no question about them that could be answered. */
export function missedBudgets(system: System, limit: number): Promise<readonly MissedBudget[]> {
  return system.transaction(async (trx) => {
    const missed = sql<MissedBudget>`select workspace_id as "workspaceId", budget, why from app.missed_budgets(${limit})`;
    return (await missed.execute(trx)).rows;
  });
}

function selectLimits(query: QueryBuilder, workflowId: string | null) {
  if (workflowId === null) return query.selectFrom("workspaces").select("limits");
  return query
    .selectFrom("workflows")
    .select("limits")
    .where("id", "=", workflowId)
    .where("archived_at", "is", null);
}
