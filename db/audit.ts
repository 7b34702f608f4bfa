import type { Tenant } from "#/db/client.ts";
import { json } from "#/db/tables.ts";
import { newId } from "#/lib/id.ts";

export interface AuditEntry {
  readonly actor: Readonly<Record<string, unknown>>;
  /** In the past tense, with its noun first: workflow.published */
  readonly action: string;
  readonly targetId: string;
}

/** Writes down who changed what. */
export async function recordAudit(tenant: Tenant, { actor, action, targetId }: AuditEntry): Promise<void> {
  const target = action.split(".")[0] ?? action;
  await tenant.batch((query) => [
    query.insertInto("audit_log").values({
      workspace_id: tenant.workspaceId,
      id: newId(),
      actor: json(actor),
      action,
      target,
      target_id: targetId,
    }),
  ]);
}
