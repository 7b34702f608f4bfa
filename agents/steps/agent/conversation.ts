import type { ModelMessage } from "ai";
import * as v from "valibot";
import { isJsonObject } from "#/lib/json-object.ts";

const ROLES: ReadonlySet<unknown> = new Set(["system", "user", "assistant", "tool"]);

/** Tells whether a value that we stored and read back is a message: its frame is checked, not every part of its content. */
export const isMessage = (value: unknown): value is ModelMessage =>
  isJsonObject(value) &&
  ROLES.has(value["role"]) &&
  (typeof value["content"] === "string" || Array.isArray(value["content"]));

/** Messages of a conversation, as the AI SDK takes and gives them. */
export const Messages = v.array(v.custom<ModelMessage>(isMessage, "must be a message"));

export const ToolCall = v.object({ toolCallId: v.string(), toolName: v.string(), input: v.unknown() });

/** A call that a model asks for. */
export type ToolCall = Readonly<v.InferOutput<typeof ToolCall>>;

/**
 * Returns the calls of the last turn that no tool message has answered yet. Earlier turns do not count: some servers give the ids
 * of one turn to the calls of the next (llama.cpp, Kimi), and what was answered then would stand for what is asked now.
 */
export function openCalls(conversation: readonly ModelMessage[]): readonly ToolCall[] {
  const turn = conversation.slice(conversation.findLastIndex(({ role }) => role === "assistant"));
  const answered = new Set(turn.flatMap(answeredCalls));
  return turn.flatMap(callsIn).filter(({ toolCallId }) => !answered.has(toolCallId));
}

/** The answers to each turn's calls in the order of the calls: one that a person was asked about came late. The same calls are the same prompt. */
export function inCallOrder(conversation: readonly ModelMessage[]): readonly ModelMessage[] {
  const ordered: ModelMessage[] = [];
  let answers: ModelMessage[] = [];
  let calls: readonly string[] = [];
  const findPlace = (answer: ModelMessage) => calls.indexOf(answeredCalls(answer)[0] ?? "");
  for (const message of [...conversation, undefined]) {
    if (message?.role === "tool") answers.push(message);
    else {
      ordered.push(...answers.toSorted((a, b) => findPlace(a) - findPlace(b)), ...(message ? [message] : []));
      answers = [];
      calls = callsIn(message).map(({ toolCallId }) => toolCallId);
    }
  }
  return ordered;
}

/** The calls that a message asks for. */
export function callsIn(message: ModelMessage | undefined): readonly ToolCall[] {
  if (message?.role !== "assistant" || !Array.isArray(message.content)) return [];
  return message.content.flatMap((part) =>
    part.type === "tool-call"
      ? [{ toolCallId: part.toolCallId, toolName: part.toolName, input: part.input }]
      : [],
  );
}

function answeredCalls(message: ModelMessage): readonly string[] {
  if (message.role !== "tool") return [];
  return message.content.flatMap((part) => (part.type === "tool-result" ? [part.toolCallId] : []));
}

/** The call that was answered last; empty where none was. */
export const lastAnswered = (conversation: readonly ModelMessage[]): string =>
  conversation.flatMap(answeredCalls).at(-1) ?? "";
