import type { DocumentPort } from "#/agents/knowledge/knowledge-ports.ts";
import type { Tenant } from "#/db/client.ts";
import { passageStore } from "#/db/passages.ts";
import { isUuid } from "#/lib/uuid.ts";

/** The documents of the workspace, as models are shown them. */
export function shownDocuments(tenant: Tenant): DocumentPort {
  return {
    find: async (idOrName) => {
      const [rows] = await tenant.batch((query) => [
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
          .limit(1),
      ]);
      return rows[0];
    },
    read: passageStore(tenant).content,
  };
}
