import { inTransaction, noteAudit, type Begun } from "#/local/move/states.ts";
import type { Client } from "pg";
import { type MovedTable, TREATMENTS } from "#/local/move/tables.ts";

/** By these the source knows whom to tell the new address, when the rest is gone. */
const KEPT: ReadonlySet<string> = new Set(["api_keys", "members", "workspace_moves"]);

/** Deletes what a move has left at the source, in one transaction. Of its audit log the lines stay that moves have written. Safe to repeat. */
export async function emptySource(
  client: Client,
  { workspaceId, id, other }: Begun,
  tables: readonly MovedTable[],
): Promise<void> {
  const left = Object.keys(TREATMENTS).filter((name) => TREATMENTS[name]?.does === "leave");
  await inTransaction(client, async () => {
    for (const name of [...left, ...tables.map((table) => table.name).toReversed()]) {
      if (KEPT.has(name)) continue;
      const most = name === "audit_log" ? " and actor ->> 'kind' <> 'operator'" : "";
      await client.query(`delete from ${name} where workspace_id = $1${most}`, [workspaceId]);
    }
    await client.query("update workspaces set limits = '{}' where id = $1", [workspaceId]);
    await client.query("update workspace_moves set emptied_at = now() where workspace_id = $1 and id = $2", [
      workspaceId,
      id,
    ]);
    await noteAudit(client, { workspaceId, action: "workspace.copy-deleted", id, other });
  });
}
