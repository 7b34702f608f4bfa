import type { DocumentPort, ShownDocument } from "#/agents/knowledge/knowledge-ports.ts";
import type { QueryBuilder, Tenant } from "#/db/client.ts";
import { passageStore } from "#/db/passages.ts";
import { isUuid } from "#/lib/uuid.ts";

/** The documents of the workspace, as models are shown them. */
export function shownDocuments(tenant: Tenant): DocumentPort {
  return {
    find: async (idOrName) => {
      const [rows] = await tenant.batch((query) => [selectDocument(query, idOrName)]);
      return rows[0];
    },
    read: passageStore(tenant).content,
  };
}

/** Documents by the id or name that they were asked for by. */
export type FoundDocuments = ReadonlyMap<string, ShownDocument>;

/** Finds documents as a run would, those that there are. */
export async function findDocuments(tenant: Tenant, idsOrNames: readonly string[]): Promise<FoundDocuments> {
  const asked = [...new Set(idsOrNames)];
  if (asked.length === 0) return new Map();
  const found = await tenant.batch((query) => asked.map((one) => selectDocument(query, one)));
  return new Map(asked.flatMap((one, index) => found[index]?.map((row) => [one, row] as const) ?? []));
}

/** The document of this id, or the newest of this name. */
const selectDocument = (query: QueryBuilder, idOrName: string) =>
  query
    .selectFrom("documents")
    .select(["id", "name", "media_type as contentType", "size_bytes as bytes", "hash as sha256"])
    .where((eb) =>
      isUuid(idOrName)
        ? eb.or([eb("id", "=", idOrName), eb("name", "=", idOrName)])
        : eb("name", "=", idOrName),
    )
    .orderBy((eb) => eb("name", "=", idOrName))
    .orderBy("created_at", "desc")
    .orderBy("id", "desc")
    .limit(1);
