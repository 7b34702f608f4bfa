import { type Document, getDocument as readDocument } from "#/db/documents.ts";
import type { Input } from "#/lib/http/contract.ts";
import { notFound, type Refusal } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import type { getDocumentContract } from "#/operations/documents/contract.ts";

/** Returns one document with how far it has been read. Refuses with `not-found`. */
export async function getDocument(
  { tenant }: Caller,
  { id }: Input<typeof getDocumentContract>,
): Promise<Document | Refusal> {
  return (await readDocument(tenant, id)) ?? notFound("document");
}
