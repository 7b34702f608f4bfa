import { createGoogle } from "@ai-sdk/google";
import { generateText, isStepCount, Output, streamText, tool } from "ai";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startGoogle } from "#/local/google/serve.ts";
import type { Maker } from "#/local/makers/door.ts";
import { aiSchema } from "#/tests/support/ai-schema.ts";

// The maker's own package, unmodified, against the façade; and requests that Google refuses, in the words in which it does.
const API_KEY = "contract-key";
const MODEL = "local-extractive-1";

let maker: Maker;
beforeAll(async () => {
  maker = await startGoogle({ port: 0, apiKey: API_KEY });
});
afterAll(() => maker.stop());

const address = () => `http://127.0.0.1:${maker.port}/v1beta`;
const model = (name = MODEL) => createGoogle({ baseURL: address(), apiKey: API_KEY })(name);
const calculator = tool({
  description: "Calculate an arithmetic expression.",
  inputSchema: aiSchema(v.object({ expression: v.string() })),
  execute: ({ expression }) => ({ expression, result: expression === "2^10" ? 1024 : 84 }),
});
const user = (...parts: readonly object[]) => ({ role: "user", parts });
const post = (body: object, { model: name = MODEL, verb = "generateContent", key = API_KEY } = {}) =>
  fetch(`${address()}/models/${name}:${verb}`, {
    method: "POST",
    headers: { "x-goog-api-key": key },
    body: JSON.stringify({ contents: [user({ text: "Hi" })], ...body }),
  });

describe("what is said", () => {
  test("comes whole and streamed, with the same words and counts", async () => {
    const prompt = "What is said about refunds? Refunds take 30 days.";
    const whole = await generateText({ model: model(), prompt });
    const streamed = streamText({ model: model(), prompt });
    expect(whole.text).toContain("Refunds take 30 days");
    expect(await streamed.text).toBe(whole.text);
    expect(await streamed.usage).toMatchObject({
      inputTokens: whole.usage.inputTokens,
      outputTokens: whole.usage.outputTokens,
    });
  });

  test("stands in chunks of which only the last one ends, without `alt=sse` in a list", async () => {
    const contents = [user({ text: "Refunds take 30 days. Refunds?" })];
    const chunks = (await (await post({ contents }, { verb: "streamGenerateContent" })).json()) as readonly {
      candidates: readonly { finishReason?: string }[];
      usageMetadata: { promptTokenCount: number };
      modelVersion: string;
    }[];
    expect(chunks.map(({ candidates }) => candidates[0]?.finishReason).filter(Boolean)).toEqual(["STOP"]);
    expect(chunks.at(-1)).toMatchObject({
      candidates: [{ finishReason: "STOP" }],
      usageMetadata: { candidatesTokenCount: expect.any(Number) },
      modelVersion: MODEL,
    });
    expect(chunks.every(({ usageMetadata }) => usageMetadata.promptTokenCount > 0)).toBe(true);
  });

  test("counts thoughts, and tells them when asked", async () => {
    const { usage, reasoningText } = await generateText({
      model: model(),
      prompt: "Refunds?",
      providerOptions: { google: { thinkingConfig: { thinkingBudget: 100, includeThoughts: true } } },
    });
    expect(usage.outputTokenDetails.reasoningTokens).toBeGreaterThan(0);
    expect(reasoningText).toContain("The answer has to come from");
  });

  test.each([MODEL, "gemini-2.5-offline", "gemini-3-offline"])(
    "is two calls of a function at once from %s, and then an answer with both results",
    async (name) => {
      const result = streamText({
        model: model(name),
        prompt: "What is (3 + 4) * 12 and 2^10?",
        tools: { calculator },
        stopWhen: isStepCount(3),
      });
      const [first] = await result.steps;
      expect(first?.finishReason).toBe("tool-calls");
      expect(first?.rawFinishReason).toBe("STOP");
      expect(first?.toolCalls.map(({ input }) => input)).toEqual([
        { expression: "(3 + 4) * 12" },
        { expression: "2^10" },
      ]);
      expect(await result.text).toContain("2^10 = 1024");
    },
  );

  test("is JSON in a schema of JSON's or of its own", async () => {
    const { output } = await generateText({
      model: model(),
      prompt: "Refunds take 30 days. What about refunds?",
      output: Output.object({ schema: aiSchema(v.object({ answer: v.string() })) }),
    });
    expect(output).toEqual({ answer: expect.stringContaining("30 days") });
    const generationConfig = {
      responseMimeType: "application/json",
      responseSchema: { type: "OBJECT", properties: { answer: { type: "STRING" } } },
    };
    const own = (await (await post({ generationConfig })).json()) as {
      candidates: readonly { content: { parts: readonly { text: string }[] } }[];
    };
    const said = own.candidates[0]?.content.parts.map(({ text }) => text).join("") ?? "";
    expect(JSON.parse(said)).toEqual({ answer: expect.any(String) });
  });

  test("quotes a text file, and names a PDF by its bytes", async () => {
    const { text } = await generateText({
      model: model(),
      messages: [
        {
          role: "user",
          content: [
            { type: "file", mediaType: "text/plain", data: Buffer.from("Refunds take 30 days.") },
            { type: "file", mediaType: "application/pdf", data: Buffer.from("%PDF-1.7") },
            { type: "text", text: "List the facts about refunds and the file of type application/pdf" },
          ],
        },
      ],
    });
    expect(text).toContain("Refunds take 30 days.");
    expect(text).toContain("has 8 bytes");
  });
});

