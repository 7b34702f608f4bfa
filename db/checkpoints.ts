import { sql } from "kysely";
import type {
  CheckpointQuery,
  CheckpointStore,
  StoredCheckpoint,
} from "#/agents/langgraph/checkpoint/store.ts";
import type { QueryBuilder, Tenant } from "#/db/client.ts";
import { json } from "#/db/tables.ts";

const WRITE_KEY = [
  "workspace_id",
  "thread_id",
  "checkpoint_ns",
  "checkpoint_id",
  "task_id",
  "idx",
  "expires_on",
] as const;

/** The workspace's checkpoints in Postgres. */
export function checkpointStore(tenant: Tenant): CheckpointStore {
  const base = { workspace_id: tenant.workspaceId };
  return {
    find: async (query) => {
      const [rows] = await tenant.batch((builder) => [selectCheckpoints(builder, query)]);
      return rows.map((row) => Object.assign(row, { blobs: row.blobs ?? [], writes: row.writes ?? [] }));
    },
    put: async (threadId, row, blobs) => {
      await tenant.transaction(async (trx) => {
        if (blobs.length > 0) {
          const rows = blobs.map((blob) => ({ ...base, thread_id: threadId, ...blob }));
          await trx
            .insertInto("checkpoint_blobs")
            .values(rows)
            .onConflict((conflict) => conflict.doNothing())
            .execute();
        }
        const texts = {
          checkpoint: json(row.checkpoint),
          metadata: json(row.metadata),
          small: row.small === undefined ? null : json(row.small),
        };
        await trx
          .insertInto("checkpoints")
          .values({ ...base, thread_id: threadId, ...row, ...texts })
          .onConflict((conflict) =>
            conflict
              .columns(["workspace_id", "thread_id", "checkpoint_ns", "checkpoint_id", "expires_on"])
              .doUpdateSet(texts),
          )
          .execute();
      });
    },
    putWrites: async (threadId, rows, replace) => {
      await tenant.transaction(async (trx) => {
        const values = rows.map((row) => ({ ...base, thread_id: threadId, ...row }));
        await trx
          .insertInto("checkpoint_writes")
          .values(values)
          .onConflict((conflict) =>
            replace
              ? conflict.columns(WRITE_KEY).doUpdateSet((eb) => ({
                  channel: eb.ref("excluded.channel"),
                  type: eb.ref("excluded.type"),
                  value: eb.ref("excluded.value"),
                }))
              : conflict.doNothing(),
          )
          .execute();
      });
    },
    deleteThread: async (threadId) => {
      await tenant.batch((builder) => [
        builder.deleteFrom("checkpoint_writes").where("thread_id", "=", threadId),
        builder.deleteFrom("checkpoint_blobs").where("thread_id", "=", threadId),
        builder.deleteFrom("checkpoints").where("thread_id", "=", threadId),
      ]);
    },
  };
}

function selectCheckpoints(builder: QueryBuilder, query: CheckpointQuery) {
  let select = builder
    .selectFrom("checkpoints as c")
    .select([
      "c.thread_id",
      "c.checkpoint_ns",
      "c.checkpoint_id",
      "c.parent_checkpoint_id",
      "c.checkpoint",
      "c.metadata",
      blobsOfRow,
      writesOfRow,
    ])
    .orderBy("c.checkpoint_id", "desc");
  if (query.threadId !== undefined) select = select.where("c.thread_id", "=", query.threadId);
  if (query.namespace !== undefined) select = select.where("c.checkpoint_ns", "=", query.namespace);
  if (query.checkpointId !== undefined) select = select.where("c.checkpoint_id", "=", query.checkpointId);
  if (query.beforeId !== undefined) select = select.where("c.checkpoint_id", "<", query.beforeId);
  if (query.metadata && Object.keys(query.metadata).length > 0) {
    select = select.where(sql<boolean>`c.metadata @> ${json(query.metadata)}::jsonb`);
  }
  return query.limit === undefined ? select : select.limit(query.limit);
}

const blobsOfRow = sql<StoredCheckpoint["blobs"] | null>`(select json_agg(v) from app.values_of(c) v)`.as(
  "blobs",
);

const writesOfRow = sql<StoredCheckpoint["writes"] | null>`(
  select json_agg(json_build_object('task_path', w.task_path, 'task_id', w.task_id, 'idx', w.idx, 'channel', w.channel, 'type', w.type, 'value', w.value))
  from checkpoint_writes w
  where w.workspace_id = c.workspace_id and w.thread_id = c.thread_id and w.checkpoint_ns = c.checkpoint_ns
    and w.checkpoint_id = c.checkpoint_id)`.as("writes");
