import type { LanguageModel } from "ai";
import { isJsonObject } from "#/lib/json-object.ts";
import { logModelWarnings } from "#/lib/observe/model-warnings.ts";
import type { GuardedStream } from "#/lib/outbound.ts";

/** Makers of models, and wires that others speak. */
export type ModelMaker = "openai" | "anthropic" | "google" | "gateway" | "openai-compatible";

export interface ModelEndpoint {
  readonly maker: ModelMaker;
  readonly url: string;
  /** Signs requests in and guards where they go. The maker's package never sees the key. */
  readonly stream: GuardedStream;
}

interface Options {
  readonly baseURL: string;
  /** Packages insist on a key; the stream puts the real one in its place. */
  readonly apiKey: string;
  readonly fetch: typeof fetch;
}

type OpenModel = (options: Options, model: string) => Promise<LanguageModel>;

/** Packages are loaded by the first step that asks their maker: together they would double the start of a function. */
const MAKERS: Readonly<Record<ModelMaker, OpenModel>> = {
  // Chat completions: the responses API refers to calls by ids of its own, and ours are the same at every try.
  openai: async (options, model) => (await import("@ai-sdk/openai")).createOpenAI(options).chat(model),
  anthropic: async (options, model) =>
    (await import("@ai-sdk/anthropic"))
      .createAnthropic({ ...options, fetch: withinMaximum(options.fetch) })
      .languageModel(model),
  google: async (options, model) =>
    (await import("@ai-sdk/google")).createGoogle(options).languageModel(model),
  gateway: async (options, model) => (await import("ai")).createGateway(options).languageModel(model),
  "openai-compatible": async ({ baseURL, fetch }, model) => {
    const { createOpenAICompatible } = await import("@ai-sdk/openai-compatible");
    const { origin, pathname, searchParams } = new URL(baseURL);
    return createOpenAICompatible({
      name: "llm",
      baseURL: origin + pathname.replace(/\/+$/, ""),
      queryParams: Object.fromEntries(searchParams),
      fetch,
      supportsStructuredOutputs: true,
      includeUsage: true,
    }).chatModel(model);
  },
};

/** A model at an endpoint of a workspace's own. */
export function connectedModel({ maker, url, stream }: ModelEndpoint, model: string): Promise<LanguageModel> {
  logModelWarnings();
  const options = { baseURL: url.replace(/\/+$/, ""), apiKey: "sealed", fetch: fetchOver(stream) };
  return MAKERS[maker](options, model);
}

/** Statuses whose answers have no body, which `Response` insists on. */
const BODILESS: ReadonlySet<number> = new Set([101, 204, 205, 304]);
/** True of the bytes on the wire, and no more of what was unpacked. */
const OF_THE_WIRE: ReadonlySet<string> = new Set([
  "content-encoding",
  "content-length",
  "transfer-encoding",
  "connection",
]);

/** The least budget for thinking that Anthropic takes. */
const LEAST_THINKING = 1024;

/**
 * Anthropic's package adds what older models may think to the longest answer; here thinking is a part of it, as at every other maker: a budget
 * counts with no more than was asked for.
 */
function withinMaximum(send: typeof fetch): typeof fetch {
  return (input, init) => {
    const body: unknown = typeof init?.body === "string" ? JSON.parse(init.body) : undefined;
    if (!isJsonObject(body) || !isJsonObject(body["thinking"])) return send(input, init);
    const { thinking, ...rest } = body;
    const budget = Number(thinking["budget_tokens"] ?? 0);
    const most = Number(rest["max_tokens"]) - budget;
    if (budget === 0) return send(input, init);
    const thought = Math.min(budget, Math.floor(most * 0.8));
    const kept = thought < LEAST_THINKING ? {} : { thinking: { ...thinking, budget_tokens: thought } };
    return send(input, { ...init, body: JSON.stringify({ ...rest, max_tokens: most, ...kept }) });
  };
}

/** The web's fetch as packages of makers take it, over a guarded stream. */
function fetchOver(stream: GuardedStream): typeof fetch {
  return async (input, init) => {
    const { status, headers, pieces, close } = await stream({
      url: input instanceof Request ? input.url : String(input),
      method: init?.method ?? "GET",
      headers: Object.fromEntries(new Headers(init?.headers)),
      body: readBody(init?.body),
      signal: init?.signal ?? undefined,
    });
    const kept = Object.entries(headers).filter(([name]) => !OF_THE_WIRE.has(name));
    if (BODILESS.has(status)) close();
    const body = BODILESS.has(status) ? null : toStream(pieces);
    return new Response(body, { status, headers: Object.fromEntries(kept) });
  };
}

function toStream(pieces: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const reader = pieces[Symbol.asyncIterator]();
  return new ReadableStream({
    pull: async (controller) => {
      const { done, value } = await reader.next();
      if (done === true) controller.close();
      else controller.enqueue(value);
    },
    cancel: async () => void (await reader.return?.()),
  });
}

function readBody(body: RequestInit["body"]): string | Uint8Array | undefined {
  if (body === null || body === undefined) return undefined;
  if (typeof body === "string" || body instanceof Uint8Array) return body;
  throw new TypeError("Models are asked with JSON, and this is a form or a stream.");
}
