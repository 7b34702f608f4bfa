import type { Tenant } from "#/db/client.ts";
import { insertRun } from "#/db/run-lifecycle.ts";

export interface DocumentRow {
  readonly id: string;
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
  readonly hash: string;
  readonly source: string | null;
  readonly createdBy: string | null;
}

export async function insertDocument(tenant: Tenant, document: DocumentRow): Promise<void> {
  // Over the WebSocket: bytes travel as they are there, and as text over HTTP.
  await tenant.transaction(async (trx) => {
    await trx
      .insertInto("documents")
      .values({
        workspace_id: tenant.workspaceId,
        id: document.id,
        name: document.name,
        media_type: document.mediaType,
        size_bytes: document.bytes.length,
        hash: document.hash,
        source: document.source,
        content: Buffer.from(document.bytes),
        created_by: document.createdBy,
      })
      .execute();
  });
}

/** The internal run that reads and embeds a document. Once a document, however often it is asked for. */
export async function startIngest(tenant: Tenant, runId: string, documentId: string): Promise<void> {
  await insertRun(tenant, {
    id: runId,
    agentType: "ingest",
    workflowId: null,
    versionId: null,
    version: null,
    input: { documentId },
    trigger: { kind: "run", documentId },
    idempotencyKey: `ingest-${documentId}`,
  });
}

export async function passageIdsOf(tenant: Tenant, documentId: string): Promise<readonly string[]> {
  const [rows] = await tenant.batch((query) => [query.selectFrom("vector_metadata").select("id").where("document_id", "=", documentId)]);
  return rows.map((row) => row.id);
}

/** @returns whether there was such a document */
export async function deleteDocument(tenant: Tenant, id: string): Promise<boolean> {
  const [rows] = await tenant.batch((query) => [query.deleteFrom("documents").where("id", "=", id).returning("id")]);
  return rows.length > 0;
}
