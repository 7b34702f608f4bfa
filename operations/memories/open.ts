import "server-only";
import type { MemoryPort, MemoryPorts } from "#/agents/memory/memory-ports.ts";
import { recallFacts } from "#/agents/memory/recall.ts";
import { saveFacts } from "#/agents/memory/save.ts";
import type { Tenant } from "#/db/client.ts";
import { memoryStore } from "#/db/memories.ts";
import { embedTexts } from "#/lib/cloud/models.ts";
import { forgetPassages, searchPassages, storePassages } from "#/lib/cloud/vectors.ts";

/** Opens the memory of a workspace: texts in its database, vectors in its namespace. */
export function openMemory(tenant: Tenant): MemoryPort {
  const ports = memoryPorts(tenant);
  return {
    recall: (place, request, signal) => recallFacts({ ports, place }, request, signal),
    save: (place, facts, signal) => saveFacts({ ports, place }, facts, signal),
  };
}

function memoryPorts(tenant: Tenant): MemoryPorts {
  const { workspaceId } = tenant;
  return {
    store: memoryStore(tenant),
    vectors: {
      embed: embedTexts,
      query: (query) => searchPassages(workspaceId, query),
      store: (vectors) => storePassages(workspaceId, vectors),
      forget: (ids) => forgetPassages(workspaceId, ids),
    },
    now: Date.now,
  };
}
