import { sql } from "kysely";
import type { RunCost, UsedModel } from "#/agents/engine/estimate.ts";
import type { QueryBuilder, Tenant } from "#/db/client.ts";

const LAST_RUNS = 50;
/** Of so many of them it is looked up which models they called, in so many runs with those that they had started. */
const LOOKED_INTO = 10;
const MOST_BELOW = 1_000;

/** The usage of a workflow's last runs. */
export interface PastRuns {
  /** Each with all that it has started. */
  readonly costs: readonly RunCost[];
  /** What the newest of them used, one sum for each model. */
  readonly used: readonly UsedModel[];
}

/** Reads the usage of a workflow's last runs that came to their end by themselves. Undefined when there is no such workflow. */
export async function readPastRuns(tenant: Tenant, workflowId: string): Promise<PastRuns | undefined> {
  const [workflows, costs, used] = await tenant.read((query) => [
    query.selectFrom("workflows").select("id").where("id", "=", workflowId).where("archived_at", "is", null),
    lastRuns(query, workflowId)
      .select([sumUsed(["inputTokens", "outputTokens"]).as("tokens"), sumUsed(["costUsd"]).as("costUsd")])
      .limit(LAST_RUNS),
    usedModels(query, workflowId),
  ]);
  return workflows.length === 0 ? undefined : { costs, used };
}

const lastRuns = (query: QueryBuilder, workflowId: string) =>
  query
    .selectFrom("agent_sessions as r")
    .where("r.workflow_id", "=", workflowId)
    .where("r.parent_id", "is", null)
    // A fork has taken results over instead of paying for them.
    .where("r.forked_from", "is", null)
    .where("r.is_try", "=", false)
    .where("r.status", "=", "succeeded")
    .orderBy("r.created_at", "desc");

const total = (column: "input_tokens" | "output_tokens" | "cost_usd") =>
  sql<number>`coalesce(sum(${sql.ref(`l.${column}`)}), 0)::double precision`;

function usedModels(query: QueryBuilder, workflowId: string) {
  return query
    .withRecursive("family", (start) =>
      start
        .selectFrom(
          lastRuns(query, workflowId).select(["r.id", "r.logs_expire_on"]).limit(LOOKED_INTO).as("newest"),
        )
        .select(["newest.id", "newest.logs_expire_on"])
        .unionAll(
          start
            .selectFrom("agent_sessions as c")
            .innerJoin("family as f", "f.id", "c.parent_id")
            .select(["c.id", "c.logs_expire_on"]),
        ),
    )
    .selectFrom((from) =>
      from.selectFrom("family").select(["family.id", "family.logs_expire_on"]).limit(MOST_BELOW).as("some"),
    )
    .innerJoin("agent_logs as l", (join) =>
      join.onRef("l.session_id", "=", "some.id").onRef("l.expires_on", "=", "some.logs_expire_on"),
    )
    .where("l.model", "is not", null)
    .select((from) => from.ref("l.model").$notNull().as("model"))
    .select([
      total("input_tokens").as("inputTokens"),
      total("output_tokens").as("outputTokens"),
      total("cost_usd").as("costUsd"),
    ])
    .groupBy("l.model");
}

/** The sum of fields of a run's usage, its children's included. */
function sumUsed(fields: readonly string[]) {
  const own = fields.map((field) => sql`coalesce((usage ->> ${field})::numeric, 0)`);
  const below = fields.map((field) => sql`coalesce((usage -> 'children' ->> ${field})::numeric, 0)`);
  return sql<number>`(${sql.join([...own, ...below], sql` + `)})::double precision`;
}
