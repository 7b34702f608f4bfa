import type { MemoryPlace, MemoryPorts, RememberedFact } from "#/agents/memory/memory-ports.ts";

/** The id of a fact's vector. Passages of documents stand in the same namespace, under other ids. */
export const vectorIdOf = (factId: string): string => `memory#${factId}`;

/** The fact that a vector belongs to; undefined for any other vector. */
export const factIdOf = (vectorId: string): string | undefined =>
  vectorId.startsWith("memory#") ? vectorId.slice("memory#".length) : undefined;

/** Names a place for the vector store, which finds the facts of one place only. */
export const placeKeyOf = ({ scope, owner, subject }: MemoryPlace): string =>
  JSON.stringify([scope, owner, subject]);

interface Embedded {
  readonly facts: readonly RememberedFact[];
  readonly values: readonly (readonly number[])[];
}

/** Stores the vectors of facts. One that was deleted, changed or superseded meanwhile is not to be found by the old one. */
export async function storeFactVectors(
  { store, vectors }: MemoryPorts,
  place: MemoryPlace,
  { facts, values }: Embedded,
): Promise<void> {
  if (facts.length === 0) return;
  const metadata = { memory: placeKeyOf(place) };
  await vectors.store(
    facts.map(({ id }, index) => ({ id: vectorIdOf(id), values: values[index] ?? [], metadata })),
  );
  const marked = new Set(await store.markEmbedded(facts));
  const orphans = facts.filter(({ id }) => !marked.has(id));
  if (orphans.length > 0) await vectors.forget(orphans.map(({ id }) => vectorIdOf(id)));
}

/** Embeds texts. @throws when the model gives another number of vectors, or does not answer */
export async function embedAll(
  { vectors }: MemoryPorts,
  texts: readonly string[],
  signal: AbortSignal,
): Promise<readonly (readonly number[])[]> {
  const values = await vectors.embed(texts, signal);
  if (values.length === texts.length) return values;
  throw new Error(
    `The embedding model returned ${values.length} vectors for ${texts.length} texts. Check EMBEDDING_MODEL.`,
  );
}
