import { sql } from "kysely";
import type { RunCost } from "#/agents/engine/estimate.ts";
import type { Tenant } from "#/db/client.ts";

const LAST_RUNS = 50;

/** Reads the usage of a workflow's last runs that came to their end by themselves, with all that each has started. Undefined when there is no such workflow. */
export async function readRunCosts(
  tenant: Tenant,
  workflowId: string,
): Promise<readonly RunCost[] | undefined> {
  const [workflows, rows] = await tenant.read((query) => [
    query.selectFrom("workflows").select("id").where("id", "=", workflowId).where("archived_at", "is", null),
    query
      .selectFrom("agent_sessions")
      .select([sumUsed(["inputTokens", "outputTokens"]).as("tokens"), sumUsed(["costUsd"]).as("costUsd")])
      .where("workflow_id", "=", workflowId)
      .where("parent_id", "is", null)
      // A fork has taken results over instead of paying for them.
      .where("forked_from", "is", null)
      .where("is_try", "=", false)
      .where("status", "=", "succeeded")
      .orderBy("created_at", "desc")
      .limit(LAST_RUNS),
  ]);
  return workflows.length === 0 ? undefined : rows;
}

/** The sum of fields of a run's usage, its children's included. */
function sumUsed(fields: readonly string[]) {
  const own = fields.map((field) => sql`coalesce((usage ->> ${field})::numeric, 0)`);
  const below = fields.map((field) => sql`coalesce((usage -> 'children' ->> ${field})::numeric, 0)`);
  return sql<number>`(${sql.join([...own, ...below], sql` + `)})::double precision`;
}
