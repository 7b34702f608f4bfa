import { sql } from "kysely";
import type { Tenant } from "#/db/client.ts";
import { countBefore, isoTime, type Page, type PageRequest } from "#/db/page.ts";
import { encodeCursor } from "#/lib/cursor.ts";

/** The state of a run between two supersteps. */
export interface CheckpointSummary {
  readonly id: string;
  /** The superstep that begins here. */
  readonly superstep: number;
  /** The steps of the superstep that led here. */
  readonly steps: readonly string[];
  /** The public state. */
  readonly state: Readonly<Record<string, unknown>>;
  readonly createdAt: string;
}

/** Newest first; undefined when there is no such run. LangGraph's own checkpoint of the input is left out. */
export async function listCheckpoints(
  tenant: Tenant,
  runId: string,
  { limit, cursor }: PageRequest,
): Promise<Page<CheckpointSummary> | undefined> {
  const before = countBefore(cursor);
  const superstep = sql<number>`(c.metadata ->> 'step')::integer`;
  const [runs, rows] = await tenant.batch((query) => [
    query
      .selectFrom("agent_sessions")
      .select("id")
      .where("id", "=", runId)
      .where("agent_type", "<>", "ingest"),
    query
      .selectFrom("checkpoints as c")
      .select(["c.checkpoint_id as id", "c.created_at as createdAt", superstep.as("superstep")])
      .select([
        sql<string[] | null>`(select array_agg(distinct l.step) from agent_logs l
          where l.session_id = ${runId} and l.superstep = ${superstep} - 1 and l.status = 'succeeded')`.as(
          "steps",
        ),
        sql<Record<
          string,
          unknown
        > | null>`(select jsonb_object_agg(substr(v.channel, 7), app.json_of(v.value)) from app.values_of(c) v where v.channel like 'state.%' and v.value is not null)`.as(
          "state",
        ),
      ])
      .where("c.thread_id", "=", runId)
      .where("c.checkpoint_ns", "=", "")
      .where(superstep, ">=", 0)
      .where(superstep, "<", before)
      .orderBy(superstep, "desc")
      .limit(limit + 1),
  ]);
  if (runs.length === 0) return undefined;
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(({ id, superstep: begins, createdAt, steps, state }) => ({
      id,
      superstep: begins,
      steps: steps ?? [],
      state: state ?? {},
      createdAt: isoTime(createdAt),
    })),
    nextCursor:
      last && rows.length > limit ? encodeCursor({ key: String(last.superstep), id: last.id }) : null,
  };
}
