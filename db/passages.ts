import { sql } from "kysely";
import type { IngestPorts } from "#/agents/knowledge/ports.ts";
import type { Tenant } from "#/db/client.ts";

type Stored = Omit<IngestPorts, "embed" | "storeVectors">;

/** Rows of one statement stay well below the wire's limit of parameters. */
const INSERT_BATCH = 500;

/** The data half of ingestion. */
export function passageStore(tenant: Tenant): Stored {
  return {
    document: async (id) => {
      const [rows] = await tenant.batch((query) => [
        query.selectFrom("documents").select(["name", "media_type as mediaType", "source", "content"]).where("id", "=", id),
      ]);
      return rows[0];
    },
    savePassages: (document, passages) =>
      tenant.transaction(async (trx) => {
        await trx.deleteFrom("vector_metadata").where("document_id", "=", document.id).execute();
        const base = { workspace_id: tenant.workspaceId, document_id: document.id, content_type: document.mediaType, source: document.source };
        for (let start = 0; start < passages.length; start += INSERT_BATCH) {
          const rows = passages.slice(start, start + INSERT_BATCH).map((passage) => Object.assign({ ...passage }, base));
          await trx.insertInto("vector_metadata").values(rows).execute();
        }
        await trx.updateTable("documents").set({ passages: passages.length, embedded: 0 }).where("id", "=", document.id).execute();
      }),
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
    markEmbedded: (id, passageIds) =>
      tenant.transaction(async (trx) => {
        await trx.updateTable("vector_metadata").set({ embedded_at: sql`now()` }).where("id", "in", [...passageIds]).execute();
        const embedded = trx
          .selectFrom("vector_metadata")
          .select((eb) => eb.cast<number>(eb.fn.countAll(), "integer").as("n"))
          .where("document_id", "=", id)
          .where("embedded_at", "is not", null);
        await trx.updateTable("documents").set({ embedded }).where("id", "=", id).execute();
      }),
    setStatus: async (id, status, error) => {
      await tenant.batch((query) => [query.updateTable("documents").set({ status, error: error ?? null }).where("id", "=", id)]);
    },
  };
}
