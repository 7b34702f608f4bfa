import { asSchema, generateText, tool } from "ai";
import { MockLanguageModelV4 } from "ai/test";
import { expect, it } from "vitest";
import * as v from "valibot";
import { aiSchema } from "#/lib/ai-schema.ts";

const City = v.object({
  city: v.pipe(v.string(), v.trim(), v.minLength(2)),
  days: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1)), 3),
  options: v.optional(v.object({ units: v.picklist(["c", "f"]) })),
});

const validate = async (value: unknown) => asSchema(aiSchema(City)).validate?.(value);

it("accepts valid input and applies defaults and transformations", async () => {
  expect(await validate({ city: " Rome " })).toEqual({ success: true, value: { city: "Rome", days: 3 } });
});

it.each([
  [{ city: 1 }],
  [{ city: "x" }],
  [{}],
  ["Rome"],
  [{ city: "Rome", days: 1.5 }],
  [{ city: "Rome", options: { units: "k" } }],
])("rejects %j", async (value) => {
  expect(await validate(value)).toMatchObject({ success: false });
});

it("shows the model closed objects and what is required", async () => {
  const json = await asSchema(aiSchema(City)).jsonSchema;
  expect(json).toMatchObject({ type: "object", required: ["city"], additionalProperties: false });
  expect(json.properties?.["options"]).toMatchObject({ additionalProperties: false });
});

it("marks a tool call with invalid input as invalid instead of running it", async () => {
  let ran = false;
  const model = new MockLanguageModelV4({
    doGenerate: {
      content: [{ type: "tool-call", toolCallId: "1", toolName: "weather", input: '{"city":5}' }],
      finishReason: { unified: "tool-calls", raw: undefined },
      usage: {
        inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
        outputTokens: { total: 1, text: 1, reasoning: 0 },
      },
      warnings: [],
    },
  });
  const weather = tool({
    inputSchema: aiSchema(City),
    execute: () => {
      ran = true;
      return "sunny";
    },
  });
  const { toolCalls } = await generateText({ model, prompt: "?", tools: { weather } });
  expect(toolCalls[0]).toMatchObject({ invalid: true });
  expect(ran).toBe(false);
});
