import "server-only";
import { createHash } from "node:crypto";
import { askService } from "#/operations/documents/away.ts";
import { removeEverything } from "#/agents/knowledge/remove.ts";
import type { Tenant } from "#/db/client.ts";
import { insertDocument, removalStore, startIngest } from "#/db/knowledge.ts";
import { forgetPassages } from "#/lib/cloud/vectors.ts";
import { detectImageType } from "#/lib/documents/image-type.ts";
import { detectMediaType } from "#/lib/documents/media-type.ts";
import { tidyText } from "#/lib/documents/tidy-text.ts";
import { newId } from "#/lib/id.ts";
import type { Actor } from "#/operations/actor.ts";
import { wake } from "#/operations/execution/wake.ts";

export interface NewDocument {
  readonly id: string;
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly source?: string | undefined;
  readonly by: Actor;
}

/** Stores a document and starts the run that reads and embeds it, once for its id: one that was deleted since does not come back. */
export async function addDocument(tenant: Tenant, document: NewDocument): Promise<void> {
  const { id } = document;
  await insertDocument(tenant, {
    id,
    name: tidyText(document.name),
    mediaType:
      detectImageType(document.bytes) ??
      detectMediaType(document.name, document.bytes) ??
      "application/octet-stream",
    bytes: document.bytes,
    hash: createHash("sha256").update(document.bytes).digest("hex"),
    source: document.source === undefined ? null : tidyText(document.source),
    createdBy: document.by.kind === "person" ? document.by.id : null,
  });
  const run = await startIngest(tenant, newId(), id);
  if (run.repeated) return;
  await wake([{ workspaceId: tenant.workspaceId, runId: run.id, wakes: 1, priority: "normal" }]);
}

/** Forgets a document. @throws when the vector store does not answer; the document is then still there, and can be removed again */
export function removeDocument(tenant: Tenant, id: string): Promise<"removed" | "not-found"> {
  return removeEverything(
    { ...removalStore(tenant), forgetVectors: (ids) => askService(forgetPassages(tenant.workspaceId, ids)) },
    id,
  );
}
