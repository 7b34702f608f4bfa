import type { RemovalPorts } from "#/agents/knowledge/knowledge-ports.ts";
import type { Tenant } from "#/db/client.ts";
import { type InsertedRun, insertRun } from "#/db/run-lifecycle.ts";

export interface DocumentRow {
  readonly id: string;
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
  readonly hash: string;
  readonly source: string | null;
  readonly createdBy: string | null;
}

/** Stores a document once: neither twice, nor again after it was deleted, which the run that has read it tells. */
export async function insertDocument(tenant: Tenant, document: DocumentRow): Promise<void> {
  // Over the WebSocket: bytes travel as they are there, and as text over HTTP.
  await tenant.transaction(async (trx) => {
    const read = await trx
      .selectFrom("agent_sessions")
      .select("id")
      .where("idempotency_key", "=", `${INGEST_KEY}${document.id}`)
      .executeTakeFirst();
    if (read) return;
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
      .onConflict((conflict) => conflict.columns(["workspace_id", "id"]).doNothing())
      .execute();
  });
}

/** Begins the idempotency key of the run that ingests a document; the document's id follows. */
export const INGEST_KEY = "ingest-";

/** The internal run that reads and embeds a document. Once a document, however often it is asked for. */
export function startIngest(tenant: Tenant, runId: string, documentId: string): Promise<InsertedRun> {
  return insertRun(tenant, {
    id: runId,
    agentType: "ingest",
    workflowId: null,
    versionId: null,
    version: null,
    input: { documentId },
    trigger: { kind: "run", documentId },
    idempotencyKey: `${INGEST_KEY}${documentId}`,
  });
}

/** The data half of removal. */
export function removalStore(tenant: Tenant): Omit<RemovalPorts, "forgetVectors"> {
  return {
    findPassages: async (id) => {
      const [documents, passages] = await tenant.batch((query) => [
        query.selectFrom("documents").select("status").where("id", "=", id),
        query.selectFrom("vector_metadata").select("id").where("document_id", "=", id),
      ]);
      const [document] = documents;
      return document && { ids: passages.map((row) => row.id), isBeingRead: document.status !== "ready" };
    },
    deleteDocument: async (id) => {
      const [passages, deleted] = await tenant.batch((query) => [
        query.deleteFrom("vector_metadata").where("document_id", "=", id).returning("id"),
        query.deleteFrom("documents").where("id", "=", id).returning("id"),
      ]);
      return deleted.length > 0 ? passages.map((row) => row.id) : undefined;
    },
  };
}
