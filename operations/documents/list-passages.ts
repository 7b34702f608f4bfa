import { listPassages as readPassages } from "#/db/documents.ts";
import type { Page } from "#/db/page.ts";
import type { Input } from "#/lib/http/contract.ts";
import { notFound, type Refusal } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import type { DocumentPassage, listPassagesContract } from "#/operations/documents/contract.ts";

/** Lists a document's passages in their order. Of one that is being read, those that there are. Refuses with `not-found`. */
export async function listPassages(
  { tenant }: Caller,
  { id, ...page }: Input<typeof listPassagesContract>,
): Promise<Page<DocumentPassage> | Refusal> {
  return (await readPassages(tenant, id, page)) ?? notFound("document");
}
