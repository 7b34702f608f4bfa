import { createOpenAICompatible, type OpenAICompatibleProvider } from "@ai-sdk/openai-compatible";
import { embedMany, gateway, type EmbeddingModel, type LanguageModel } from "ai";
import { env } from "#/lib/env.ts";

const GATEWAY_PREFIX = "gateway:";

/** Inputs of one embedding request. OpenAI allows 2,048; smaller ones keep a request well under its token limit. */
const EMBEDDING_BATCH = 96;

/**
 * US dollars per million tokens, list prices of the makers. Matched by the longest name that the model id, without
 * the maker's, begins with; so dated and tagged variants are covered. A model that is not here counts as free.
 */
const PRICES: Readonly<Record<string, { readonly input: number; readonly output: number }>> = {
  "gpt-4.1": { input: 2, output: 8 },
  "gpt-4.1-mini": { input: 0.4, output: 1.6 },
  "gpt-4.1-nano": { input: 0.1, output: 0.4 },
  "gpt-4o": { input: 2.5, output: 10 },
  "gpt-4o-mini": { input: 0.15, output: 0.6 },
  "gpt-5": { input: 1.25, output: 10 },
  "gpt-5-mini": { input: 0.25, output: 2 },
  "gpt-5-nano": { input: 0.05, output: 0.4 },
  o3: { input: 2, output: 8 },
  "o4-mini": { input: 1.1, output: 4.4 },
  "claude-3-5-haiku": { input: 0.8, output: 4 },
  "claude-haiku-4": { input: 1, output: 5 },
  "claude-sonnet-4": { input: 3, output: 15 },
  "claude-opus-4": { input: 15, output: 75 },
  "claude-opus-4-5": { input: 5, output: 25 },
  "claude-opus-4.5": { input: 5, output: 25 },
  "gemini-2.0-flash": { input: 0.1, output: 0.4 },
  "gemini-2.5-flash": { input: 0.3, output: 2.5 },
  "gemini-2.5-flash-lite": { input: 0.1, output: 0.4 },
  "gemini-2.5-pro": { input: 1.25, output: 10 },
  "mistral-large": { input: 2, output: 6 },
  "mistral-small": { input: 0.1, output: 0.3 },
  "deepseek-chat": { input: 0.28, output: 0.42 },
  "text-embedding-3-small": { input: 0.02, output: 0 },
  "text-embedding-3-large": { input: 0.13, output: 0 },
};

/** What may follow a known name: a version, a date, a tag. */
const VARIANT = /^[-.:@]/;

const FREE = { input: 0, output: 0 };

let provider: OpenAICompatibleProvider | undefined;

function endpoint(): OpenAICompatibleProvider {
  const { baseUrl, apiKey } = env().llm;
  provider ??= createOpenAICompatible({ name: "llm", baseURL: baseUrl, apiKey, supportsStructuredOutputs: true, includeUsage: true });
  return provider;
}

/**
 * The model to call: `gateway:maker/model` through Vercel AI Gateway, any other id at the configured endpoint;
 * without an id the configured model.
 */
export function languageModel(id: string = env().llm.model): LanguageModel {
  return id.startsWith(GATEWAY_PREFIX) ? gateway(id.slice(GATEWAY_PREFIX.length)) : endpoint().chatModel(id);
}

/** The model that embeds documents and queries; both must use the same one. */
export function embeddingModel(): EmbeddingModel {
  const id = env().llm.embeddingModel;
  return id.startsWith(GATEWAY_PREFIX) ? gateway.embeddingModel(id.slice(GATEWAY_PREFIX.length)) : endpoint().embeddingModel(id);
}

/** One vector per text, in order. @throws the error of the endpoint; the caller's step is repeated as a whole. */
export async function embedTexts(texts: readonly string[], signal: AbortSignal): Promise<readonly (readonly number[])[]> {
  const vectors: number[][] = [];
  for (let start = 0; start < texts.length; start += EMBEDDING_BATCH) {
    const { embeddings } = await embedMany({
      model: embeddingModel(),
      values: texts.slice(start, start + EMBEDDING_BATCH),
      dimensions: env().llm.embeddingDimensions,
      abortSignal: signal,
    });
    vectors.push(...embeddings);
  }
  return vectors;
}

/** US dollars per million tokens; zero for a model whose price is not known. */
export function priceOf(modelId: string): { readonly input: number; readonly output: number } {
  const name = modelId.replace(GATEWAY_PREFIX, "").split("/").at(-1) ?? "";
  const known = Object.keys(PRICES).filter((prefix) => name === prefix || (name.startsWith(prefix) && VARIANT.test(name.slice(prefix.length))));
  const closest = known.toSorted((one, other) => other.length - one.length)[0];
  return (closest === undefined ? undefined : PRICES[closest]) ?? FREE;
}
