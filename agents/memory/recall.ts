import { type Candidate, chooseFacts } from "#/agents/memory/choose-facts.ts";
import { embedAll, factIdOf, placeKeyOf, storeFactVectors, vectorIdOf } from "#/agents/memory/embed-facts.ts";
import type {
  MemoryPlace,
  MemoryPorts,
  PlacedMemory,
  RecalledFact,
  RecallRequest,
  RememberedFact,
  StandingFacts,
} from "#/agents/memory/memory-ports.ts";

/** Near facts that are looked at for each that is told: recency and importance choose among them. */
const LOOKED_AT = 4;
const LEAST_LOOKED_AT = 20;
const LONGEST_QUERY = 4000;

/**
 * Recalls facts of one place that have to do with a question: the nearest by meaning, with what is recent or always matters, by score. Vectors that
 * are owed since the vector store was away are made on the way. @throws when a service does not answer
 */
export async function recallFacts(
  { ports, place }: PlacedMemory,
  request: RecallRequest,
  signal: AbortSignal,
): Promise<readonly RecalledFact[]> {
  const standing = await ports.store.standing(place);
  if (request.most === 0 || standing.recent.length === 0) return [];
  const similarities = await findSimilar(ports, place, { request, standing, signal });
  const known = new Map(listStanding(standing).map((fact) => [fact.id, fact]));
  const others = [...similarities.keys()].filter((id) => !known.has(id));
  const found = others.length > 0 ? await ports.store.find(place, others) : [];
  await forgetGone(ports, others, found);
  const candidates = [...known.values(), ...found].map((fact): Candidate => ({
    fact,
    similarity: similarities.get(fact.id) ?? 0,
  }));
  return chooseFacts(candidates, request, ports.now());
}

const listStanding = ({ pending, important, recent }: StandingFacts): readonly RememberedFact[] => [
  ...pending,
  ...important,
  ...recent,
];

interface Looking {
  readonly request: RecallRequest;
  readonly standing: StandingFacts;
  readonly signal: AbortSignal;
}

/** Returns the similarities of the nearest facts, by id. */
async function findSimilar(
  ports: MemoryPorts,
  place: MemoryPlace,
  { request, standing: { pending }, signal }: Looking,
): Promise<ReadonlyMap<string, number>> {
  const texts = [request.query.slice(0, LONGEST_QUERY).toWellFormed(), ...pending.map(({ text }) => text)];
  const [query = [], ...values] = await embedAll(ports, texts, signal);
  const [near] = await Promise.all([
    ports.vectors.query({
      values: query,
      topK: Math.max(LEAST_LOOKED_AT, LOOKED_AT * request.most),
      filter: { memory: { $eq: placeKeyOf(place) } },
    }),
    storeFactVectors(ports, place, { facts: pending, values }),
  ]);
  const stored = near.flatMap(({ id, score }) => {
    const fact = factIdOf(id);
    return fact === undefined ? [] : [[fact, score] as const];
  });
  const fresh = pending.map(({ id }, index) => [id, computeCosine(query, values[index] ?? [])] as const);
  return new Map([...stored, ...fresh]);
}

/** A vector whose fact does not hold any more would take another's place among the nearest. */
async function forgetGone(
  { vectors }: MemoryPorts,
  asked: readonly string[],
  found: readonly RememberedFact[],
): Promise<void> {
  const there = new Set(found.map(({ id }) => id));
  const gone = asked.filter((id) => !there.has(id));
  if (gone.length > 0) await vectors.forget(gone.map(vectorIdOf));
}

function computeCosine(a: readonly number[], b: readonly number[]): number {
  const dot = a.reduce((sum, value, place) => sum + value * (b[place] ?? 0), 0);
  const lengths = Math.hypot(...a) * Math.hypot(...b);
  return lengths === 0 ? 0 : dot / lengths;
}
