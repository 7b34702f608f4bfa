import { simulateReadableStream, streamText, tool, jsonSchema } from "ai";
import { MockLanguageModelV4 } from "ai/test";
import { expect, test } from "vitest";
import { withExactCalls } from "#/agents/models/exact-calls.ts";

const usage = {
  inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 1, text: 1, reasoning: 0 },
};

/** A model that calls a tool with these arguments. */
const calling = (input: string) =>
  new MockLanguageModelV4({
    doStream: async () => ({
      stream: simulateReadableStream({
        chunks: [
          { type: "stream-start", warnings: [] },
          { type: "tool-call", toolCallId: "1", toolName: "pay", input },
          { type: "finish", usage, finishReason: { unified: "tool-calls", raw: undefined } },
        ],
      }),
    }),
  });

test.each([
  [
    '{"id":9007199254740993,"list":[12345678901234567890,1]}',
    { id: "9007199254740993", list: ["12345678901234567890", 1] },
  ],
  ['{"id":9007199254740991}', { id: 9007199254740991 }],
])("arguments of a tool call keep all their digits: %s", async (input, exact) => {
  const { toolCalls, responseMessages } = streamText({
    model: withExactCalls(calling(input)),
    prompt: "pay",
    tools: { pay: tool({ inputSchema: jsonSchema({ type: "object" }) }) },
  });
  expect((await toolCalls).map((call) => call.input)).toEqual([exact]);
  expect(JSON.stringify(await responseMessages)).toContain(JSON.stringify(exact));
});

test("arguments that are no JSON are left to the AI SDK, which tells the model", async () => {
  const { toolCalls } = streamText({
    model: withExactCalls(calling("{broken")),
    prompt: "pay",
    tools: { pay: tool({ inputSchema: jsonSchema({ type: "object" }) }) },
  });
  expect(await toolCalls).toMatchObject([{ invalid: true }]);
});
