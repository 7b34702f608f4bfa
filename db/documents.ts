import { UNSUCCESSFUL_STATUSES } from "#/agents/vocabulary/run.ts";
import { sql } from "kysely";
import type { QueryBuilder, Tenant } from "#/db/client.ts";
import {
  countAfter,
  given,
  isoTime,
  isOlder,
  momentKey,
  type Page,
  type PageRequest,
  toPage,
} from "#/db/page.ts";
import { hasWords } from "#/db/words.ts";
import { INGEST_KEY } from "#/db/knowledge.ts";
import type { DocumentStatus } from "#/agents/vocabulary/document.ts";

export interface Document {
  readonly id: string;
  readonly name: string;
  readonly mediaType: string;
  readonly sizeBytes: number;
  readonly status: DocumentStatus;
  readonly error: string | null;
  readonly note: string | null;
  readonly source: string | null;
  readonly passages: number;
  readonly embedded: number;
  readonly createdAt: string;
}

interface DocumentsRequest extends PageRequest {
  readonly status?: DocumentStatus | undefined;
  /** Exactly this. */
  readonly name?: string | undefined;
  /** Words of the name. */
  readonly search?: string | undefined;
}

/** Documents, newest first, without their content. */
export async function listDocuments(tenant: Tenant, page: DocumentsRequest): Promise<Page<Document>> {
  const { limit, cursor, status, name, search } = page;
  const [rows] = await tenant.read((query) => [
    documents(query)
      .where((eb) =>
        eb.and([
          ...given(status, (it) => eb(statusNow, "=", it)),
          ...given(name, (it) => eb("d.name", "=", it)),
          ...given(search, (it) => hasWords("d.name", it)),
          ...given(cursor, (it) => isOlder({ moment: "d.created_at", id: "d.id" }, it)),
        ]),
      )
      .orderBy("d.created_at", "desc")
      .orderBy("d.id", "desc")
      .limit(limit + 1),
  ]);
  return toPage(rows, limit, toDocument);
}

export async function getDocument(tenant: Tenant, id: string): Promise<Document | undefined> {
  const [rows] = await tenant.batch((query) => [documents(query).where("d.id", "=", id)]);
  return rows[0] && toDocument(rows[0]);
}

interface PassageText {
  readonly position: number;
  readonly text: string;
}

/** A document's passages from a position on, in their order; undefined when there is no such document. */
export async function listPassages(
  tenant: Tenant,
  documentId: string,
  { limit, cursor, from = 1 }: PageRequest & { readonly from?: number | undefined },
): Promise<Page<PassageText> | undefined> {
  const after = Math.max(from - 1, countAfter(cursor));
  const [known, rows] = await tenant.read((query) => [
    query.selectFrom("documents").select("id").where("id", "=", documentId),
    query
      .selectFrom("vector_metadata")
      .select(["position", "text", "document_id as id", sql<string>`position::text`.as("cursorKey")])
      .where("document_id", "=", documentId)
      .where("position", ">", after)
      .orderBy("position")
      .limit(limit + 1),
  ]);
  if (known.length === 0) return undefined;
  return toPage(rows, limit, ({ position, text }) => ({ position, text }));
}

/** A run can end without a word to its document, as when a file kills each process that reads it. */
const runEndedBadly = sql<boolean>`d.status not in ('ready', 'failed') and r.status in (${sql.join(UNSUCCESSFUL_STATUSES.map((status) => sql.lit(status)))})`;
const statusNow = sql<DocumentStatus>`case when ${runEndedBadly} then 'failed' else d.status end`;
const errorNow = sql<
  string | null
>`case when ${runEndedBadly} then 'Reading it was given up: ' || coalesce(r.error ->> 'message', r.status) else d.error end`;

function documents(query: QueryBuilder) {
  return query
    .selectFrom("documents as d")
    .leftJoin("agent_sessions as r", (join) =>
      join
        .onRef("r.workspace_id", "=", "d.workspace_id")
        .on("r.idempotency_key", "=", sql<string>`${sql.lit(INGEST_KEY)} || d.id`),
    )
    .select([
      "d.id",
      "d.name",
      "d.media_type",
      "d.size_bytes",
      "d.note",
      "d.source",
      "d.passages",
      "d.embedded",
      "d.created_at",
    ])
    .select([statusNow.as("status"), errorNow.as("error"), momentKey("d.created_at").as("cursorKey")]);
}

function toDocument(row: Awaited<ReturnType<ReturnType<typeof documents>["execute"]>>[number]): Document {
  return {
    id: row.id,
    name: row.name,
    mediaType: row.media_type,
    sizeBytes: row.size_bytes,
    status: row.status,
    error: row.error,
    note: row.note,
    source: row.source,
    passages: row.passages,
    embedded: row.embedded,
    createdAt: isoTime(row.created_at),
  };
}
