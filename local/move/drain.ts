import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";

const LOOK_MS = 200;

/**
 * Waits until nobody works on a run of the workspace. Steps that take longer than the patience are left behind: what they do from the freeze on
 * is not stored, and the target takes their runs over as if a process had died.
 * @returns the number of runs that are still worked on
 */
export async function waitForWork(client: Client, workspaceId: string, patienceMs: number): Promise<number> {
  for (const until = Date.now() + patienceMs; ; await sleep(LOOK_MS)) {
    const { rows } = await client.query<{ held: number }>(
      `select count(*)::int as held from agent_sessions
       where workspace_id = $1 and finished_at is null and lease_by is not null and lease_until > clock_timestamp()`,
      [workspaceId],
    );
    const held = rows[0]?.held ?? 0;
    if (held === 0 || Date.now() >= until) return held;
  }
}

/** Those of the product that are open now. Nobody else writes to a workspace. */
const OPEN_TRANSACTIONS = `
  select l.virtualxid as id, a.pid
  from pg_locks l join pg_stat_activity a on a.pid = l.pid
  where l.locktype = 'virtualxid' and l.granted and a.datname = current_database()
    and a.pid <> pg_backend_pid() and a.usename <> current_user`;

/** @throws when one is open for longer than the patience */
export async function waitForTransactions(client: Client, patienceMs: number): Promise<void> {
  const read = async () => (await client.query<{ id: string; pid: number }>(OPEN_TRANSACTIONS)).rows;
  // Those that begin from now on see that the workspace is frozen.
  const before = new Set((await read()).map(({ id }) => id));
  for (const until = Date.now() + patienceMs; ; await sleep(LOOK_MS)) {
    const open = (await read()).filter(({ id }) => before.has(id));
    if (open.length === 0) return;
    if (Date.now() >= until)
      throw new Error(
        `Transactions of before are still open at the source (backends ${open.map(({ pid }) => pid).join(", ")}). Give the same command again, or end them.`,
      );
  }
}
