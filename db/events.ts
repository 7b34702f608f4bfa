import { sql } from "kysely";
import type { System, Tenant } from "#/db/client.ts";
import { json } from "#/db/tables.ts";

export interface NewEvent {
  readonly id: string;
  readonly key: string;
  readonly payload: unknown;
  /** The sender. */
  readonly source: Readonly<Record<string, unknown>>;
}

/** Stores an event. It is given to whoever waits for its key by `deliverEvents` afterwards. */
export async function insertEvent(tenant: Tenant, { id, key, payload, source }: NewEvent): Promise<void> {
  await tenant.batch((query) => [
    query
      .insertInto("events")
      .values({
        workspace_id: tenant.workspaceId,
        id,
        key,
        payload: json(payload ?? null),
        source: json(source),
      })
      .onConflict((conflict) => conflict.doNothing()),
  ]);
}

/** Keys that an event and a wait have in common and that nobody has brought together: the process between the two died. */
export function missedEvents(
  system: System,
  limit: number,
): Promise<readonly { readonly workspaceId: string; readonly key: string }[]> {
  return system.transaction(async (trx) => {
    const { rows } = await sql<{
      workspace_id: string;
      key: string;
    }>`select * from app.missed_events(${limit})`.execute(trx);
    return rows.map((row) => ({ workspaceId: row.workspace_id, key: row.key }));
  });
}
