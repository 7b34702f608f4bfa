import { describeFile } from "#/local/openai/describe-file.ts";

/** The parts of an OpenAI chat request that the offline model reads. */
export interface ChatMessage {
  readonly role: string;
  readonly content: unknown;
  readonly tool_calls?: readonly { readonly function: { readonly name: string } }[];
}

export interface ChatTool {
  readonly function: { readonly name: string; readonly description?: string; readonly parameters?: object };
}

export interface ChatRequest {
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  readonly tools?: readonly ChatTool[];
  readonly tool_choice?: unknown;
  readonly parallel_tool_calls?: unknown;
  readonly response_format?: { readonly type: string; readonly json_schema?: unknown };
}

export interface ToolCall {
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

export type ChatReply = { readonly content: string } | { readonly toolCalls: readonly ToolCall[] };

/** Message contents as one text: clients send a string, parts, or null. */
export function readText(content: unknown): string {
  if (typeof content === "string") return content;
  if (Array.isArray(content)) return content.map(partText).join("\n");
  return content === null || content === undefined ? "" : JSON.stringify(content);
}

function partText(part: unknown): string {
  if (!isRecord(part)) return "";
  if (typeof part["text"] === "string") return part["text"];
  const { image_url: image, file } = part;
  if (isRecord(image)) return describeDataUrl(image["url"], undefined);
  return isRecord(file) ? describeDataUrl(file["file_data"], file["filename"]) : "";
}

function describeDataUrl(url: unknown, name: unknown): string {
  const [, mediaType = "", data = ""] = /^data:([^;,]+);base64,(.*)$/s.exec(String(url)) ?? [];
  return describeFile({
    name: typeof name === "string" ? name : undefined,
    mediaType,
    bytes: Buffer.from(data, "base64"),
  });
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
