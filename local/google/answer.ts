import type { GenerateRequest } from "#/local/google/request.ts";
import { type Abilities, SIGNATURE } from "#/local/google/rules.ts";
import { type BoundedReply, nameOf, splitPieces } from "#/local/makers/offline-model.ts";

const THOUGHT = "The answer has to come from what was given.";
const THOUGHT_TOKENS = 11;

export interface Ending {
  readonly finishReason: string;
  readonly finishMessage?: string;
  /** The answer is left out. */
  readonly isEmpty?: true;
}

interface Asked {
  readonly model: string;
  readonly request: GenerateRequest;
  readonly abilities: Abilities;
  readonly ending: Ending | undefined;
}

/** The answer in the chunks of Google's stream, each a whole response; what was used so far stands in every one. */
export function writeChunks(asked: Asked, reply: BoundedReply): readonly object[] {
  const { finishReason, finishMessage, isEmpty } = asked.ending ?? endOf(reply);
  const thoughts = thoughtsOf(asked.request);
  const parts = isEmpty === true ? [] : writeParts(asked, reply);
  const all = [...thoughts.parts, ...parts];
  const last = Math.max(0, all.length - 1);
  const responseId = nameOf(asked.request);
  return (all.length === 0 ? [[]] : all).map((part, place) => ({
    candidates: [
      {
        ...(all.length > 0 && { content: { parts: [part].flat(), role: "model" } }),
        ...(place === last && { finishReason, ...(finishMessage !== undefined && { finishMessage }) }),
        index: 0,
      },
    ],
    usageMetadata: countUse(reply, place === last && isEmpty !== true, thoughts.tokens),
    modelVersion: asked.model,
    responseId,
  }));
}

/** The same in one response. */
export function joinChunks(chunks: readonly object[]): object {
  const parts = chunks.flatMap((chunk) => candidateOf(chunk).content?.parts ?? []);
  const end = chunks.at(-1) ?? {};
  const candidate = { ...candidateOf(end), ...(parts.length > 0 && { content: { parts, role: "model" } }) };
  return { ...end, candidates: [candidate] };
}

function candidateOf(chunk: object): { readonly content?: { readonly parts: readonly object[] } } {
  const { candidates = [] } = chunk as { candidates?: readonly object[] };
  return candidates[0] ?? {};
}

/** A call of a function ends as any answer does. */
function endOf({ isCut }: BoundedReply): Ending {
  return { finishReason: isCut ? "MAX_TOKENS" : "STOP" };
}

function thoughtsOf({ generationConfig: { thinkingConfig: config } }: GenerateRequest) {
  const thinks = config !== undefined && config.thinkingBudget !== 0;
  return {
    tokens: thinks ? THOUGHT_TOKENS : 0,
    parts: thinks && config.includeThoughts === true ? [{ text: THOUGHT, thought: true }] : [],
  };
}

/** Calls come in one part each, whole, and in one chunk; the first is signed. */
function writeParts(
  { abilities, request }: Asked,
  { said }: BoundedReply,
): readonly (object | readonly object[])[] {
  if ("content" in said) return splitPieces(said.content).map((text) => ({ text }));
  const calls = said.toolCalls.map(({ name, arguments: args }, place) => ({
    functionCall: { id: nameOf(request, place), name, args },
    ...(abilities.signsCalls && place === 0 && { thoughtSignature: SIGNATURE }),
  }));
  return [calls];
}

function countUse({ inputTokens, outputTokens }: BoundedReply, isWhole: boolean, thoughtTokens: number) {
  const candidates = isWhole ? outputTokens : 0;
  return {
    promptTokenCount: inputTokens,
    ...(isWhole && { candidatesTokenCount: candidates }),
    totalTokenCount: inputTokens + candidates + thoughtTokens,
    promptTokensDetails: [{ modality: "TEXT", tokenCount: inputTokens }],
    ...(thoughtTokens > 0 && { thoughtsTokenCount: thoughtTokens }),
  };
}
