import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { embedMany, generateText, isStepCount, Output, streamText, tool } from "ai";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import * as v from "valibot";
import { aiSchema } from "#/tests/support/ai-schema.ts";
import { startOpenai } from "#/local/openai/serve.ts";

// The AI SDK, unmodified, against the façade and its extractive model.
const API_KEY = "contract-key";
const PASSAGES = [
  {
    document: "refunds.md",
    position: 1,
    text: "Customers may request a refund within 30 days of purchase. For buyers in the European Union the window is extended to 45 days.",
  },
  {
    document: "refunds.md",
    position: 2,
    text: "Refunds are issued to the original payment method and usually arrive within 5 business days. Digital gift cards are not refundable.",
  },
  {
    document: "outage.md",
    position: 1,
    text: "On March 3, 2026 the billing service was unavailable for 47 minutes. The root cause was an expired TLS certificate on the internal gateway.",
  },
  {
    document: "outage.md",
    position: 2,
    text: "Engineers renewed the certificate and added an alert that fires 14 days before expiry. No customer data was lost.",
  },
];

let service: Awaited<ReturnType<typeof startOpenai>>;
beforeAll(async () => {
  service = await startOpenai({ port: 0, apiKey: API_KEY });
});
afterAll(() => service.stop());
afterEach(() => post("/_faults", undefined, "DELETE"));

const address = (path: string) => `http://127.0.0.1:${service.port}${path}`;
const post = (path: string, body: unknown, method: "POST" | "DELETE" = "POST") =>
  fetch(address(path), {
    method,
    headers: { authorization: `Bearer ${API_KEY}` },
    body: JSON.stringify(body) ?? null,
  });
const provider = (apiKey = API_KEY) =>
  createOpenAICompatible({
    name: "local",
    baseURL: address("/v1"),
    apiKey,
    supportsStructuredOutputs: true,
    includeUsage: true,
  });
const model = () => provider().chatModel("local-extractive-1");

const knowledge_search = tool({
  description: "Search the workspace's documents for passages that answer a question.",
  inputSchema: aiSchema(
    v.object({ query: v.pipe(v.string(), v.minLength(2)), topK: v.optional(v.number(), 5) }),
  ),
  execute: () => ({
    passages: PASSAGES.map((passage) => ({
      citation: `[${passage.document}#${passage.position}]`,
      ...passage,
    })),
  }),
});
const calculator = tool({
  description: "Calculate an arithmetic expression.",
  inputSchema: aiSchema(v.object({ expression: v.string() })),
  execute: ({ expression }) => ({ expression, result: expression === "(3 + 4) * 12" ? 84 : 1024 }),
});
const ask = (prompt: string) =>
  generateText({ model: model(), prompt, tools: { knowledge_search, calculator }, stopWhen: isStepCount(4) });

