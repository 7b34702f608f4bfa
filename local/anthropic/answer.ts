import type { MessagesRequest } from "#/local/anthropic/request.ts";
import { signThought } from "#/local/anthropic/rules.ts";
import { type BoundedReply, nameOf, splitPieces } from "#/local/makers/offline-model.ts";

const THOUGHT = "The answer has to come from what was given.";

/** What was used, counted as Anthropic does: input that was cached is in neither `input_tokens` nor each other. */
interface Usage {
  readonly input_tokens: number;
  readonly cache_creation_input_tokens: number;
  readonly cache_read_input_tokens: number;
  readonly output_tokens: number;
}

type Block =
  | { readonly type: "thinking"; readonly thinking: string; readonly signature: string }
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "tool_use"; readonly id: string; readonly name: string; readonly input: object };

/** An answer as a message of Anthropic's. */
interface Answer {
  readonly id: string;
  readonly type: "message";
  readonly role: "assistant";
  readonly model: string;
  readonly content: readonly Block[];
  readonly stop_reason: string;
  readonly stop_sequence: null;
  readonly usage: Usage;
}

interface Said extends BoundedReply {
  /** Why it stops, where that is not what the reply says itself. */
  readonly stopReason?: string | undefined;
  readonly cache: Pick<Usage, "cache_creation_input_tokens" | "cache_read_input_tokens">;
}

export function writeAnswer(request: MessagesRequest, { said, cache, ...bounded }: Said): Answer {
  const id = `msg_${nameOf(request)}`;
  const asksForTools = "toolCalls" in said;
  const inputTokens = bounded.inputTokens - cache.cache_creation_input_tokens - cache.cache_read_input_tokens;
  return {
    id,
    type: "message",
    role: "assistant",
    model: request.model,
    content: [...thoughtOf(request), ...writeBlocks(id, said)],
    stop_reason:
      bounded.stopReason ?? (asksForTools ? "tool_use" : bounded.isCut ? "max_tokens" : "end_turn"),
    stop_sequence: null,
    usage: { input_tokens: Math.max(1, inputTokens), ...cache, output_tokens: bounded.outputTokens },
  };
}

function thoughtOf({ thinking }: MessagesRequest): readonly Block[] {
  return thinking === undefined || thinking.type === "disabled"
    ? []
    : [{ type: "thinking", thinking: THOUGHT, signature: signThought(THOUGHT) }];
}

function writeBlocks(id: string, said: BoundedReply["said"]): readonly Block[] {
  if ("content" in said) return [{ type: "text", text: said.content }];
  return said.toolCalls.map(({ name, arguments: input }, place) => ({
    type: "tool_use",
    id: `toolu_${nameOf(id, place)}`,
    name,
    input,
  }));
}

/** The answer in the events of Anthropic's stream. */
export function writeEvents(answer: Answer): readonly string[] {
  const { content, stop_reason: reason, usage, ...message } = answer;
  const start = { ...message, content: [], stop_reason: null, usage: { ...usage, output_tokens: 1 } };
  return [
    writeEvent("message_start", { message: start }),
    ...content.flatMap(writeBlockEvents),
    writeEvent("message_delta", { delta: { stop_reason: reason, stop_sequence: null }, usage }),
    writeEvent("message_stop", {}),
  ];
}

function writeBlockEvents(block: Block, index: number): readonly string[] {
  const start = writeEvent("content_block_start", { index, content_block: emptied(block) });
  const deltas = deltasOf(block).map((delta) => writeEvent("content_block_delta", { index, delta }));
  const opening = index === 0 ? [start, writeEvent("ping", {})] : [start];
  return [...opening, ...deltas, writeEvent("content_block_stop", { index })];
}

export const writeEvent = (type: string, rest: object): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...rest })}\n\n`;

function emptied(block: Block): object {
  if (block.type === "text") return { type: "text", text: "" };
  if (block.type === "tool_use") return { ...block, input: {} };
  return { type: "thinking", thinking: "", signature: "" };
}

/** A tool's arguments come as pieces of JSON, of which the first is empty. */
function deltasOf(block: Block): readonly object[] {
  if (block.type === "text")
    return block.text === "" ? [] : splitPieces(block.text).map((text) => ({ type: "text_delta", text }));
  if (block.type === "tool_use")
    return ["", ...splitPieces(JSON.stringify(block.input))].map((partial_json) => ({
      type: "input_json_delta",
      partial_json,
    }));
  return [
    ...splitPieces(block.thinking).map((thinking) => ({ type: "thinking_delta", thinking })),
    { type: "signature_delta", signature: block.signature },
  ];
}
