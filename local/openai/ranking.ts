import type { Source } from "#/local/openai/evidence.ts";
import { splitBlocks, listEntityKinds, splitSentences, listTerms } from "#/local/openai/language.ts";

/** A sentence of a source, with what is needed to rank it. */
export interface Sentence {
  readonly text: string;
  readonly label: string | undefined;
  readonly source: number;
  readonly place: number;
  readonly terms: readonly string[];
  readonly labelTerms: readonly string[];
}

/** A sentence and what speaks for it. */
interface Ranked {
  readonly sentence: Sentence;
  /** The worth of each term of the question that the sentence holds. */
  readonly worth: ReadonlyMap<string, number>;
  /** The worth that counts besides the terms. */
  readonly base: number;
  readonly factor: number;
}

/** BM25's usual constants, and how much a sentence gains from a good neighbour or from a document named like the question. */
const K1 = 1.2;
const B = 0.75;
const NEIGHBOUR_SHARE = 0.15;
const LABEL_WORTH = 0.8;
const ENTITY_FACTOR = 1.35;
/** Titles and fragments repeat the question rather than answer it. */
const FRAGMENT_FACTOR = 0.5;
/** More alike than this is a repetition. */
const TOO_ALIKE = 0.6;
/** An answer must cover at least this share of what the question is about. */
const ENOUGH_COVERAGE = 0.34;

/** Words that answers use where questions use others. */
const ANSWER_WORDS: readonly (readonly [RegExp, string])[] = [
  [/\b(?:why|caused?|reason)\b/i, "cause because reason due root"],
  [/\b(?:can|may|allowed)\b/i, "allowed possible"],
];

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
    const labelTerms = label === undefined ? [] : listTerms(label.replace(/[^\p{L}\p{N}]+/gu, " "));
    return splitBlocks(text)
      .flatMap(splitSentences)
      .map((sentence, place) => ({
        text: sentence,
        label,
        source,
        place,
        labelTerms,
        terms: listTerms(sentence),
      }));
  });
  return sentences.filter(({ text, terms }) => terms.length > 2 && !text.endsWith("?"));
}

export interface Question {
  readonly text: string;
  readonly terms: readonly string[];
}

/** The extent of the sentences that are chosen of those that fit. */
export interface Extent {
  readonly most: number;
  /** The least worth of each, as a share of the best. */
  readonly shareOfBest: number;
  /** The share that still counts of a term that an earlier sentence holds; below 1, each part of a question finds its own sentence. */
  readonly shareOfCovered: number;
}

/** The sentences that answer a question, in the order of their sources; none if they do not cover it. */
export function answering(
  sentences: readonly Sentence[],
  question: Question,
  extent: Extent,
): readonly Sentence[] {
  const more = ANSWER_WORDS.filter(([asks]) => asks.test(question.text)).flatMap(([, words]) =>
    listTerms(words),
  );
  const ranked = bm25(sentences, [...new Set([...question.terms, ...more])]);
  const best = choose(
    ranked.map((candidate) => weighted(candidate, question.text)),
    extent,
  );
  const covered = Math.max(0, ...best.map((sentence) => coverage(sentence, question.terms)));
  return covered >= ENOUGH_COVERAGE ? inOrder(best) : [];
}

/** The sentences that have most in common with all the others: what a text is about. */
export function central(sentences: readonly Sentence[], most: number): readonly Sentence[] {
  const ranked = sentences.map((sentence) => {
    const likeness = sentences.reduce(
      (sum, other) => sum + (other === sentence ? 0 : overlap(sentence.terms, other.terms)),
      0,
    );
    // The small constant lets a lone sentence, or one unlike the others, be chosen too.
    return {
      sentence,
      worth: new Map<string, number>(),
      base: likeness + 0.01,
      factor: 1 + 0.3 / (1 + sentence.place),
    };
  });
  return inOrder(choose(ranked, { most, shareOfBest: 0, shareOfCovered: 1 }));
}

