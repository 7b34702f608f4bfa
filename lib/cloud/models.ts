import { createOpenAICompatible, type OpenAICompatibleProvider } from "@ai-sdk/openai-compatible";
import { embedMany, gateway, type EmbeddingModel, type LanguageModel } from "ai";
import { env } from "#/lib/env.ts";
import { logModelWarnings } from "#/lib/observe/model-warnings.ts";

const GATEWAY_PREFIX = "gateway:";

/** Inputs of one embedding request. OpenAI allows 2,048; smaller ones keep a request well under its token limit. */
const EMBEDDING_BATCH = 96;

let provider: OpenAICompatibleProvider | undefined;

/** OpenAI's models refuse the older name of the limit since they reason; most other servers only know the older one. */
const WANTS_COMPLETION_TOKENS = /^(?:o\d|gpt-[5-9])/;

function withTokenLimitName({
  max_tokens: limit,
  ...body
}: Record<string, unknown>): Record<string, unknown> {
  const isNew =
    WANTS_COMPLETION_TOKENS.test(String(body["model"])) ||
    new URL(env().llm.baseUrl).hostname === "api.openai.com";
  return limit === undefined ? body : { ...body, [isNew ? "max_completion_tokens" : "max_tokens"]: limit };
}

function endpoint(): OpenAICompatibleProvider {
  const { baseUrl, apiKey } = env().llm;
  provider ??= createOpenAICompatible({
    name: "llm",
    baseURL: baseUrl,
    apiKey,
    supportsStructuredOutputs: true,
    includeUsage: true,
    transformRequestBody: withTokenLimitName,
  });
  return provider;
}

/**
 * The model to call: `gateway:maker/model` through Vercel AI Gateway, any other id at the configured endpoint;
 * without an id the configured model.
 */
export function languageModel(id: string = env().llm.model): LanguageModel {
  logModelWarnings();
  return isAtGateway(id) ? gateway(id.slice(GATEWAY_PREFIX.length)) : endpoint().chatModel(id);
}

/** Tells whether a model is asked through Vercel AI Gateway. */
export const isAtGateway = (id: string): boolean => id.startsWith(GATEWAY_PREFIX);

/** The model that embeds documents and queries; both must use the same one. */
export function embeddingModel(): EmbeddingModel {
  logModelWarnings();
  const id = env().llm.embeddingModel;
  return isAtGateway(id)
    ? gateway.embeddingModel(id.slice(GATEWAY_PREFIX.length))
    : endpoint().embeddingModel(id);
}

/** One vector per text, in order. @throws the error of the endpoint; the caller's step is repeated as a whole. */
export async function embedTexts(
  texts: readonly string[],
  signal: AbortSignal,
): Promise<readonly (readonly number[])[]> {
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
