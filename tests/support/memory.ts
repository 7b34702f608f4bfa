import type { MemoryPort, MemoryVector, MemoryVectors } from "#/agents/memory/memory-ports.ts";
import { recallFacts } from "#/agents/memory/recall.ts";
import { saveFacts } from "#/agents/memory/save.ts";
import type { Tenant } from "#/db/client.ts";
import { memoryStore } from "#/db/memories.ts";
import { hashEmbedding } from "#/local/openai/embedding.ts";

const DIMENSIONS = 1024;

/** Vectors in this process, by the embedding that needs no model. `isAway`: neither it nor the store answers. */
export class ProcessVectors implements MemoryVectors {
  readonly vectors = new Map<string, MemoryVector>();
  isAway = false;

  embed: MemoryVectors["embed"] = async (texts) => {
    this.#ask();
    return texts.map((text) => hashEmbedding(text, DIMENSIONS));
  };

  query: MemoryVectors["query"] = async ({ values, topK, filter }) => {
    this.#ask();
    const place = (filter["memory"] as { readonly $eq: string }).$eq;
    return [...this.vectors.values()]
      .filter(({ metadata }) => metadata["memory"] === place)
      .map((vector) => ({
        id: vector.id,
        score: vector.values.reduce((sum, value, index) => sum + value * (values[index] ?? 0), 0),
      }))
      .toSorted((a, b) => b.score - a.score)
      .slice(0, topK);
  };

  store: MemoryVectors["store"] = async (vectors) => {
    this.#ask();
    for (const vector of vectors) this.vectors.set(vector.id, vector);
  };

  forget: MemoryVectors["forget"] = async (ids) => {
    this.#ask();
    for (const id of ids) this.vectors.delete(id);
  };

  #ask(): void {
    if (this.isAway) throw new Error("the vector store is away");
  }
}

/** The memory of a workspace on a real database, with its vectors in this process. */
export function memoryOn(tenant: Tenant, vectors: MemoryVectors = new ProcessVectors()): MemoryPort {
  const ports = { store: memoryStore(tenant), vectors, now: Date.now };
  return {
    recall: (place, request, signal) => recallFacts({ ports, place }, request, signal),
    save: (place, facts, signal) => saveFacts({ ports, place }, facts, signal),
  };
}
