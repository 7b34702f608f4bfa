import { type Expression, type ExpressionBuilder, sql, type SqlBool } from "kysely";
import type { RunStatus, TriggerKind } from "#/agents/vocabulary/run.ts";
import type { Tenant } from "#/db/client.ts";
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

/** The conditions of a list of runs. */
export function fits(eb: Runs, { workspaceId }: Tenant, filter: RunFilter): Expression<SqlBool> {
  const { parent } = filter;
  return eb.and([
    ...given(filter.workflow, (it) => eb("r.workflow_id", "=", it)),
    ...given(filter.status, (it) => eb("r.status", "=", it)),
    parent === undefined ? eb("r.fragment", "is", null) : eb("r.parent_id", "=", parent),
    ...given(filter.try, (it) => eb("r.is_try", "=", it)),
    ...given(filter.forkedFrom, (it) => eb("r.forked_from", "=", it)),
    ...given(filter.batch, (it) => eb(sql`r.trigger ->> 'batch'`, "=", it)),
    ...given(filter.trigger, (it) => eb("r.trigger_kind", "=", it)),
    ...given(filter.search, (it) => eb("r.id", "in", findByWords(workspaceId, it))),
    ...given(filter.from, (it) => sql<SqlBool>`r.created_at >= ${it}::timestamptz`),
    ...given(filter.to, (it) => sql<SqlBool>`r.created_at < ${it}::timestamptz`),
    ...given(filter.cursor, (it) => isOlder({ moment: "r.created_at", id: "r.id" }, it)),
  ]);
}

/** The search is made once, in a subquery: a plan that is kept for any text would else make it anew for each row (1.2 s with 20,000 runs). */
const findByWords = (workspaceId: string, search: string) => sql<string>`(
  select w.run_id
  from run_words w
  where w.workspace_id = ${workspaceId}::uuid and w.words @@ (select app.find_words(${workspaceId}::uuid, ${search}))
)`;
