import { sql } from "kysely";
import type { IngestStore } from "#/agents/knowledge/knowledge-ports.ts";
import type { QueryBuilder, Tenant } from "#/db/client.ts";

/** Rows of one statement stay well below the wire's limit of parameters. */
const INSERT_BATCH = 500;

/** The data half of ingestion. */
export function passageStore(tenant: Tenant): IngestStore {
  return {
    document: async (id) => {
      const [rows] = await tenant.batch((query) => [
        query
          .selectFrom("documents")
          .select(["name", "media_type as mediaType", "source"])
          .where("id", "=", id),
      ]);
      return rows[0];
    },
    // Over the WebSocket, as it was stored: over HTTP it would be twice as long.
    content: (id) =>
      tenant.transaction(async (trx) => {
        const row = await trx
          .selectFrom("documents")
          .select("content")
          .where("id", "=", id)
          .executeTakeFirst();
        return row?.content;
      }),
    savePassages: (document, passages) => savePassages(tenant, document, passages),
    nextUnembedded: async (id, count) => {
      const [rows] = await tenant.batch((query) => [
        query
          .selectFrom("vector_metadata")
          .select(["id", "position", "text"])
          .where("document_id", "=", id)
          .where("embedded_at", "is", null)
          .orderBy("position")
          .limit(count),
      ]);
      return rows;
    },
    markEmbedded: async (id, passageIds) => {
      const [marked] = await tenant.batch((query) => [
        query
          .updateTable("vector_metadata")
          .set({ embedded_at: sql`now()` })
          .where("id", "in", [...passageIds])
          .returning("id"),
        query
          .updateTable("documents")
          .set({ embedded: countEmbedded(query, id) })
          .where("id", "=", id),
      ]);
      return marked.map((row) => row.id);
    },
    setStatus: async (id, status, said) => {
      await tenant.batch((query) => [
        query
          .updateTable("documents")
          .set({ status, error: said?.error ?? null, ...(said && { note: said.note ?? null }) })
          .where("id", "=", id),
      ]);
    },
  };
}

type SavePassages = IngestStore["savePassages"];

function savePassages(
  tenant: Tenant,
  ...[document, passages]: Parameters<SavePassages>
): ReturnType<SavePassages> {
  return tenant.transaction(async (trx) => {
    await trx
      .deleteFrom("vector_metadata")
      .where("document_id", "=", document.id)
      .where("position", ">", passages.length)
      .execute();
    const base = {
      workspace_id: tenant.workspaceId,
      document_id: document.id,
      content_type: document.mediaType,
      source: document.source,
    };
    for (let start = 0; start < passages.length; start += INSERT_BATCH) {
      const rows = passages
        .slice(start, start + INSERT_BATCH)
        .map((passage) => Object.assign({}, base, passage));
      await trx
        .insertInto("vector_metadata")
        .values(rows)
        .onConflict((conflict) =>
          conflict
            .columns(["workspace_id", "id"])
            .doUpdateSet((eb) => ({
              text: eb.ref("excluded.text"),
              hash: eb.ref("excluded.hash"),
              embedded_at: null,
            }))
            .whereRef("vector_metadata.hash", "<>", "excluded.hash"),
        )
        .execute();
    }
    await trx
      .updateTable("documents")
      .set({ passages: passages.length, embedded: countEmbedded(trx, document.id) })
      .where("id", "=", document.id)
      .execute();
  });
}

function countEmbedded(query: Pick<QueryBuilder, "selectFrom">, documentId: string) {
  return query
    .selectFrom("vector_metadata")
    .select((eb) => eb.cast<number>(eb.fn.countAll(), "integer").as("n"))
    .where("document_id", "=", documentId)
    .where("embedded_at", "is not", null);
}
