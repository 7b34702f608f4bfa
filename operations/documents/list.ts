import { type Document, listDocuments as readDocuments } from "#/db/documents.ts";
import type { Page } from "#/db/page.ts";
import type { Input } from "#/lib/http/contract.ts";
import type { Caller } from "#/operations/caller.ts";
import type { listDocumentsContract } from "#/operations/documents/contract.ts";

/** Lists documents, newest first, with how far each has been read. */
export function listDocuments(
  { tenant }: Caller,
  filter: Input<typeof listDocumentsContract>,
): Promise<Page<Document>> {
  return readDocuments(tenant, filter);
}
