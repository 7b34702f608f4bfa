import "server-only";
import { createHash } from "node:crypto";
import { searchPassages, type SearchRequest } from "#/agents/knowledge/search.ts";
import { type Actor, wake } from "#/agents/runtime.ts";
import type { Passage } from "#/agents/tools/tool.ts";
import type { Tenant } from "#/db/client.ts";
import { deleteDocument, insertDocument, passageIdsOf, startIngest } from "#/db/knowledge.ts";
import { embedTexts } from "#/lib/cloud/models.ts";
import { forgetPassages, searchPassages as queryVectors } from "#/lib/cloud/vectors.ts";
import { mediaTypeOf } from "#/lib/documents/media-type.ts";
import { newId } from "#/lib/id.ts";

/** The verbs on knowledge, for pages and routes. */

export interface NewDocument {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly source?: string | undefined;
  readonly by: Actor;
}

/** Stores a document and starts the run that reads and embeds it. @returns its id */
export async function addDocument(tenant: Tenant, document: NewDocument): Promise<string> {
  const id = newId();
  const runId = newId();
  await insertDocument(tenant, {
    id,
    name: document.name,
    mediaType: mediaTypeOf(document.name, document.bytes) ?? "application/octet-stream",
    bytes: document.bytes,
    hash: createHash("sha256").update(document.bytes).digest("hex"),
    source: document.source ?? null,
    createdBy: document.by.kind === "person" ? document.by.id : null,
  });
  await startIngest(tenant, runId, id);
  await wake([{ workspaceId: tenant.workspaceId, runId, wakes: 1 }]);
  return id;
}

/** Forgets a document: its vectors first, so that a failure in between leaves a row that can be removed again. */
export async function removeDocument(tenant: Tenant, id: string): Promise<"removed" | "not-found"> {
  await forgetPassages(tenant.workspaceId, await passageIdsOf(tenant, id));
  return (await deleteDocument(tenant, id)) ? "removed" : "not-found";
}

/** Passages of the workspace's documents that are near the question. @throws UnknownFilter, or when a service does not answer */
export function searchKnowledge(tenant: Pick<Tenant, "workspaceId">, request: SearchRequest, signal: AbortSignal = new AbortController().signal): Promise<readonly Passage[]> {
  return searchPassages({ embed: embedTexts, query: (query) => queryVectors(tenant.workspaceId, query) }, request, signal);
}