const functionCall = { functionCall: { name: "t", args: {} } };
const response = { functionResponse: { name: "t", response: { content: "ok" } } };
const json = (rest: object) => ({ generationConfig: { responseMimeType: "application/json", ...rest } });
const tools = (...names: readonly string[]) => ({
  tools: [{ functionDeclarations: names.map((name) => ({ name })) }],
});
const turns = (...parts: readonly (readonly object[])[]) => ({
  contents: parts.map((turn, place) => ({ role: place % 2 === 0 ? "user" : "model", parts: turn })),
});

describe("what Google refuses is refused in its words", () => {
  test.each([
    ["a field that it does not know", { mood: "good" }, 'Unknown name "mood": Cannot find field'],
    ["a part that it does not know", { contents: [user({ text: "Hi", mood: 1 })] }, 'Unknown name "mood"'],
    ["no content", { contents: [] }, "contents is not specified"],
    [
      "a call that nothing answers",
      turns([{ text: "a" }], [functionCall], [{ text: "b" }]),
      "number of function response parts is equal",
    ],
    [
      "an answer to no call",
      turns([{ text: "a" }], [{ text: "b" }], [response]),
      "function response turn comes immediately after a function call turn",
    ],
    [
      "a call before the user spoke",
      { contents: [{ role: "model", parts: [functionCall] }, user(response)] },
      "function call turn comes immediately after a user turn",
    ],
    ["a function that is declared twice", tools("a", "a"), "Duplicate function declaration found: a"],
    ["a function of an odd name", tools("1a"), "Invalid function name"],
    [
      "a schema without its type",
      { generationConfig: { responseJsonSchema: {} } },
      "response_mime_type must be application/json",
    ],
    [
      "both kinds of schema",
      json({ responseSchema: { type: "STRING" }, responseJsonSchema: {} }),
      "Only one of",
    ],
    [
      "a keyword of JSON Schema in its own",
      json({ responseSchema: { type: "OBJECT", additionalProperties: false } }),
      'Unknown name "additionalProperties"',
    ],
    [
      "a reference that does not stand alone",
      json({ responseJsonSchema: { $ref: "#", type: "object" } }),
      "If `$ref` is set, no other fields",
    ],
    [
      "a file of another type",
      { contents: [user({ inlineData: { mimeType: "application/zip", data: "AAAA" } })] },
      "Unsupported MIME type: application/zip",
    ],
    [
      "a file that is no base64",
      { contents: [user({ inlineData: { mimeType: "image/png", data: "?" } })] },
      "Base64 decoding failed",
    ],
  ])("%s", async (_what, body, message) => {
    const answer = await post(body);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      error: { code: 400, status: "INVALID_ARGUMENT", message: expect.stringContaining(message) },
    });
  });

  test.each([
    [
      "JSON beside functions, by a Gemini 2.5",
      { ...json({}), ...tools("t") },
      "gemini-2.5-offline",
      "Function calling with a response mime type: 'application/json' is unsupported",
    ],
    [
      "a call without its signature, by a Gemini 3",
      { ...tools("t"), ...turns([{ text: "a" }], [functionCall], [response]) },
      "gemini-3-offline",
      "missing a thought_signature",
    ],
  ])("%s", async (_what, body, name, message) => {
    const answer = await post(body, { model: name });
    expect(await answer.json()).toMatchObject({ error: { message: expect.stringContaining(message) } });
  });

  test.each([
    ["a wrong key", { key: "other" }, 400, "API key not valid"],
    ["another model", { model: "gemini-9" }, 404, "models/gemini-9 is not found for API version v1beta"],
    ["another verb", { verb: "countTokens" }, 404, "There is no POST"],
  ])("%s", async (_what, options, status, message) => {
    const answer = await post({}, options);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ error: { message: expect.stringContaining(message) } });
  });
});