/** The one sentence nearest to some terms. */
export function nearest(sentences: readonly Sentence[], terms: readonly string[]): Sentence | undefined {
  return choose(bm25(sentences, terms), { most: 1, shareOfBest: 1, shareOfCovered: 1 })[0];
}

function coverage({ terms, labelTerms }: Sentence, wanted: readonly string[]): number {
  return (
    wanted.filter((term) => terms.includes(term) || labelTerms.includes(term)).length / (wanted.length || 1)
  );
}

function bm25(sentences: readonly Sentence[], wanted: readonly string[]): readonly Ranked[] {
  const count = sentences.length;
  const averageLength = sentences.reduce((sum, { terms }) => sum + terms.length, 0) / (count || 1);
  const rarity = wanted.map((term) => {
    const holding = sentences.filter(({ terms }) => terms.includes(term)).length;
    return [term, Math.log(1 + (count - holding + 0.5) / (holding + 0.5))] as const;
  });
  const weighTerm = ({ terms, labelTerms }: Sentence, term: string, weight: number) => {
    const times = terms.filter((other) => other === term).length;
    if (times === 0) return labelTerms.includes(term) ? LABEL_WORTH : 0;
    return (weight * times * (K1 + 1)) / (times + K1 * (1 - B + (B * terms.length) / averageLength));
  };
  const worths = sentences.map(
    (sentence) =>
      new Map(
        rarity
          .map(([term, weight]) => [term, weighTerm(sentence, term, weight)] as const)
          .filter(([, worth]) => worth > 0),
      ),
  );
  const neighbour = (place: number, { source }: Sentence) =>
    sentences[place]?.source === source ? sum(worths[place]) : 0;
  return sentences.map((sentence, place) => ({
    sentence,
    worth: worths[place] ?? new Map<string, number>(),
    base: NEIGHBOUR_SHARE * (neighbour(place - 1, sentence) + neighbour(place + 1, sentence)),
    factor: 1,
  }));
}

const sum = (worth: ReadonlyMap<string, number> | undefined) =>
  [...(worth?.values() ?? [])].reduce((total, value) => total + value, 0);

function weighted(candidate: Ranked, question: string): Ranked {
  const { text } = candidate.sentence;
  const kinds = ANSWER_KINDS.filter(([asks]) => asks.test(question)).flatMap(([, names]) => names);
  const fits = kinds.length > 0 && listEntityKinds(text).some((kind) => kinds.includes(kind));
  const isComplete = /[.!)"”]$/.test(text);
  return {
    ...candidate,
    factor: candidate.factor * (fits ? ENTITY_FACTOR : 1) * (isComplete ? 1 : FRAGMENT_FACTOR),
  };
}

/** Takes the best one, then the best of what adds to it, until the rest is not worth quoting. */
function choose(
  ranked: readonly Ranked[],
  { most, shareOfBest, shareOfCovered }: Extent,
): readonly Sentence[] {
  const covered = new Set<string>();
  const scoreSentence = ({ worth, base, factor }: Ranked) =>
    factor *
    [...worth].reduce(
      (total, [term, value]) => total + (covered.has(term) ? shareOfCovered * value : value),
      base,
    );
  const floor = shareOfBest * Math.max(0, ...ranked.map(scoreSentence));
  const chosen: Sentence[] = [];
  let candidates = ranked;
  while (chosen.length < most) {
    const next = candidates.toSorted((one, other) => scoreSentence(other) - scoreSentence(one))[0];
    if (next === undefined || scoreSentence(next) <= 0 || scoreSentence(next) < floor) break;
    chosen.push(next.sentence);
    for (const term of next.worth.keys()) covered.add(term);
    candidates = candidates.filter(
      ({ sentence }) => overlap(sentence.terms, next.sentence.terms) < TOO_ALIKE,
    );
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