describe("an agent with tools", () => {
  it("searches first, then answers with cited sentences of what it found", async () => {
    const { steps, text, finishReason, usage } = await ask("What is the refund window for EU buyers?");
    expect(steps[0]?.toolCalls).toMatchObject([
      { toolName: "knowledge_search", input: { query: "What is the refund window for EU buyers?", topK: 5 } },
    ]);
    expect(text).toBe("For buyers in the European Union the window is extended to 45 days. [refunds.md#1]");
    expect(finishReason).toBe("stop");
    expect(usage.inputTokens).toBeGreaterThan(0);
    expect(usage.outputTokens).toBeGreaterThan(0);
  });

  it("collects more when asked for facts", async () => {
    const { text } = await ask("Facts about the billing outage");
    expect(text).toContain("expired TLS certificate on the internal gateway. [outage.md#1]");
    expect(text).toContain("[outage.md#2]");
    expect(text).not.toContain("gift cards");
  });

  it("says that it has nothing to quote when nothing answers", async () => {
    const { text } = await ask("Who won the 1998 World Cup?");
    expect(text).toMatch(/^Nothing to quote/);
  });

  it("calls a tool twice at once when two things are asked", async () => {
    const { steps, text } = await ask("What is (3 + 4) * 12 and 2^10?");
    expect(steps[0]?.toolCalls.map(({ input }) => input)).toEqual([
      { expression: "(3 + 4) * 12" },
      { expression: "2^10" },
    ]);
    expect(text).toBe("(3 + 4) * 12 = 84 2^10 = 1024");
  });

  it("calls the tool it is told to, and none when told so", async () => {
    const tools = { knowledge_search, calculator };
    const forced = await generateText({
      model: model(),
      prompt: "Hello there",
      tools,
      toolChoice: { type: "tool", toolName: "calculator" },
    });
    expect(forced.toolCalls[0]?.toolName).toBe("calculator");
    const none = await generateText({
      model: model(),
      prompt: "What is the refund window?",
      tools,
      toolChoice: "none",
    });
    expect(none.toolCalls).toEqual([]);
  });

  it("calls one tool only where parallel calls are off", async () => {
    const body = {
      model: "local-extractive-1",
      messages: [{ role: "user", content: "What is 1 + 1 and 2 + 2?" }],
      tools: [
        {
          type: "function",
          function: {
            name: "calculator",
            parameters: {
              type: "object",
              properties: { expression: { type: "string" } },
              required: ["expression"],
            },
          },
        },
      ],
      parallel_tool_calls: false,
    };
    const answer: unknown = await (await post("/v1/chat/completions", body)).json();
    expect(answer).toHaveProperty("choices.0.message.tool_calls.length", 1);
  });

  it("stops using tools when the loop says so, and still answers the question", async () => {
    const { text } = await generateText({
      model: model(),
      messages: [
        { role: "user", content: "What is the refund window for EU buyers?" },
        {
          role: "assistant",
          content: [
            { type: "tool-call", toolCallId: "1", toolName: "knowledge_search", input: { query: "x" } },
          ],
        },
        {
          role: "tool",
          content: [
            {
              type: "tool-result",
              toolCallId: "1",
              toolName: "knowledge_search",
              output: { type: "json", value: { passages: PASSAGES } },
            },
          ],
        },
        {
          role: "user",
          content:
            "You have reached the step limit. Stop using tools and give your best complete final answer now.",
        },
      ],
    });
    expect(text).toContain("45 days. [refunds.md#1]");
  });
});

