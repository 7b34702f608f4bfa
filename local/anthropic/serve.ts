import * as v from "valibot";
import { writeAnswer, writeEvent, writeEvents } from "#/local/anthropic/answer.ts";
import { PromptCache } from "#/local/anthropic/prompt-cache.ts";
import { MessagesRequest } from "#/local/anthropic/request.ts";
import { findBrokenRule } from "#/local/anthropic/rules.ts";
import { toChatRequest } from "#/local/anthropic/to-chat.ts";
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

/** The AI SDK reads in a model's name what it can do: of one with a Claude's name in it, it asks structured output as such, of any other through a tool. */
const WITH_FORMAT = "claude-sonnet-4-5-offline";
const MODELS: readonly string[] = [
  OFFLINE_MODEL,
  WITH_FORMAT,
  `${OFFLINE_MODEL}:refuses`,
  `${OFFLINE_MODEL}:cut`,
];
const LONGEST_CONTEXT_TOKENS = 200_000;

/** Error types by status, as Anthropic documents them. */
const ERROR_TYPES: Readonly<Record<number, string>> = {
  400: "invalid_request_error",
  401: "authentication_error",
  403: "permission_error",
  404: "not_found_error",
  413: "request_too_large",
  429: "rate_limit_error",
  529: "overloaded_error",
};

/**
 * Anthropic's Messages API on 127.0.0.1, answered by the extractive offline model. Requests that Anthropic would refuse are refused in its words, as is
 * everything that the offline model does not know.
 */
export function startAnthropic(options: MakerOptions): Promise<Maker> {
  const cache = new PromptCache();
  return openMaker(
    {
      isPaid: (path) => path === "/v1/messages",
      refuseKey: ({ headers }) =>
        headers["x-api-key"] === options.apiKey ? undefined : refuse(401, "invalid x-api-key"),
      answer: (request) => answer(request, cache),
      fault: (status) => refuse(status, status === 529 ? "Overloaded" : "planned fault"),
      errorEvent: writeEvent("error", { error: { type: "overloaded_error", message: "Overloaded" } }),
      // Anthropic always counts; proxies that speak its wire for other models send zeros.
      withoutUsage: (event) => event.replaceAll(/("\w*(?:in|out)put_tokens"):\d+/g, "$1:0"),
    },
    options,
  );
}

function refuse(status: number, message: string): Refusal {
  const type = ERROR_TYPES[status] ?? "api_error";
  return { status, body: { type: "error", error: { type, message } } };
}

function answer(request: MakerRequest, cache: PromptCache): MakerAnswer {
  const { method, path, headers } = request;
  if (headers["anthropic-version"] === undefined && !path.startsWith("/v1/models"))
    return refuse(400, "anthropic-version: header is required");
  if (`${method} ${path}` === "GET /v1/models") return { status: 200, body: listModels() };
  if (path !== "/v1/messages") return refuse(404, "Not found");
  if (method !== "POST") return refuse(405, "Method Not Allowed");
  const parsed = v.safeParse(MessagesRequest, request.body);
  if (!parsed.success) return refuse(400, describeIssue(parsed.issues[0]));
  return answerMessages(parsed.output, cache);
}

function listModels() {
  const data = MODELS.map((id) => ({
    type: "model",
    id,
    display_name: `Offline model (${id})`,
    created_at: "2026-01-01T00:00:00Z",
  }));
  return { data, has_more: false, first_id: MODELS[0], last_id: MODELS.at(-1) };
}

function describeIssue(first: v.BaseIssue<unknown>): string {
  const { keys, issue } = placeIssue(first);
  if (issue.expected === "never") return `${keys.join(".")}: Extra inputs are not permitted`;
  return `${keys.join(".")}: ${issue.input === undefined ? "Field required" : issue.message}`;
}

function answerMessages(request: MessagesRequest, cache: PromptCache): MakerAnswer {
  const { model } = request;
  if (!MODELS.includes(model)) return refuse(404, `model: ${model}`);
  if (request.output_config?.format && model !== WITH_FORMAT)
    return refuse(400, `output_config.format: '${model}' does not support output format.`);
  const broken = findBrokenRule(request);
  if (broken !== undefined) return refuse(400, broken);
  const chat = toChatRequest(request);
  const asked = countInput(chat);
  if (asked > LONGEST_CONTEXT_TOKENS)
    return refuse(400, `prompt is too long: ${asked} tokens > ${LONGEST_CONTEXT_TOKENS} maximum`);
  const reply = replyWithin(chat, request.max_tokens);
  const message = writeAnswer(request, { ...reply, cache: cache.use(request), stopReason: stopOf(model) });
  return request.stream ? { events: writeEvents(message) } : { status: 200, body: message };
}

function stopOf(model: string): string | undefined {
  if (model.endsWith(":refuses")) return "refusal";
  return model.endsWith(":cut") ? "max_tokens" : undefined;
}
