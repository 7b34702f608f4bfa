import { addDocument } from "#/operations/documents/ingest.ts";
import type { Document } from "#/db/documents.ts";
import { principalId } from "#/lib/auth/principal.ts";
import type { Refusal } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import { getDocument } from "#/operations/documents/get.ts";

export interface NewDocument {
  readonly id: string;
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly source?: string | undefined;
}

/** Stores a document under its id and starts the run that reads and embeds it; its status tells how far that is. The same id again stores nothing anew. */
export async function createDocument(caller: Caller, document: NewDocument): Promise<Document | Refusal> {
  const { tenant, principal } = caller;
  await addDocument(tenant, {
    ...document,
    by: { kind: principal.kind, id: principalId(principal) },
  });
  return getDocument(caller, { id: document.id });
}
