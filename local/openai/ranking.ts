import type { Source } from "#/local/openai/evidence.ts";
import { entityKindsOf, sentencesOf, termsOf } from "#/local/openai/language.ts";

/** A sentence of a source, with what is needed to rank it. */
export interface Sentence {
  readonly text: string;
  readonly label: string | undefined;
  readonly source: number;
  readonly place: number;
  readonly terms: readonly string[];
  readonly labelTerms: readonly string[];
}

interface Ranked {
  readonly sentence: Sentence;
  readonly score: number;
}

/** BM25's usual constants, and how much a sentence gains from a good neighbour or from a document named like the question. */
const K1 = 1.2;
const B = 0.75;
const NEIGHBOUR_SHARE = 0.15;
const LABEL_SCORE = 0.8;
const ENTITY_BONUS = 1.35;
/** More alike than this is a repetition. */
const TOO_ALIKE = 0.6;
/** An answer must cover at least this share of what the question is about. */
const ENOUGH_COVERAGE = 0.34;

/** Which kinds of entities answer which questions. */
const ANSWER_KINDS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/\b(when|date|deadline|year)\b/i, ["DATE", "TIME", "DURATION"]],
  [/\bhow (much|many)|price|cost|amount|revenue\b/i, ["MONEY", "CARDINAL", "PERCENT"]],
  [/\bhow long\b/i, ["DURATION"]],
  [/\b(percent|share|rate)\b/i, ["PERCENT"]],
  [/\b(email|contact)\b/i, ["EMAIL"]],
  [/\b(url|link|website)\b/i, ["URL"]],
];

export function sentencesIn(sources: readonly Source[]): readonly Sentence[] {
  const sentences = sources.flatMap(({ label, text }, source) => {
    const labelTerms = label === undefined ? [] : termsOf(label.replace(/[^\p{L}\p{N}]+/gu, " "));
    return sentencesOf(text).map((sentence, place) => ({ text: sentence, label, source, place, labelTerms, terms: termsOf(sentence) }));
  });
  return sentences.filter(({ terms }) => terms.length > 2);
}

export interface Question {
  readonly text: string;
  readonly terms: readonly string[];
}

/** How many sentences at most, and how good each must be compared with the best. */
export interface Extent {
  readonly most: number;
  readonly shareOfBest: number;
}

/** The sentences that answer a question, in the order of their sources; none if they do not cover it. */
export function answering(sentences: readonly Sentence[], question: Question, extent: Extent): readonly Sentence[] {
  const best = choose(withEntityBonus(question.text, bm25(sentences, question.terms)), extent);
  const covered = Math.max(0, ...best.map((sentence) => coverage(sentence, question.terms)));
  return covered >= ENOUGH_COVERAGE ? inOrder(best) : [];
}

/** The sentences that have most in common with all the others: what a text is about. */
export function central(sentences: readonly Sentence[], most: number): readonly Sentence[] {
  const ranked = sentences.map((sentence) => {
    const likeness = sentences.reduce((sum, other) => sum + (other === sentence ? 0 : overlap(sentence.terms, other.terms)), 0);
    // The small constant lets a lone sentence, or one unlike the others, be chosen too.
    return { sentence, score: (likeness + 0.01) * (1 + 0.3 / (1 + sentence.place)) };
  });
  return inOrder(choose(ranked, { most, shareOfBest: 0 }));
}

/** The one sentence nearest to some terms. */
export function nearest(sentences: readonly Sentence[], terms: readonly string[]): Sentence | undefined {
  return choose(bm25(sentences, terms), { most: 1, shareOfBest: 1 })[0];
}

function coverage({ terms, labelTerms }: Sentence, wanted: readonly string[]): number {
  return wanted.filter((term) => terms.includes(term) || labelTerms.includes(term)).length / (wanted.length || 1);
}

function bm25(sentences: readonly Sentence[], wanted: readonly string[]): readonly Ranked[] {
  const count = sentences.length;
  const averageLength = sentences.reduce((sum, { terms }) => sum + terms.length, 0) / (count || 1);
  const weightOf = new Map(
    wanted.map((term) => {
      const holding = sentences.filter(({ terms }) => terms.includes(term)).length;
      return [term, Math.log(1 + (count - holding + 0.5) / (holding + 0.5))] as const;
    }),
  );
  const scoreOfTerm = ({ terms, labelTerms }: Sentence, [term, weight]: readonly [string, number]) => {
    const times = terms.filter((other) => other === term).length;
    if (times === 0) return labelTerms.includes(term) ? LABEL_SCORE : 0;
    return (weight * times * (K1 + 1)) / (times + K1 * (1 - B + (B * terms.length) / averageLength));
  };
  const scores = sentences.map((sentence) => [...weightOf].reduce((sum, term) => sum + scoreOfTerm(sentence, term), 0));
  const neighbour = (index: number, sentence: Sentence) => (sentences[index]?.source === sentence.source ? (scores[index] ?? 0) : 0);
  return sentences.map((sentence, index) => ({
    sentence,
    score: (scores[index] ?? 0) + NEIGHBOUR_SHARE * (neighbour(index - 1, sentence) + neighbour(index + 1, sentence)),
  }));
}

function withEntityBonus(question: string, ranked: readonly Ranked[]): readonly Ranked[] {
  const kinds = ANSWER_KINDS.filter(([pattern]) => pattern.test(question)).flatMap(([, names]) => names);
  if (kinds.length === 0) return ranked;
  return ranked.map(({ sentence, score }) => {
    const fits = entityKindsOf(sentence.text).some((kind) => kinds.includes(kind));
    return { sentence, score: fits ? score * ENTITY_BONUS : score };
  });
}

function choose(ranked: readonly Ranked[], { most, shareOfBest }: Extent): readonly Sentence[] {
  const best = Math.max(0, ...ranked.map(({ score }) => score));
  const chosen: Sentence[] = [];
  const candidates = ranked.filter(({ score }) => score > 0 && score >= shareOfBest * best).toSorted((one, other) => other.score - one.score);
  for (const { sentence } of candidates) {
    if (chosen.length >= most) break;
    if (chosen.every((other) => overlap(other.terms, sentence.terms) < TOO_ALIKE)) chosen.push(sentence);
  }
  return chosen;
}

function inOrder(sentences: readonly Sentence[]): readonly Sentence[] {
  return sentences.toSorted((one, other) => one.source - other.source || one.place - other.place);
}

/** Jaccard similarity. */
function overlap(some: readonly string[], others: readonly string[]): number {
  const one = new Set(some);
  const other = new Set(others);
  const shared = one.intersection(other).size;
  return shared / (one.size + other.size - shared || 1);
}
