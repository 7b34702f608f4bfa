import { ALWAYS_MATTERS } from "#/agents/vocabulary/memory.ts";
import type { RecalledFact, RecallRequest, RememberedFact } from "#/agents/memory/memory-ports.ts";

/** A fact and its cosine similarity with the question; 0 where it is not among the nearest. */
export interface Candidate {
  readonly fact: RememberedFact;
  readonly similarity: number;
}

/** Similarity decides; of facts that are about as near, the newer and the more important come first. The weights are set by judgement: no ablation was made. */
const WEIGHTS = { recency: 0.1, importance: 0.1 };
const HALF_LIFE_MS = 30 * 86_400_000;
const MOST_IMPORTANT = 10;

/** Facts that share nothing with the question are no help, save those that always matter. */
const LEAST_SIMILARITY = 0.05;

const CHARACTERS_A_TOKEN = 4;

/** Chooses what is told of a memory: best first, within the number and the tokens that were asked for. */
export function chooseFacts(
  candidates: readonly Candidate[],
  { most, tokens }: Pick<RecallRequest, "most" | "tokens">,
  now: number,
): readonly RecalledFact[] {
  const ranked = candidates
    .filter(({ fact, similarity }) => similarity >= LEAST_SIMILARITY || fact.importance >= ALWAYS_MATTERS)
    .map(({ fact, similarity }) =>
      Object.assign({}, fact, { similarity, score: scoreFact(fact, similarity, now) }),
    )
    .toSorted((a, b) => b.score - a.score || b.validFrom - a.validFrom || (a.id < b.id ? -1 : 1));
  const chosen: RecalledFact[] = [];
  let left = tokens;
  for (const fact of ranked) {
    const cost = countTokens(fact.text);
    if (chosen.length >= most || cost > left) continue;
    chosen.push(fact);
    left -= cost;
  }
  return chosen;
}

function scoreFact({ validFrom, importance }: RememberedFact, similarity: number, now: number): number {
  const recency = 0.5 ** (Math.max(0, now - validFrom) / HALF_LIFE_MS);
  return similarity + WEIGHTS.recency * recency + WEIGHTS.importance * (importance / MOST_IMPORTANT);
}

/** Estimates the tokens of a text. */
export const countTokens = (text: string): number => Math.ceil(text.length / CHARACTERS_A_TOKEN);
