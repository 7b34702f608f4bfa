import { sql } from "kysely";
import * as v from "valibot";
import { PaceLimits } from "#/agents/engine/limits.ts";
import type { QueryBuilder, Tenant } from "#/db/client.ts";
import { json } from "#/db/tables.ts";

const Monthly = v.object({ maxTokens: v.optional(v.number()), maxCostUsd: v.optional(v.number()) });
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

function selectLimits(query: QueryBuilder, workflowId: string | null) {
  if (workflowId === null) return query.selectFrom("workspaces").select("limits");
  return query
    .selectFrom("workflows")
    .select("limits")
    .where("id", "=", workflowId)
    .where("archived_at", "is", null);
}
