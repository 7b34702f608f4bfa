import type { ChatCompletionRequest } from "@copilotkit/aimock";
import { isRecord } from "#/local/openai/chat.ts";
import { strictRefusal } from "#/local/openai/strict-rules.ts";

type Said =
  | { readonly content: string }
  | { readonly toolCalls: readonly { readonly name: string; readonly arguments: string }[] };
interface Refused {
  readonly error: { readonly message: string; readonly type: string; readonly code: string };
  readonly status: number;
}

/** Oddities by which servers differ from the best of them. A model asked for as `<model>:<oddity>` plays one, so that its effect can be seen. */
const ODDITIES: Readonly<Record<string, (request: ChatCompletionRequest, said: Said) => object | Refused>> = {
  cut: (_request, said) => ({ ...said, finishReason: "length" }),
  filtered: (_request, said) => ({ ...said, finishReason: "content_filter" }),
  "reused-ids": (_request, said) =>
    "toolCalls" in said
      ? { toolCalls: said.toolCalls.map((call) => Object.assign({ id: "call_0" }, call)) }
      : said,
  chatty: (_request, said) =>
    "content" in said
      ? { content: `<think>{"maybe": 1}</think>\nSure, here it is:\n\n${said.content}\n\nAnything else?` }
      : said,
  quota: () =>
    refused(
      429,
      "insufficient_quota",
      "You exceeded your current quota, please check your plan and billing details.",
    ),
  "no-json-schema": (request, said) =>
    request.response_format?.type === "json_schema"
      ? refused(400, "invalid_request_error", "'response_format.type' must be 'json_object' or 'text'")
      : said,
  "completion-tokens": (request, said) =>
    request.max_tokens === undefined
      ? said
      : refused(
          400,
          "unsupported_parameter",
          "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
        ),
};

/** Splits `<model>:<oddity>`. */
export function readModel(id: string): { readonly model: string; readonly oddity: string | undefined } {
  const [model = "", oddity] = id.split(":");
  return { model, oddity };
}

export function isOddity(name: string | undefined): boolean {
  return name === undefined || Object.hasOwn(ODDITIES, name);
}

export function oddityNames(): readonly string[] {
  return Object.keys(ODDITIES);
}

/** Answers as such a server does. Schemas are held against the strict rules by every model. */
export function answerOddly(request: ChatCompletionRequest, said: Said): object {
  const { oddity = "" } = readModel(request.model);
  return schemaRefusal(request) ?? ODDITIES[oddity]?.(request, said) ?? said;
}

function schemaRefusal({ response_format: format }: ChatCompletionRequest): Refused | undefined {
  const asked = isRecord(format) ? format["json_schema"] : undefined;
  if (!isRecord(asked) || asked["strict"] !== true) return undefined;
  const refusal = strictRefusal(asked["schema"]);
  return refusal === undefined
    ? undefined
    : refused(
        400,
        "invalid_request_error",
        `Invalid schema for response_format '${String(asked["name"])}': ${refusal}.`,
      );
}

function refused(status: number, code: string, message: string): Refused {
  return { error: { message, type: status === 429 ? code : "invalid_request_error", code }, status };
}
