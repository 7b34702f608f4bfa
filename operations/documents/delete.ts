import { orUnavailable } from "#/operations/documents/away.ts";
import { removeDocument } from "#/operations/documents/ingest.ts";
import type { Input } from "#/lib/http/contract.ts";
import { notFound, type Refusal } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import type { deleteDocumentContract } from "#/operations/documents/contract.ts";

/** Deletes a document with its passages and vectors. Refuses with `not-found`, and with `unavailable` when the vector store does not answer; the document is still there then. */
export async function deleteDocument(
  { tenant }: Caller,
  { id }: Input<typeof deleteDocumentContract>,
): Promise<Refusal | undefined> {
  const removed = await orUnavailable(removeDocument(tenant, id));
  if (typeof removed !== "string") return removed;
  return removed === "removed" ? undefined : notFound("document");
}