describe("writing from material", () => {
  const FINDINGS =
    "Customers may request a refund within 30 days of purchase. [refunds.md#1] Digital gift cards are not refundable. [refunds.md#2]";

  it("turns cited text into a brief that keeps the citations", async () => {
    const { text } = await generateText({ model: model(), prompt: `Write a brief from: ${FINDINGS}` });
    expect(text).toBe(
      "# Brief: Refunds\n\n- Customers may request a refund within 30 days of purchase. [refunds.md#1]\n- Digital gift cards are not refundable. [refunds.md#2]",
    );
  });

  it("keeps a question that follows the material out of the brief, and makes it the title", async () => {
    const { text } = await generateText({
      model: model(),
      prompt: `Write a brief from: ${FINDINGS}\n\nThe brief answers: Are gift cards refundable within 30 days?`,
    });
    expect(text).toMatch(/^# Are gift cards refundable within 30 days\?\n\n- Customers/);
    expect(text.match(/\?/g)).toHaveLength(1);
  });

  it("finds a sentence for each part of a question, and quotes no headings", async () => {
    const report =
      "Incident report: billing outage\n\nSummary\nOn March 3, 2026 the billing service was unavailable for 47\nminutes. Payments were declined.\n\nCause\nThe root cause was an expired certificate.\n\nWhat now?\n- All certificates are renewed automatically.";
    const prompt = `What caused the billing outage of March 2026, and how long did it last?\n\n${JSON.stringify([{ document: "report.md", position: 1, text: report }])}`;
    const { text } = await generateText({ model: model(), prompt });
    expect(text).toBe(
      "On March 3, 2026 the billing service was unavailable for 47 minutes. [report.md#1] The root cause was an expired certificate. [report.md#1]",
    );
  });

  it("does a crew's task from the outputs of earlier tasks", async () => {
    const prompt = `Current task: Write a one-page report on refunds for customers.\n\nCriteria for your final answer: A report in markdown.\nReturn the complete content, not a summary.\n\nContext from earlier tasks:\n${FINDINGS}\n\n----------\n\nNothing to quote: none of the passages found (4) answers "x".`;
    const { text } = await generateText({
      model: model(),
      instructions: "You are Writer. You write.\nYour personal goal: reports",
      prompt,
    });
    expect(text).toBe(
      "# Brief: Refunds\n\n- Customers may request a refund within 30 days of purchase. [refunds.md#1]\n- Digital gift cards are not refundable. [refunds.md#2]",
    );
  });

  it("answers from passages given as JSON", async () => {
    const { text } = await generateText({
      model: model(),
      prompt: `Answer: When was the outage?\n\nPassages: ${JSON.stringify(PASSAGES)}`,
    });
    expect(text).toContain(
      "On March 3, 2026 the billing service was unavailable for 47 minutes. [outage.md#1]",
    );
  });

  it("writes nothing without evidence", async () => {
    for (const prompt of [
      "Write a brief about whales",
      'Write a brief from: Nothing to quote: none of the passages found (4) answers "x".',
      "Say hello",
    ]) {
      expect((await generateText({ model: model(), prompt })).text).toMatch(/^Nothing to quote/);
    }
  });

  it("fills a JSON schema from the sources", async () => {
    const schema = v.object({
      minutes: v.pipe(v.number(), v.integer(), v.description("duration in minutes")),
      severity: v.picklist(["low", "high"]),
      facts: v.array(v.string()),
      sources: v.array(v.string()),
      summary: v.nullable(v.string()),
    });
    const prompt = `Extract the billing outage.\n\n<doc id="outage.md">${PASSAGES[2]?.text}</doc>`;
    const { output } = await generateText({
      model: model(),
      prompt,
      output: Output.object({ schema: aiSchema(schema) }),
    });
    expect(output).toMatchObject({ minutes: 47, sources: ["outage.md"] });
    expect(output.facts).toContain("On March 3, 2026 the billing service was unavailable for 47 minutes.");
  });
});

describe("streaming", () => {
  it("streams the same text in pieces and tells the usage at the end", async () => {
    const result = streamText({
      model: model(),
      prompt: `Summarize: ${PASSAGES.map(({ text }) => text).join(" ")}`,
    });
    const pieces = await Array.fromAsync(result.textStream);
    expect(pieces.length).toBeGreaterThan(5);
    expect(pieces.join("")).toContain("45 days.");
    expect((await result.usage).outputTokens).toBeGreaterThan(0);
    expect(await result.finishReason).toBe("stop");
  });

  it("streams tool calls", async () => {
    const result = streamText({
      model: model(),
      prompt: "What is the refund window for EU buyers?",
      tools: { knowledge_search },
      stopWhen: isStepCount(3),
    });
    const kinds = new Set<string>();
    for await (const part of result.stream) kinds.add(part.type);
    expect(kinds).toContain("tool-call");
    expect(await result.text).toContain("45 days");
  });
});

describe("embeddings", () => {
  const similarity = (one: readonly number[], other: readonly number[]) =>
    one.reduce((sum, value, place) => sum + value * (other[place] ?? 0), 0);
  const embed = (values: string[], dimensions?: number) =>
    embedMany({
      model: provider().embeddingModel("local-hash-1024"),
      values,
      ...(dimensions === undefined ? {} : { dimensions }),
    });

  it("gives one vector per text, in order, near for related texts", async () => {
    const { embeddings } = await embed([
      "How long is the refund window?",
      PASSAGES[0]?.text ?? "",
      PASSAGES[2]?.text ?? "",
      "",
    ]);
    const [question = [], refunds = [], outage = [], nothing = []] = embeddings;
    expect(question).toHaveLength(1024);
    expect(similarity(question, refunds)).toBeGreaterThan(2 * similarity(question, outage));
    expect(similarity(question, question)).toBeCloseTo(1, 3);
    expect(nothing.some((value) => value !== 0)).toBe(true);
  });

  it("honours the dimensions that are asked for", async () => {
    expect((await embed(["text"], 256)).embeddings[0]).toHaveLength(256);
  });
});

describe("refusals and faults", () => {
  it("refuses every request without the key", async () => {
    for (const path of [
      "/v1/chat/completions",
      "/v1/embeddings",
      "/v1/models",
      "/_faults",
      "/_requests",
      "/health",
      "/__aimock/fixtures",
      "/v1/messages",
    ]) {
      expect((await fetch(address(path))).status).toBe(401);
    }
    await expect(
      generateText({ model: provider("wrong").chatModel("local-extractive-1"), prompt: "hi", maxRetries: 0 }),
    ).rejects.toMatchObject({ statusCode: 401 });
  });

  it("knows no other models and plays no other services", async () => {
    await expect(
      generateText({ model: provider().chatModel("gpt-5"), prompt: "hi", maxRetries: 0 }),
    ).rejects.toThrow("does not exist here");
    await expect(
      embedMany({ model: provider().embeddingModel("ada"), values: ["x"], maxRetries: 0 }),
    ).rejects.toMatchObject({ statusCode: 400 });
    expect((await post("/v1/messages", {})).status).toBe(404);
  });

  it("is limited once and then answers the retry", async () => {
    await post("/_faults", { status: 429, retryAfterSeconds: 0 });
    const before = service.requests().length;
    expect((await generateText({ model: model(), prompt: "Say hello" })).text).toContain("Say hello");
    expect(
      service
        .requests()
        .slice(before)
        .map(({ fault }) => fault?.status),
    ).toEqual([429, undefined]);
  });

  it("fails as often as planned, on the path that was named", async () => {
    await post("/_faults", { path: "/chat/completions", status: 503, times: 2 });
    for (let attempt = 0; attempt < 2; attempt += 1) {
      await expect(generateText({ model: model(), prompt: "hi", maxRetries: 0 })).rejects.toMatchObject({
        statusCode: 503,
      });
    }
    await expect(generateText({ model: model(), prompt: "hi", maxRetries: 0 })).resolves.toMatchObject({
      finishReason: "stop",
    });
  });

  it("hits the same requests for the same seed", async () => {
    const outcomes = async () => {
      await post("/_faults", { status: 500, probability: 0.5, seed: 7, times: 1000 });
      const statuses: number[] = [];
      for (let attempt = 0; attempt < 12; attempt += 1)
        statuses.push((await post("/v1/embeddings", { model: "local-hash-1024", input: "x" })).status);
      await post("/_faults", undefined, "DELETE");
      return statuses;
    };
    const first = await outcomes();
    expect(new Set(first)).toEqual(new Set([200, 500]));
    expect(await outcomes()).toEqual(first);
  });

  it("talks nonsense", async () => {
    await post("/_faults", { malformed: true });
    await expect(generateText({ model: model(), prompt: "hi", maxRetries: 0 })).rejects.toThrow(
      "Invalid JSON response",
    );
  });

  it("answers too late", async () => {
    await post("/_faults", { delayMs: 2000 });
    await expect(
      generateText({ model: model(), prompt: "hi", maxRetries: 0, abortSignal: AbortSignal.timeout(100) }),
    ).rejects.toThrow("timeout");
  });

  it("cuts a stream in the middle", async () => {
    await post("/_faults", { cutAfterChunks: 4 });
    const pieces: string[] = [];
    const consume = async () => {
      const result = streamText({
        model: model(),
        prompt: `Summarize: ${PASSAGES.map(({ text }) => text).join(" ")}`,
        maxRetries: 0,
        onError: () => {},
      });
      for await (const part of result.stream) if (part.type === "text-delta") pieces.push(part.text);
    };
    await expect(consume()).rejects.toThrow("Failed to process successful response");
    expect(pieces.length).toBeGreaterThan(0);
  });

  it("refuses faults it does not understand", async () => {
    expect((await post("/_faults", { explode: true })).status).toBe(400);
  });
});
