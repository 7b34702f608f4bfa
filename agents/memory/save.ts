import { embedAll, storeFactVectors, vectorIdOf } from "#/agents/memory/embed-facts.ts";
import type {
  FactsToSave,
  MemoryPlace,
  MemoryPorts,
  PlacedMemory,
  SavedFact,
} from "#/agents/memory/memory-ports.ts";

/**
 * Keeps facts, and forgets the vectors of those that hold no more. The facts are kept once they are in the database: where the embedding model or the
 * vector store is away, their vectors are owed until the place is recalled next.
 */
export async function saveFacts(
  { ports, place }: PlacedMemory,
  given: FactsToSave,
  signal: AbortSignal,
): Promise<readonly SavedFact[]> {
  if (given.facts.length === 0) return [];
  const { saved, dropped } = await ports.store.save(place, given);
  const ended = [...saved.flatMap(({ replaced }) => replaced), ...dropped];
  await keepVectors(ports, place, { ended, signal }).catch(() => undefined);
  return saved;
}

interface Keeping {
  /** Facts that hold no more. */
  readonly ended: readonly string[];
  readonly signal: AbortSignal;
}

async function keepVectors(
  ports: MemoryPorts,
  place: MemoryPlace,
  { ended, signal }: Keeping,
): Promise<void> {
  const { pending } = await ports.store.standing(place);
  const values =
    pending.length > 0
      ? await embedAll(
          ports,
          pending.map(({ text }) => text),
          signal,
        )
      : [];
  await storeFactVectors(ports, place, { facts: pending, values });
  if (ended.length > 0) await ports.vectors.forget(ended.map(vectorIdOf));
}
