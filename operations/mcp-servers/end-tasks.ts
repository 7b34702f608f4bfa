import "server-only";
import type { Outcome } from "#/agents/mcp/outcome.ts";
import { isOver } from "#/agents/tools/mcp/told-task.ts";
import type { Database, Tenant } from "#/db/client.ts";
import { readMcpServer, type SealedServer } from "#/db/mcp-servers.ts";
import { type EndedTask, forgetRemoteTask, takeEndedTasks } from "#/db/remote-tasks.ts";
import { log } from "#/lib/observe/log.ts";
import { sendToServer } from "#/operations/mcp-servers/reach.ts";

/** Of one call; what is left is taken by the next tick. */
const MOST_TASKS = 50;
const LONGEST_MS = 10_000;
/** The last is about nine hours after the first: a server that is away for longer finds out by itself. */
const MOST_ATTEMPTS = 15;

/**
 * Tells servers that the runs are over which they still work on tasks for, in one workspace or in all. Whoever is told is told once: before it is tried
 * again the server is asked how the task stands. Never throws for what a server does.
 */
export async function endRemoteTasks(database: Database, workspaceId?: string): Promise<void> {
  const ended = await takeEndedTasks(database.system, { workspaceId, limit: MOST_TASKS });
  await Promise.all(ended.map((task) => endTask(database.tenant({ workspaceId: task.workspaceId }), task)));
}

async function endTask(tenant: Tenant, task: EndedTask): Promise<void> {
  const server = await readMcpServer(tenant, task.serverId);
  if (!server || (await isSettled(tenant, server, task))) return forgetRemoteTask(tenant, task);
  if (task.attempts < MOST_ATTEMPTS) return;
  log.warn({ ...task }, "A server could not be told that the run of a task is over.");
  await forgetRemoteTask(tenant, task);
}

/** Returns whether the server has been told, or has nothing to be told. */
async function isSettled(tenant: Tenant, server: SealedServer, task: EndedTask): Promise<boolean> {
  const ask = (method: "tasks/get" | "tasks/cancel") =>
    sendToServer(tenant, server, {
      method,
      params: { taskId: task.taskId },
      signal: AbortSignal.timeout(LONGEST_MS),
      idempotencyKey: `${task.runId}:${method}:${task.taskId}`.slice(0, 200),
    });
  // Somebody has taken it before, and may have died between the server's answer and our note of it.
  if (task.attempts > 1) {
    const found = await ask("tasks/get");
    if (found.kind === "result" && isOver(found.result)) return true;
    if (found.kind !== "result") return isAnswered(found);
  }
  return isAnswered(await ask("tasks/cancel"));
}

/** A server that says no knows of no such task, or cannot end it: it would say so again. */
const isAnswered = ({ kind }: Outcome) => kind === "result" || kind === "error";
