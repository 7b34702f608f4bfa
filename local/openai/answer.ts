import { NOTHING_TO_QUOTE, type Source } from "#/local/openai/evidence.ts";
import { listTopicTerms } from "#/local/openai/language.ts";
import type { Prompt } from "#/local/openai/prompt.ts";
import { answering, central, sentencesIn, type Sentence } from "#/local/openai/ranking.ts";

const COMPOSING =
  /\b(?:write|draft|compose|brief|report|article|memo|newsletter|e-?mail|post|summar\w*|overview|key points|tl;?dr|rewrite|revise|edit|improve|combine)\b/i;
const COLLECTING =
  /\b(?:facts?|research|collect|gather|everything|list|findings|investigate|analy[sz]e|what happened|(?:say|says|said|tell|know|known) about)\b/i;

const SHORT_ANSWER = 3;
const LONG_ANSWER = 6;
/** An answer keeps to the best sentences; a collection also takes those that touch the subject. */
const ANSWER = { most: SHORT_ANSWER, shareOfBest: 0.25, shareOfCovered: 0.3 };
const COLLECTION = { most: LONG_ANSWER, shareOfBest: 0.15, shareOfCovered: 1 };

/** Answers only with sentences of the evidence, each with its citation; says so when there are none that fit. */
export function answer(prompt: Prompt): string {
  const { question, evidence } = prompt;
  const results = evidence.filter(({ isResult }) => isResult).map(({ text }) => text);
  const sources = evidence.filter(({ isResult }) => isResult === undefined);
  const sentences = sentencesIn(sources);
  if (COMPOSING.test(question) && sentences.length > 0)
    return compose({ question, sources, results }, sentences);
  const chosen = [...results, ...relevant(question, sentences).map(quoted)];
  if (chosen.length > 0) return chosen.join(" ");
  if (sources.length === 0)
    return `${NOTHING_TO_QUOTE}: no source passages were given for "${shortened(question)}".`;
  return `${NOTHING_TO_QUOTE}: none of the passages found (${sources.length}) answers "${shortened(question)}".`;
}

/** Like {@link answer}, but where nothing answers the question, what the evidence is about. */
export function gist(prompt: Prompt): string {
  const sentences = sentencesIn(prompt.evidence);
  if (isAnswerable(prompt) || sentences.length === 0) return answer(prompt);
  return central(sentences, SHORT_ANSWER).map(quoted).join(" ");
}

/** Returns whether the evidence covers the question already. */
export function isAnswerable({ question, evidence }: Prompt): boolean {
  if (evidence.some(({ isResult }) => isResult)) return true;
  const sentences = sentencesIn(evidence);
  return sentences.length > 0 && (COMPOSING.test(question) || relevant(question, sentences).length > 0);
}

function relevant(
  question: string,
  sentences: readonly Sentence[],
  extent = COLLECTING.test(question) ? COLLECTION : ANSWER,
): readonly Sentence[] {
  return answering(sentences, { text: question, terms: listTopicTerms(question) }, extent);
}

interface Composition {
  readonly question: string;
  readonly sources: readonly Source[];
  readonly results: readonly string[];
}

/** A title and the sentences that carry the text, as bullets with their citations. */
function compose({ question, sources, results }: Composition, sentences: readonly Sentence[]): string {
  const onTopic = relevant(question, sentences, COLLECTION);
  const chosen = onTopic.length > 1 ? onTopic : central(sentences, LONG_ANSWER);
  const points = [...results, ...chosen.map(quoted)];
  return [`# ${writeTitle(question, sources)}`, "", ...points.map((point) => `- ${point}`)].join("\n");
}

/** The question that the text answers, else the subject that the request names, else the documents that are quoted. */
function writeTitle(question: string, evidence: readonly Source[]): string {
  const asked = /[^\n.:?]{8,150}\?/.exec(question)?.[0].trim();
  if (asked !== undefined) return asked;
  const subject =
    /\b(?:about|on|regarding|titled)\s+(?:the\s+)?([^\n.,:;?]{3,80}?)(?:\s+(?:from|based on|using|with|for)\b|[\n.,:;?]|$)/i.exec(
      question,
    )?.[1];
  const documents = [
    ...new Set(evidence.map(({ label }) => documentName(label)).filter((name) => name !== "")),
  ];
  const title = subject ?? documents.slice(0, 3).join(", ");
  return title === "" ? "Brief" : `Brief: ${title.charAt(0).toUpperCase()}${title.slice(1)}`;
}

function documentName(label: string | undefined): string {
  return (label ?? "")
    .replace(/#\d+$/, "")
    .replace(/\.\w{2,5}$/, "")
    .replace(/^\d+$/, "")
    .replace(/[-_]+/g, " ")
    .trim();
}

function quoted({ text, label }: Sentence): string {
  return label === undefined ? text : `${text} [${label}]`;
}

function shortened(question: string): string {
  const line = question.replace(/\s+/g, " ");
  return line.length > 160 ? `${line.slice(0, 160)}…` : line;
}
