import { createAnthropic } from "@ai-sdk/anthropic";
import { generateText, isStepCount, Output, streamText, tool } from "ai";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startAnthropic } from "#/local/anthropic/serve.ts";
import type { Maker } from "#/local/makers/door.ts";
import { aiSchema } from "#/tests/support/ai-schema.ts";

// The makers' own package, unmodified, against the façade; and requests that Anthropic refuses, in the words in which it does.
const API_KEY = "contract-key";
const MODEL = "local-extractive-1";
const NEWEST = "claude-sonnet-4-5-offline";

let maker: Maker;
beforeAll(async () => {
  maker = await startAnthropic({ port: 0, apiKey: API_KEY });
});
afterAll(() => maker.stop());

const address = () => `http://127.0.0.1:${maker.port}/v1`;
const model = (name = NEWEST) => createAnthropic({ baseURL: address(), apiKey: API_KEY })(name);
const calculator = tool({
  description: "Calculate an arithmetic expression.",
  inputSchema: aiSchema(v.object({ expression: v.string() })),
  execute: ({ expression }) => ({ expression, result: expression === "2^10" ? 1024 : 84 }),
});
const user = (content: unknown) => ({ role: "user", content });
const post = (body: object, headers: Record<string, string> = {}) =>
  fetch(`${address()}/messages`, {
    method: "POST",
    headers: { "x-api-key": API_KEY, "anthropic-version": "2023-06-01", ...headers },
    body: JSON.stringify({ model: MODEL, max_tokens: 1000, messages: [user("Hi")], ...body }),
  });

