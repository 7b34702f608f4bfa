import type { Tenant } from "#/db/client.ts";
import { json } from "#/db/tables.ts";
import { newId } from "#/lib/id.ts";

export interface AuditEntry {
  readonly actor: Readonly<Record<string, unknown>>;
  /** In the past tense, with its noun first: workflow.published */
  readonly action: string;
  readonly targetId: string;
  /** Whatever else is worth knowing of it. */
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** Writes down who changed what. */
export async function recordAudit(tenant: Tenant, entry: AuditEntry): Promise<void> {
  await tenant.batch((query) => [query.insertInto("audit_log").values(auditRow(tenant, entry))]);
}

/** Makes the row of a line, for transactions of others. */
export const auditRow = (
  { workspaceId }: Pick<Tenant, "workspaceId">,
  { actor, action, targetId, detail = {} }: AuditEntry,
) => ({
  workspace_id: workspaceId,
  id: newId(),
  actor: json(actor),
  action,
  target: action.split(".")[0] ?? action,
  target_id: targetId,
  detail: json(detail),
});
