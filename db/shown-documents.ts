import type { DocumentPort, FoundDocuments } from "#/agents/knowledge/knowledge-ports.ts";
import type { QueryBuilder, Tenant } from "#/db/client.ts";
import { passageStore } from "#/db/passages.ts";
import { isUuid } from "#/lib/uuid.ts";
import { MOST_COMPARED } from "#/agents/definition/problem.ts";

/** The documents of the workspace, as models are shown them. */
export function shownDocuments(tenant: Tenant): DocumentPort {
  return {
    find: (idsOrNames) => findDocuments(tenant, idsOrNames),
    read: passageStore(tenant).content,
  };
}

/** Finds documents by their ids, or the newest of their names, those that there are: in one round trip, however many are asked for. */
export async function findDocuments(tenant: Tenant, idsOrNames: readonly string[]): Promise<FoundDocuments> {
  const asked = [...new Set(idsOrNames)];
  if (asked.length === 0) return new Map();
  const ids = asked.filter(isUuid);
  const [byName, byId] = await tenant.batch((query) => [
    selectShown(query)
      .distinctOn("name")
      .where("name", "in", asked)
      .orderBy("name")
      .orderBy("created_at", "desc")
      .orderBy("id", "desc"),
    selectShown(query).where("id", "in", ids.length > 0 ? ids : [NO_ID]),
  ]);
  return new Map([
    ...byName.map((row) => [row.name, row] as const),
    // An id is written in any case.
    ...byId.flatMap((row) => ids.filter((id) => id.toLowerCase() === row.id).map((id) => [id, row] as const)),
  ]);
}

const NO_ID = "00000000-0000-0000-0000-000000000000";

/** Lists names of documents, the last added first, as far as a slip is compared with them. */
export async function listDocumentNames(tenant: Tenant): Promise<readonly string[]> {
  const [rows] = await tenant.batch((query) => [
    query
      .selectFrom("documents")
      .select("name")
      .orderBy("created_at", "desc")
      .orderBy("id", "desc")
      .limit(MOST_COMPARED),
  ]);
  return [...new Set(rows.map(({ name }) => name))];
}

const selectShown = (query: QueryBuilder) =>
  query
    .selectFrom("documents")
    .select(["id", "name", "media_type as contentType", "size_bytes as bytes", "hash as sha256"]);
