import type { QueryBuilder, Tenant } from "#/db/client.ts";

/** A run with all runs that it has started, and theirs. */
export function runsBelow(query: QueryBuilder, runId: string) {
  return query
    .withRecursive("family", (start) =>
      start
        .selectFrom("agent_sessions as r")
        .select("r.id")
        .where("r.id", "=", runId)
        .unionAll(
          start
            .selectFrom("agent_sessions as c")
            .innerJoin("family as f", "f.id", "c.parent_id")
            .select("c.id"),
        ),
    )
    .selectFrom("family")
    .select("family.id");
}

/** A run with those that it was started through. */
function runsAbove(query: QueryBuilder, runId: string) {
  return query
    .withRecursive("ancestors", (start) =>
      start
        .selectFrom("agent_sessions as r")
        .select(["r.id", "r.parent_id", "r.workflow_id"])
        .where("r.id", "=", runId)
        .unionAll(
          start
            .selectFrom("agent_sessions as p")
            .innerJoin("ancestors as a", "a.parent_id", "p.id")
            .select(["p.id", "p.parent_id", "p.workflow_id"]),
        ),
    )
    .selectFrom("ancestors")
    .select("ancestors.id");
}

/** Finds the run at the top of a family: the one that nobody has started. */
export async function findTopRun(tenant: Tenant, runId: string): Promise<string> {
  const [[top]] = await tenant.batch((query) => [
    runsAbove(query, runId).where("ancestors.parent_id", "is", null),
  ]);
  return top?.id ?? runId;
}

/** Tells whether a run, or one of those that it was started through, is of one of the workflows. */
export async function isRunWithin(
  tenant: Tenant,
  runId: string,
  workflowIds: readonly string[],
): Promise<boolean> {
  const [rows] = await tenant.batch((query) => [
    runsAbove(query, runId)
      .where("ancestors.workflow_id", "in", [...workflowIds])
      .limit(1),
  ]);
  return rows.length > 0;
}
