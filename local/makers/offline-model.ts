import { createHash } from "node:crypto";
import { reply } from "#/local/openai/brain.ts";
import { type ChatReply, type ChatRequest, type ChatTool, isRecord } from "#/local/openai/chat.ts";

/** The offline model, by the name that it has on every wire. */
export const OFFLINE_MODEL = "local-extractive-1";

const CHARACTERS_A_TOKEN = 4;
const PIECE_CHARACTERS = 12;

/** An answer of the offline model, as long as it may be. */
export interface BoundedReply {
  readonly said: ChatReply;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** It would have been longer. */
  readonly isCut: boolean;
}

/** The size of what a model is given to read. */
export const countInput = ({ messages, tools, response_format: format }: ChatRequest): number =>
  countTokens(JSON.stringify([messages, tools, format]));

/** Answers a request that a wire has put into the common form, with no more than `longest` tokens. */
export function replyWithin(request: ChatRequest, longest = Number.MAX_SAFE_INTEGER): BoundedReply {
  const said = replyByTool(request) ?? reply(request);
  const inputTokens = countInput(request);
  if ("toolCalls" in said)
    return { said, inputTokens, outputTokens: countTokens(JSON.stringify(said.toolCalls)), isCut: false };
  const content = said.content.slice(0, longest * CHARACTERS_A_TOKEN);
  return {
    said: { content },
    inputTokens,
    outputTokens: countTokens(content),
    isCut: content.length < said.content.length,
  };
}

/** The AI SDK asks models that take no schema for their answer by a tool of this description. */
const ANSWERS = "Respond with a JSON object.";

/** Answers through the tool that is offered for it, with what the answer would be; undefined where there is none, or another is wanted. */
function replyByTool({ tools = [], tool_choice: choice, ...request }: ChatRequest): ChatReply | undefined {
  const tool = tools.find(({ function: { description } }) => description === ANSWERS);
  const isFree =
    choice === undefined || typeof choice === "string" ? choice !== "none" : namesTool(choice, tool);
  if (tool === undefined || !isFree) return undefined;
  const { name, parameters: schema } = tool.function;
  const others = tools.filter((other) => other !== tool);
  const said = reply({
    ...request,
    ...(others.length > 0 && typeof choice !== "object" && { tools: others }),
    response_format: { type: "json_schema", json_schema: { schema } },
  });
  if ("toolCalls" in said) return said;
  const values: unknown = JSON.parse(said.content);
  return isRecord(values) ? { toolCalls: [{ name, arguments: values }] } : undefined;
}

const namesTool = (choice: unknown, tool: ChatTool | undefined): boolean =>
  isRecord(choice) && isRecord(choice["function"]) && choice["function"]["name"] === tool?.function.name;

export const countTokens = (text: string): number => Math.ceil(text.length / CHARACTERS_A_TOKEN);

/** A text in the pieces in which it is streamed; an empty text is one piece. */
export function splitPieces(text: string): readonly string[] {
  return text.match(new RegExp(`.{1,${PIECE_CHARACTERS}}`, "gsu")) ?? [text];
}

/** A name that is the same whenever the same is asked, such as the id of an answer. */
export const nameOf = (...parts: readonly unknown[]): string =>
  createHash("sha256").update(JSON.stringify(parts)).digest("base64url").replaceAll(/[-_]/g, "").slice(0, 24);

/** The bytes of a base64 text. @returns undefined where it is none */
export function readBase64(text: string): Buffer | undefined {
  return /^[A-Za-z0-9+/]*={0,2}$/.test(text) && text.length % 4 === 0
    ? Buffer.from(text, "base64")
    : undefined;
}