describe("what is said", () => {
  test("comes whole and streamed, with the same words and counts", async () => {
    const prompt = "What is said about refunds? Refunds take 30 days.";
    const whole = await generateText({ model: model(), prompt });
    const streamed = streamText({ model: model(), prompt });
    expect(whole.text).toContain("Refunds take 30 days");
    expect(await streamed.text).toBe(whole.text);
    expect(whole.finishReason).toBe("stop");
    expect(await streamed.usage).toMatchObject({
      inputTokens: whole.usage.inputTokens,
      outputTokens: whole.usage.outputTokens,
    });
    expect(whole.usage.outputTokens).toBeGreaterThan(3);
  });

  test("stands in the events of Anthropic's stream, in their order", async () => {
    const text = await (
      await post({ stream: true, messages: [user("Refunds take 30 days. Refunds?")] })
    ).text();
    const types = [...text.matchAll(/^event: (.*)$/gm)].map(([, type]) => type);
    const order = types.filter((type, place) => type !== types[place - 1]);
    expect(order).toEqual([
      "message_start",
      "content_block_start",
      "ping",
      "content_block_delta",
      "content_block_stop",
      "message_delta",
      "message_stop",
    ]);
    expect(text).toMatch(
      /"message_delta","delta":\{"stop_reason":"end_turn","stop_sequence":null\},"usage":\{"input_tokens":\d+,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":\d+\}/,
    );
  });

  test("is two uses of a tool at once, whose arguments come in pieces, and then an answer with both results", async () => {
    const { steps, text } = await streamed(NEWEST);
    expect(steps[0]?.finishReason).toBe("tool-calls");
    expect(steps[0]?.toolCalls.map(({ input }) => input)).toEqual([
      { expression: "(3 + 4) * 12" },
      { expression: "2^10" },
    ]);
    expect(text).toContain("2^10 = 1024");
  });

  test.each([NEWEST, MODEL])("is JSON in a schema from %s", async (name) => {
    const { output } = await generateText({
      model: model(name),
      prompt: "Refunds take 30 days. What about refunds?",
      output: Output.object({ schema: aiSchema(v.object({ answer: v.string() })) }),
    });
    expect(output).toEqual({ answer: expect.stringContaining("30 days") });
  });

  test("counts what a cached prompt wrote and read", async () => {
    const system = [{ type: "text", text: "Be brief. ".repeat(200), cache_control: { type: "ephemeral" } }];
    const usages = [];
    for (const text of ["Hi", "Hello"]) {
      const answer = await (await post({ system, messages: [user(text)] })).json();
      usages.push((answer as { usage: Record<string, number> }).usage);
    }
    expect(usages[0]?.["cache_creation_input_tokens"]).toBeGreaterThan(400);
    expect(usages[1]?.["cache_read_input_tokens"]).toBe(usages[0]?.["cache_creation_input_tokens"]);
    expect(usages[1]?.["input_tokens"]).toBeLessThan(100);
  });

  test("quotes a text file, and names a PDF and an image by their bytes", async () => {
    const { text } = await generateText({
      model: model(),
      messages: [
        {
          role: "user",
          content: [
            {
              type: "file",
              mediaType: "text/plain",
              data: Buffer.from("Refunds take 30 days."),
              filename: "a.txt",
            },
            { type: "file", mediaType: "application/pdf", data: Buffer.from("%PDF-1.7"), filename: "b.pdf" },
            { type: "text", text: "List the facts about refunds and the file of type application/pdf" },
          ],
        },
      ],
    });
    expect(text).toContain("Refunds take 30 days. [a.txt]");
    expect(text).toContain("has 8 bytes");
  });

  const streamed = async (name: string) => {
    const result = streamText({
      model: model(name),
      prompt: "What is (3 + 4) * 12 and 2^10?",
      tools: { calculator },
      stopWhen: isStepCount(3),
    });
    return { steps: await result.steps, text: await result.text };
  };
});

const use = { type: "tool_use", id: "toolu_1", name: "t", input: {} };
const answered = { type: "tool_result", tool_use_id: "toolu_1", content: "ok" };
const schemaOf = (schema: object) => ({
  model: NEWEST,
  output_config: { format: { type: "json_schema", schema } },
});
const thinking = { type: "enabled", budget_tokens: 1024 };
const image = (media_type: string, data: string) => ({
  type: "image",
  source: { type: "base64", media_type, data },
});
const toolsNamed = (...names: readonly string[]) => ({
  tools: names.map((name) => ({ name, input_schema: { type: "object" } })),
});

describe("what Anthropic refuses is refused in its words", () => {
  test.each([
    ["a field that it does not know", { mood: "good" }, "mood: Extra inputs are not permitted"],
    ["no limit of the answer", { max_tokens: undefined }, "max_tokens: Field required"],
    ["no message", { messages: [] }, "at least one message is required"],
    [
      "an answer as the first message",
      { messages: [{ role: "assistant", content: "Hi" }] },
      'must use the "user" role',
    ],
    [
      "an empty text",
      { messages: [user([{ type: "text", text: " " }])] },
      "text content blocks must be non-empty",
    ],
    [
      "a use of a tool without its result",
      { messages: [user("Hi"), { role: "assistant", content: [use] }, user("and?")] },
      "`tool_use` ids were found without `tool_result` blocks immediately after: toolu_1",
    ],
    [
      "a result of no use",
      { messages: [user([answered])] },
      "unexpected `tool_use_id` found in `tool_result` blocks",
    ],
    [
      "arguments that are no object",
      { messages: [user("Hi"), { role: "assistant", content: [{ ...use, input: "{}" }] }] },
      "Input should be a valid dictionary",
    ],
    ["two tools of a name", toolsNamed("a", "a"), "Tool names must be unique"],
    ["a tool whose name has a dot", toolsNamed("a.b"), "String should match pattern"],
    [
      "a choice without tools",
      { tool_choice: { type: "any" } },
      "may only be specified while providing tools",
    ],
    ["thoughts as long as the answer", { thinking, max_tokens: 1024 }, "`max_tokens` must be greater than"],
    [
      "a tool that is forced on a thinker",
      { ...toolsNamed("t"), tool_choice: { type: "any" }, thinking, max_tokens: 4096 },
      "Thinking may not be enabled when tool_choice forces tool use",
    ],
    [
      "a thinker's use of a tool without its thought",
      {
        ...toolsNamed("t"),
        thinking,
        max_tokens: 4096,
        messages: [user("Hi"), { role: "assistant", content: [use] }, user([answered])],
      },
      "Expected `thinking` or `redacted_thinking`, but found `tool_use`",
    ],
    [
      "a thought that was changed",
      {
        messages: [
          user("Hi"),
          { role: "assistant", content: [{ type: "thinking", thinking: "x", signature: "y" }] },
        ],
      },
      "Invalid `signature` in `thinking` block",
    ],
    [
      "a schema, by a model without",
      { ...schemaOf({ type: "object" }), model: MODEL },
      "does not support output format",
    ],
    [
      "an open schema",
      schemaOf({ type: "object", properties: {} }),
      "'additionalProperties' must be explicitly set to false",
    ],
    [
      "a bound in a schema",
      schemaOf({ type: "string", minLength: 2 }),
      "For 'string' type, property 'minLength' is not supported",
    ],
    [
      "a schema with many optional keys",
      schemaOf({
        type: "object",
        additionalProperties: false,
        properties: Object.fromEntries(Array.from({ length: 25 }, (_, n) => [`p${n}`, { type: "string" }])),
      }),
      "too many optional parameters (25)",
    ],
    [
      "an image of another type",
      { messages: [user([image("image/tiff", "AAAA")])] },
      "media_type: Input should be 'image/jpeg'",
    ],
    ["an image that is no base64", { messages: [user([image("image/png", "?")])] }, "Invalid base64 data"],
    [
      "an image above 5 MB",
      { messages: [user([image("image/png", "A".repeat(7_000_004))])] },
      "image exceeds 5 MB maximum",
    ],
    ["a prompt that is too long", { messages: [user("x".repeat(900_000))] }, "prompt is too long"],
  ])("%s", async (_what, body, message) => {
    const response = await post(body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      type: "error",
      error: { type: "invalid_request_error", message: expect.stringContaining(message) },
    });
  });

  test.each([
    ["a wrong key", {}, { "x-api-key": "other" }, 401, "authentication_error"],
    ["another model", { model: "claude-opus-9" }, {}, 404, "not_found_error"],
  ])("%s", async (_what, body, headers, status, type) => {
    const response = await post(body, headers);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { type } });
  });

  test("another path, and a version that is not named", async () => {
    const headers = { "x-api-key": API_KEY };
    const completions = await fetch(`${address()}/complete`, {
      method: "POST",
      headers: { ...headers, "anthropic-version": "1" },
    });
    expect(completions.status).toBe(404);
    const unnamed = await fetch(`${address()}/messages`, { method: "POST", headers });
    expect(await unnamed.json()).toMatchObject({
      error: { message: "anthropic-version: header is required" },
    });
  });
});
