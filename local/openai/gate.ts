import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Mountable } from "@copilotkit/aimock";
import * as v from "valibot";
import { FaultPlan, FaultRequest, type Fault } from "#/local/faults.ts";
import { hashEmbedding } from "#/local/openai/embedding.ts";
import { readJson, refuse, send } from "#/local/openai/json-answer.ts";
import { misbehave, OPENAI_MANNERS } from "#/local/openai/misbehave.ts";

export const CHAT_MODEL = "local-extractive-1";
const EMBEDDING_MODEL = "local-hash-1024";

export interface RecordedRequest {
  readonly path: string;
  readonly at: number;
  /** The fault that hit it; without one it was answered. */
  readonly fault?: Fault;
}

interface GateOptions {
  readonly apiKey: string;
  readonly delays: { readonly chatMs?: number; readonly embeddingsMs?: number };
  readonly requests: RecordedRequest[];
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

type Route = (exchange: Exchange) => Promise<void>;

const CHAT_PATH = "/v1/chat/completions";
const EMBEDDINGS_PATH = "/v1/embeddings";
const DEFAULT_DIMENSIONS = 1024;
/** A test run makes thousands of calls; a machine that runs for weeks must not remember them all. */
const REMEMBERED = 10_000;

const Embeddings = v.object({
  model: v.literal(EMBEDDING_MODEL, `the offline embedding model is called ${EMBEDDING_MODEL}`),
  input: v.union([
    v.array(v.string()),
    v.pipe(
      v.string(),
      v.transform((input) => [input]),
    ),
  ]),
  dimensions: v.optional(
    v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(4096)),
    DEFAULT_DIMENSIONS,
  ),
});

/**
 * Guards the chat endpoint: the key, planned faults, and the routes that are ours. Chat requests pass;
 * everything else is answered here.
 */
export function gate({ apiKey, delays, requests }: GateOptions): Mountable {
  const faults = new FaultPlan();
  const routes: Readonly<Record<string, Route>> = {
    "POST /_faults": async (exchange) => addFaults(exchange, faults),
    "DELETE /_faults": async ({ response }) => {
      faults.clear();
      send(response, 200, {});
    },
    "GET /_requests": async ({ response }) => send(response, 200, { requests }),
    "GET /v1/models": async ({ response }) =>
      send(response, 200, {
        object: "list",
        data: [CHAT_MODEL, EMBEDDING_MODEL].map((id) => ({ id, object: "model", owned_by: "local" })),
      }),
    [`POST ${EMBEDDINGS_PATH}`]: embed,
  };
  const handleRequest = async (
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
  ): Promise<boolean> => {
    if (request.headers.authorization !== `Bearer ${apiKey}`)
      return refuse(response, 401, "Send the API key as a bearer token.");
    const isPaid = path === CHAT_PATH || path === EMBEDDINGS_PATH;
    if (isPaid && (await hitByFault(path, response))) return true;
    if (request.method === "POST" && path === CHAT_PATH) return false;
    const route = routes[`${request.method} ${path}`];
    if (route === undefined)
      return refuse(response, 404, `${request.method} ${path} is not available from the offline model.`);
    await route({ request, response });
    return true;
  };
  const hitByFault = async (path: string, response: ServerResponse): Promise<boolean> => {
    const fault = faults.take(path);
    requests.push({ path, at: Date.now(), ...(fault === undefined ? {} : { fault }) });
    requests.splice(0, requests.length - REMEMBERED);
    await sleep((path === CHAT_PATH ? delays.chatMs : delays.embeddingsMs) ?? 0);
    return fault !== undefined && misbehave(fault, response, OPENAI_MANNERS);
  };
  return { handleRequest };
}

async function addFaults({ request, response }: Exchange, faults: FaultPlan): Promise<void> {
  const parsed = v.safeParse(FaultRequest, await readJson(request));
  if (!parsed.success) return void refuse(response, 400, v.summarize(parsed.issues));
  faults.add(parsed.output);
  send(response, 200, {});
}

async function embed({ request, response }: Exchange): Promise<void> {
  const parsed = v.safeParse(Embeddings, await readJson(request));
  if (!parsed.success) return void refuse(response, 400, v.summarize(parsed.issues));
  const { model, input, dimensions } = parsed.output;
  const tokens = Math.ceil(input.join(" ").length / 4);
  const data = input.map((words, index) => ({
    object: "embedding",
    index,
    embedding: hashEmbedding(words, dimensions),
  }));
  send(response, 200, {
    object: "list",
    model,
    data,
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  });
}
