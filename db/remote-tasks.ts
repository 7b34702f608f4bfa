import { sql } from "kysely";
import type { System, Tenant } from "#/db/client.ts";

/** A task that an MCP server works on for a run. */
export interface RemoteTask {
  readonly runId: string;
  /** Of its connection. */
  readonly serverId: string;
  /** The name that the server has given it. */
  readonly taskId: string;
}

/** A task whose run has ended, taken by whoever tells its server. */
export interface EndedTask extends RemoteTask {
  readonly workspaceId: string;
  /** The number of times that the task was taken, this one included. */
  readonly attempts: number;
}

/** Keeps a task in mind, unless its server was removed meanwhile: when the run ends before it, the server is told. */
export async function keepRemoteTask(tenant: Tenant, { runId, serverId, taskId }: RemoteTask): Promise<void> {
  await tenant.batch((query) => [
    query
      .insertInto("remote_tasks")
      .columns(["workspace_id", "run_id", "connection_id", "task_id"])
      .expression(
        query
          .selectFrom("connections")
          .select([
            "workspace_id",
            sql<string>`${runId}::uuid`.as("run_id"),
            "id",
            sql<string>`${taskId}::text`.as("task_id"),
          ])
          .where("id", "=", serverId)
          .forKeyShare(),
      )
      .onConflict((conflict) => conflict.doNothing()),
  ]);
}

/** Forgets a task: it is over, and nobody needs to be told. */
export async function forgetRemoteTask(
  tenant: Tenant,
  { runId, serverId, taskId }: RemoteTask,
): Promise<void> {
  await tenant.batch((query) => [
    query
      .deleteFrom("remote_tasks")
      .where("run_id", "=", runId)
      .where("connection_id", "=", serverId)
      .where("task_id", "=", taskId),
  ]);
}

/** Takes tasks whose runs have ended, of one workspace or of all. One that is not forgotten is given out again later. */
export function takeEndedTasks(
  system: System,
  { workspaceId, limit }: { readonly workspaceId: string | undefined; readonly limit: number },
): Promise<readonly EndedTask[]> {
  return system.transaction(async (trx) => {
    const { rows } = await sql<{
      workspace_id: string;
      run_id: string;
      connection_id: string;
      task_id: string;
      attempts: number;
    }>`select * from app.take_ended_tasks(${workspaceId ?? null}::uuid, ${limit})`.execute(trx);
    return rows.map((row) => ({
      workspaceId: row.workspace_id,
      runId: row.run_id,
      serverId: row.connection_id,
      taskId: row.task_id,
      attempts: row.attempts,
    }));
  });
}
