import type { Client } from "pg";
import { FREE_RUNS } from "#/local/archive/load.ts";

/** How a move stands in one deployment: a row of `workspace_moves`. */
export interface MoveRow {
  /** The same in both deployments. */
  readonly id: string;
  readonly state: "draining" | "frozen" | "moved" | "arriving" | "arrived";
  readonly otherUrl: string;
  readonly isEmptied: boolean;
}

interface OtherPlace {
  readonly url: string;
  readonly region: string | undefined;
}

export interface Begun {
  readonly workspaceId: string;
  readonly id: string;
  readonly other: OtherPlace;
}

export async function readMove(client: Client, workspaceId: string): Promise<MoveRow | undefined> {
  const { rows } = await client.query<MoveRow>(
    `select id, state, other_url as "otherUrl", emptied_at is not null as "isEmptied" from workspace_moves where workspace_id = $1`,
    [workspaceId],
  );
  return rows[0];
}

/** From here on no run of the workspace is taken at the source; those at work end their step. */
export async function beginDraining(client: Client, { workspaceId, id, other }: Begun): Promise<void> {
  await inTransaction(client, async () => {
    const { rowCount } = await client.query(
      `insert into workspace_moves (workspace_id, id, state, other_url, other_region) values ($1, $2, 'draining', $3, $4)
       on conflict (workspace_id) do update set
         id = excluded.id, state = 'draining', other_url = excluded.other_url, other_region = excluded.other_region,
         webhook_hashes = '{}', begun_at = now(), ended_at = null, emptied_at = null
       where workspace_moves.state = 'arrived'`,
      [workspaceId, id, other.url, other.region],
    );
    if (rowCount === 0) throw overtaken();
    await noteAudit(client, { workspaceId, action: "workspace.move-begun", id, other });
  });
}

/** From here on nothing of the workspace can be changed at the source by a transaction that begins. */
export async function freeze(client: Client, workspaceId: string, id: string): Promise<void> {
  const { rowCount } = await client.query(
    "update workspace_moves set state = 'frozen' where workspace_id = $1 and id = $2 and state = 'draining'",
    [workspaceId, id],
  );
  if (rowCount === 0) throw overtaken();
}

/** The switch: one transaction, after which the source runs the workspace never again. @throws when somebody has ended the move meanwhile */
export async function switchAway(client: Client, { workspaceId, id, other }: Begun): Promise<void> {
  await inTransaction(client, async () => {
    const { rowCount } = await client.query(
      `update workspace_moves set state = 'moved', ended_at = now(),
         webhook_hashes = array(select w.token_hash from webhooks w where w.workspace_id = $1)
       where workspace_id = $1 and id = $2 and state = 'frozen'`,
      [workspaceId, id],
    );
    if (rowCount === 0) throw overtaken();
    await noteAudit(client, { workspaceId, action: "workspace.moved", id, other });
  });
}

/** Takes a move away from whoever is at it. @returns false when it is over */
export async function renameMove(client: Client, workspaceId: string): Promise<boolean> {
  const { rowCount } = await client.query(
    "update workspace_moves set id = gen_random_uuid() where workspace_id = $1 and state in ('draining', 'frozen')",
    [workspaceId],
  );
  return rowCount === 1;
}

/** Lets the source work on. */
export async function endDraining(client: Client, { workspaceId, id, other }: Begun): Promise<void> {
  await inTransaction(client, async () => {
    await client.query(
      "delete from workspace_moves where workspace_id = $1 and state in ('draining', 'frozen')",
      [workspaceId],
    );
    await noteAudit(client, { workspaceId, action: "workspace.move-abandoned", id, other });
  });
}

/** Stores that the copy is whole and waits for the switch. Belongs to the transaction that has made the copy. */
export async function noteArriving(client: Client, { workspaceId, id, other }: Begun): Promise<void> {
  await client.query(
    "insert into workspace_moves (workspace_id, id, state, other_url, other_region) values ($1, $2, 'arriving', $3, $4)",
    [workspaceId, id, other.url, other.region],
  );
}

/** Lets the target run the workspace. Its tick wakes every run that is due, as after a restore. Safe to repeat. */
export async function arrive(client: Client, { workspaceId, id, other }: Begun): Promise<void> {
  await inTransaction(client, async () => {
    const { rowCount } = await client.query(
      "update workspace_moves set state = 'arrived', ended_at = now() where workspace_id = $1 and id = $2 and state = 'arriving'",
      [workspaceId, id],
    );
    if (rowCount === 0) return;
    await client.query(`${FREE_RUNS} and workspace_id = $1`, [workspaceId]);
    await noteAudit(client, { workspaceId, action: "workspace.arrived", id, other });
  });
}

const overtaken = () =>
  new Error(
    "Somebody has ended this move, or goes on with it, meanwhile. See how it stands, and begin again.",
  );

interface AuditLine {
  readonly workspaceId: string;
  readonly action: string;
  readonly id: string;
  readonly other: OtherPlace;
}

/** Writes down that an operator has done something to the workspace. */
export async function noteAudit(
  client: Client,
  { workspaceId, action, id, other }: AuditLine,
): Promise<void> {
  await client.query(
    `insert into audit_log (workspace_id, id, actor, action, target, target_id, detail)
     values ($1, gen_random_uuid(), '{"kind": "operator"}', $2, 'workspace', $1::uuid::text, $3)`,
    [workspaceId, action, JSON.stringify({ move: id, other })],
  );
}

/** Runs `work` in a transaction. Row-level security that would hide rows from the owner is an error in it. */
export async function inTransaction<T>(
  client: Client,
  work: () => Promise<T>,
  mode = "isolation level read committed",
): Promise<T> {
  await client.query(`begin ${mode}`);
  try {
    await client.query("set local row_security = off");
    const result = await work();
    await client.query("commit");
    return result;
  } catch (error) {
    // Where the connection is gone, so is the transaction.
    await client.query("rollback").catch(() => undefined);
    throw error;
  }
}
