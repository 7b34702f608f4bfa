import { type Expression, type ExpressionBuilder, sql, type SqlBool } from "kysely";
import type { RunStatus, TriggerKind } from "#/agents/vocabulary/run.ts";
import type { DB } from "#/db/generated.ts";
import { given, isOlder, type PageRequest } from "#/db/page.ts";

export interface RunFilter extends PageRequest {
  readonly workflow?: string | undefined;
  readonly status?: RunStatus | undefined;
  readonly trigger?: TriggerKind | undefined;
  /** Only what this run has started, items of its maps among them. */
  readonly parent?: string | undefined;
  /** Only what was made from this run: retries, forks and replays. */
  readonly forkedFrom?: string | undefined;
  /** Only tries of drafts, or none of them. */
  readonly try?: boolean | undefined;
  /** Only what was started together, in this batch. */
  readonly batch?: string | undefined;
  /** Words of the id, the input, the output and the error, or how they begin. */
  readonly search?: string | undefined;
  /** Only what was created then or later, */
  readonly from?: string | undefined;
  /** and before this. */
  readonly to?: string | undefined;
}

type Runs = ExpressionBuilder<{ r: DB["agent_sessions"] }, "r">;

/** The conditions of a list of runs, all but its words: db/run-search.ts. */
export function fits(eb: Runs, filter: RunFilter): Expression<SqlBool> {
  const { parent } = filter;
  return eb.and([
    ...given(filter.workflow, (it) => eb("r.workflow_id", "=", it)),
    ...given(filter.status, (it) => eb("r.status", "=", it)),
    parent === undefined ? eb("r.fragment", "is", null) : eb("r.parent_id", "=", parent),
    ...given(filter.try, (it) => eb("r.is_try", "=", it)),
    ...given(filter.forkedFrom, (it) => eb("r.forked_from", "=", it)),
    ...given(filter.batch, (it) => eb(sql`r.trigger ->> 'batch'`, "=", it)),
    ...given(filter.trigger, (it) => eb("r.trigger_kind", "=", it)),
    ...isInTime(filter),
  ]);
}

/** The conditions that say in which stretch of all runs, from the newest on, a page lies. */
export const isInTime = (filter: RunFilter): readonly Expression<SqlBool>[] => [
  ...given(filter.from, (it) => sql<SqlBool>`r.created_at >= ${it}::timestamptz`),
  ...given(filter.to, (it) => sql<SqlBool>`r.created_at < ${it}::timestamptz`),
  ...given(filter.cursor, (it) => isOlder({ moment: "r.created_at", id: "r.id" }, it)),
];
