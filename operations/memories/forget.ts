import "server-only";
import { vectorIdOf } from "#/agents/memory/embed-facts.ts";
import type { Tenant } from "#/db/client.ts";
import { deleteMemories } from "#/db/memory-list.ts";
import { forgetPassages } from "#/lib/cloud/vectors.ts";
import { askService } from "#/operations/documents/away.ts";

/** Deletes facts: their vectors first, so that a failure in between leaves rows that can be deleted again. @throws ServiceAway */
export async function forgetMemories(tenant: Tenant, ids: readonly string[]): Promise<number> {
  await askService(forgetPassages(tenant.workspaceId, ids.map(vectorIdOf)));
  return deleteMemories(tenant, ids);
}
