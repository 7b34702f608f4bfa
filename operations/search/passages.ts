import "server-only";
import { searchPassages, type SearchRequest } from "#/agents/knowledge/search.ts";
import type { Passage } from "#/agents/tools/tool.ts";
import type { Tenant } from "#/db/client.ts";
import { embedTexts } from "#/lib/cloud/models.ts";
import { searchPassages as queryVectors } from "#/lib/cloud/vectors.ts";
import { askService } from "#/operations/documents/away.ts";

/** Passages of the workspace's documents that are near the question. @throws InvalidFilter, or when a service does not answer */
export function searchKnowledge(
  tenant: Pick<Tenant, "workspaceId">,
  request: SearchRequest,
  signal: AbortSignal = new AbortController().signal,
): Promise<readonly Passage[]> {
  return searchPassages(
    {
      embed: (...asked) => askService(embedTexts(...asked)),
      query: (query) => askService(queryVectors(tenant.workspaceId, query)),
    },
    request,
    signal,
  );
}
