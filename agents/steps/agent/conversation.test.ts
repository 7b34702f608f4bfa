import type { ModelMessage } from "ai";
import { expect, test } from "vitest";
import { inCallOrder } from "#/agents/steps/agent/conversation.ts";

const said = (content: string): ModelMessage => ({ role: "user", content });
const calls = (...ids: string[]): ModelMessage => ({
  role: "assistant",
  content: ids.map((toolCallId) => ({ type: "tool-call", toolCallId, toolName: "t", input: {} })),
});
const answer = (toolCallId: string, value: string): ModelMessage => ({
  role: "tool",
  content: [{ type: "tool-result", toolCallId, toolName: "t", output: { type: "text", value } }],
});

test("answers stand in the order of their calls, whenever they came", () => {
  const conversation = [
    said("go"),
    calls("a", "b", "c"),
    answer("c", "3"),
    answer("a", "1"),
    answer("b", "2"),
    calls("d"),
  ];
  expect(inCallOrder(conversation)).toEqual([
    said("go"),
    calls("a", "b", "c"),
    answer("a", "1"),
    answer("b", "2"),
    answer("c", "3"),
    calls("d"),
  ]);
});

test("each turn is a list of its own, also where a server gives ids of one turn to the next", () => {
  const conversation = [
    calls("a", "b"),
    answer("b", "first b"),
    answer("a", "first a"),
    calls("b", "a"),
    answer("a", "second a"),
    answer("b", "second b"),
  ];
  expect(inCallOrder(conversation)).toEqual([
    calls("a", "b"),
    answer("a", "first a"),
    answer("b", "first b"),
    calls("b", "a"),
    answer("b", "second b"),
    answer("a", "second a"),
  ]);
});
