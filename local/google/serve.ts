import * as v from "valibot";
import { type Ending, joinChunks, writeChunks } from "#/local/google/answer.ts";
import { GenerateRequest } from "#/local/google/request.ts";
import { type Abilities, findBrokenRule } from "#/local/google/rules.ts";
import { toChatRequest } from "#/local/google/to-chat.ts";
import {
  type Maker,
  type MakerAnswer,
  type MakerOptions,
  type MakerRequest,
  openMaker,
  type Refusal,
} from "#/local/makers/door.ts";
import { placeIssue } from "#/local/makers/issue.ts";
import { countInput, OFFLINE_MODEL, replyWithin } from "#/local/makers/offline-model.ts";

interface Variant extends Abilities {
  readonly ending?: Ending;
}

const PLAIN: Variant = { jsonWithFunctions: true, signsCalls: false };

/** The AI SDK reads in a model's name what it can do, so the variants have Gemini's in theirs. */
const MODELS: Readonly<Record<string, Variant>> = {
  [OFFLINE_MODEL]: PLAIN,
  "gemini-2.5-offline": { jsonWithFunctions: false, signsCalls: false },
  "gemini-3-offline": { jsonWithFunctions: true, signsCalls: true },
  [`${OFFLINE_MODEL}:cut`]: { ...PLAIN, ending: { finishReason: "MAX_TOKENS" } },
  [`${OFFLINE_MODEL}:filtered`]: { ...PLAIN, ending: { finishReason: "SAFETY", isEmpty: true } },
  [`${OFFLINE_MODEL}:malformed-call`]: {
    ...PLAIN,
    ending: {
      finishReason: "MALFORMED_FUNCTION_CALL",
      finishMessage: "Malformed function call: call:default_api:calculator{expression:2+",
      isEmpty: true,
    },
  },
};
const LONGEST_INPUT_TOKENS = 1_048_576;

/** Google's names for statuses. */
const STATUSES: Readonly<Record<number, string>> = {
  400: "INVALID_ARGUMENT",
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "NOT_FOUND",
  429: "RESOURCE_EXHAUSTED",
  500: "INTERNAL",
  503: "UNAVAILABLE",
  504: "DEADLINE_EXCEEDED",
};

const MODEL_PATH = /^\/v1beta\/models\/(.+):(generateContent|streamGenerateContent)$/;

/**
 * Google's generateContent on 127.0.0.1, answered by the extractive offline model. Requests that Google would refuse are refused in its words, as is
 * everything that the offline model does not know.
 */
export function startGoogle(options: MakerOptions): Promise<Maker> {
  return openMaker(
    {
      isPaid: (path) => MODEL_PATH.test(path),
      refuseKey: (request) => refuseKey(request, options.apiKey),
      answer,
      fault: (status) =>
        refuse(status, status === 503 ? "The model is overloaded. Please try again later." : "planned fault"),
      errorEvent: writeEvent(refuse(503, "The model is overloaded. Please try again later.").body),
      withoutUsage: (event) => event.replace(/"usageMetadata":\{.*?\},(?="modelVersion")/, ""),
    },
    options,
  );
}

const writeEvent = (chunk: object): string => `data: ${JSON.stringify(chunk)}\r\n\r\n`;

function refuse(status: number, message: string, details?: readonly object[]): Refusal {
  const error = { code: status, message, status: STATUSES[status] ?? "UNKNOWN", ...(details && { details }) };
  return { status, body: { error } };
}

function refuseKey({ headers, query }: MakerRequest, key: string): Refusal | undefined {
  const sent = headers["x-goog-api-key"] ?? query.get("key") ?? undefined;
  if (sent === key) return undefined;
  if (sent === undefined)
    return refuse(
      403,
      "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.",
    );
  return refuse(400, "API key not valid. Please pass a valid API key.", [
    {
      "@type": "type.googleapis.com/google.rpc.ErrorInfo",
      reason: "API_KEY_INVALID",
      domain: "googleapis.com",
    },
  ]);
}

function answer(request: MakerRequest): MakerAnswer {
  const { method, path, body } = request;
  if (`${method} ${path}` === "GET /v1beta/models") return { status: 200, body: listModels() };
  const [, model = "", verb] = MODEL_PATH.exec(path) ?? [];
  if (method !== "POST" || verb === undefined) return refuse(404, `There is no ${method} ${path}.`);
  const variant = MODELS[model];
  if (variant === undefined)
    return refuse(
      404,
      `models/${model} is not found for API version v1beta, or is not supported for ${verb}. Call ListModels to see the list of available models and their supported methods.`,
    );
  const parsed = v.safeParse(GenerateRequest, body);
  if (!parsed.success) return refuse(400, describeIssue(parsed.issues[0]));
  const chunks = generate(model, variant, parsed.output);
  return "status" in chunks ? chunks : give(chunks, request);
}

/** As one response, as a list, or as events: by the verb, and by what the query says. */
function give(chunks: readonly object[], { path, query }: MakerRequest): MakerAnswer {
  if (path.endsWith(":generateContent")) return { status: 200, body: joinChunks(chunks) };
  return query.get("alt") === "sse" ? { events: chunks.map(writeEvent) } : { status: 200, body: chunks };
}

function generate(model: string, variant: Variant, request: GenerateRequest): readonly object[] | Refusal {
  const broken = findBrokenRule(request, variant);
  if (broken !== undefined) return refuse(400, broken);
  const chat = toChatRequest(model, request);
  const asked = countInput(chat);
  if (asked > LONGEST_INPUT_TOKENS)
    return refuse(
      400,
      `The input token count (${asked}) exceeds the maximum number of tokens allowed (${LONGEST_INPUT_TOKENS}).`,
    );
  const reply = replyWithin(chat, request.generationConfig.maxOutputTokens);
  return writeChunks({ model, request, abilities: variant, ending: variant.ending }, reply);
}

function listModels() {
  return {
    models: Object.keys(MODELS).map((name) => ({
      name: `models/${name}`,
      version: "1",
      displayName: `Offline model (${name})`,
      inputTokenLimit: LONGEST_INPUT_TOKENS,
      outputTokenLimit: 65_536,
      supportedGenerationMethods: ["generateContent"],
    })),
  };
}

/** Fields that nobody knows are refused by name, as Google's parser of messages does. */
function describeIssue(first: v.BaseIssue<unknown>): string {
  const { keys, issue } = placeIssue(first);
  if (issue.expected !== "never") return `* GenerateContentRequest.${keys.join(".")}: ${issue.message}`;
  const around = keys.slice(0, -1).join(".");
  return `Invalid JSON payload received. Unknown name "${keys.at(-1)}"${around && ` at '${around}'`}: Cannot find field.`;
}
