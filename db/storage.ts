import { sql } from "kysely";
import { type Retention, readRetention } from "#/agents/engine/retention.ts";
import type { StoredKind } from "#/agents/vocabulary/storage.ts";
import type { QueryBuilder, Tenant } from "#/db/client.ts";
import { isoTime } from "#/db/page.ts";
import { json } from "#/db/tables.ts";

interface StoredAmount {
  readonly kind: StoredKind;
  readonly rows: number;
  /** Before compression, indexes aside. */
  readonly bytes: number;
  readonly oldest: string | null;
  /** The first day on which some of it goes. */
  readonly nextExpiry: string | null;
}

export interface StorageUse {
  readonly kinds: readonly StoredAmount[];
  readonly retention: Retention;
}

const today = sql`(now() at time zone 'utc')::date`;
const amounts = sql<
  readonly {
    readonly kind: StoredKind;
    readonly rows: number;
    readonly bytes: number;
    readonly oldest: string | null;
    readonly next: string | null;
  }[]
>;

/**
 * Counts what the workspace stores. Runs count what is written for them, so that their logs and checkpoints are not looked at
 * (100,000 runs: 60 ms; their 3 million rows would take seconds).
 */
export async function readStorage(tenant: Tenant): Promise<StorageUse> {
  const [runs, others, workspaces] = await tenant.read((query) => [
    ofRuns(query),
    ofOthers(query),
    query.selectFrom("workspaces").select("limits"),
  ]);
  const kinds = [...runs, ...others].flatMap(({ kinds: found }) => found);
  return {
    kinds: kinds.map(({ kind, rows, bytes, oldest, next }) => ({
      kind,
      rows,
      bytes,
      oldest: isoTime(oldest === null ? null : new Date(oldest)),
      nextExpiry: next,
    })),
    retention: readRetention(workspaces[0]?.limits),
  };
}

/** @param rows and `bytes`: what of a run's row says how much is stored for it */
function ofRun(
  kind: StoredKind,
  expires: string,
  { rows, bytes }: { readonly rows: string; readonly bytes: string },
) {
  const day = sql.ref(expires);
  const kept = sql`filter (where ${day} > ${today})`;
  return sql`jsonb_build_object('kind', ${sql.lit(kind)}, 'rows', coalesce(sum(${sql.raw(rows)}) ${kept}, 0), 'bytes', coalesce(sum(${sql.raw(bytes)}) ${kept}, 0),
    'oldest', min(created_at) ${kept}, 'next', min(${day}) ${kept})`;
}

const OWN_BYTES =
  "coalesce(pg_column_size(input), 0) + coalesce(pg_column_size(state), 0) + coalesce(pg_column_size(output), 0)";

function ofRuns(query: QueryBuilder) {
  return query.selectFrom("agent_sessions").select([
    amounts`jsonb_build_array(${ofRun("runs", "expires_on", { rows: "1", bytes: OWN_BYTES })}, ${ofRun("logs", "logs_expire_on", { rows: "log_seq", bytes: "log_bytes" })},
      ${ofRun("checkpoints", "checkpoints_expire_on", { rows: "checkpoint_rows", bytes: "checkpoint_bytes" })})`.as(
      "kinds",
    ),
  ]);
}

const received = (kind: StoredKind, bytes: string) =>
  sql`jsonb_build_object('kind', ${sql.lit(kind)}, 'rows', count(*), 'bytes', coalesce(sum(${sql.raw(bytes)}), 0), 'oldest', min(received_at), 'next', min(expires_on))`;

function ofOthers(query: QueryBuilder) {
  return query.selectNoFrom([
    amounts`jsonb_build_array((select ${received("deliveries", "octet_length(body)")} from webhook_deliveries where expires_on > ${today}),
      (select ${received("events", "coalesce(pg_column_size(payload), 0)")} from events where expires_on > ${today}))`.as(
      "kinds",
    ),
  ]);
}

/** Sets how long the workspace keeps things. It counts for what is stored afterwards, and for runs that fail or take longer than a day. */
export async function saveRetention(tenant: Tenant, retention: Retention): Promise<void> {
  await tenant.batch((query) => [
    query
      .updateTable("workspaces")
      .set({ limits: sql<string>`limits || jsonb_build_object('retention', ${json(retention)}::jsonb)` })
      .where("id", "=", tenant.workspaceId),
  ]);
}
