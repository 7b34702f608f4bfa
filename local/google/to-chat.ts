import {
  functionsOf,
  type GenerateRequest,
  type GoogleContent,
  type GooglePart,
} from "#/local/google/request.ts";
import { readBase64 } from "#/local/makers/offline-model.ts";
import { type ChatMessage, type ChatRequest, isRecord } from "#/local/openai/chat.ts";
import { describeFile } from "#/local/openai/describe-file.ts";

/** A request in the form in which the offline model reads all of them. */
export function toChatRequest(model: string, request: GenerateRequest): ChatRequest {
  const { systemInstruction: system, generationConfig: config } = request;
  const { mode, allowedFunctionNames: allowed } = request.toolConfig?.functionCallingConfig ?? {};
  const functions = functionsOf(request).filter(({ name }) => allowed?.includes(name) ?? true);
  const schema = config.responseJsonSchema ?? config.responseSchema;
  return {
    model,
    messages: [
      ...(system ? [{ role: "system", content: system.parts.map(({ text }) => text).join("\n") }] : []),
      ...request.contents.flatMap(toChatMessages),
    ],
    ...(functions.length > 0 && {
      tools: functions.map(({ name, description = "", ...declared }) => ({
        function: {
          name,
          description,
          parameters: lowerTypes(declared.parametersJsonSchema ?? declared.parameters ?? {}),
        },
      })),
    }),
    ...(mode === "NONE" && { tool_choice: "none" }),
    ...(mode === "ANY" && { tool_choice: "required" }),
    ...(config.responseMimeType === "application/json" && {
      response_format: schema
        ? { type: "json_schema", json_schema: { schema: lowerTypes(schema) } }
        : { type: "json_object" },
    }),
  };
}

/** Google writes types in capitals in its own schemas. */
function lowerTypes(schema: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [
      key,
      key === "type" && typeof value === "string" ? value.toLowerCase() : lowerWithin(value),
    ]),
  );
}

function lowerWithin(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lowerWithin);
  return isRecord(value) ? lowerTypes(value) : value;
}

/** Responses of functions are messages of their own there. */
function toChatMessages({ role, parts }: GoogleContent): readonly ChatMessage[] {
  const results = parts.flatMap((part) => ("functionResponse" in part ? [part.functionResponse] : []));
  const calls = parts.flatMap((part) => ("functionCall" in part ? [part.functionCall] : []));
  const content = parts
    .map(readPart)
    .filter((text) => text !== "")
    .join("\n");
  return [
    ...results.map(({ response }) => ({ role: "tool", content: readResponse(response) })),
    ...(content === "" && calls.length === 0
      ? []
      : [
          {
            role: role === "model" ? "assistant" : "user",
            content,
            ...(calls.length > 0 && { tool_calls: calls.map(({ name }) => ({ function: { name } })) }),
          },
        ]),
  ];
}

/** Clients put what a tool gave under `content`, as a text or as JSON. */
function readResponse(response: Readonly<Record<string, unknown>>): string {
  const { content = response } = response;
  return typeof content === "string" ? content : JSON.stringify(content);
}

function readPart(part: GooglePart): string {
  if ("text" in part) return part.thought === true ? "" : part.text;
  if (!("inlineData" in part)) return "";
  const { mimeType: mediaType, data } = part.inlineData;
  return describeFile({ name: undefined, mediaType, bytes: readBase64(data) ?? Buffer.alloc(0) });
}
