import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ModelMaker } from "#/lib/cloud/connected-models.ts";
import { openEngine, type TestEngine } from "#/tests/support/engine.ts";
import { modelAt } from "#/tests/support/maker-connection.ts";
import {
  events,
  refusal,
  type Script,
  startScriptedEndpoint,
  tornEvents,
} from "#/tests/support/scripted-endpoint.ts";

// The engine, the makers' own packages and the wire; what the server on the other side says is written here word for word.
let endpoint: Awaited<ReturnType<typeof startScriptedEndpoint>>;
let engine: TestEngine;

beforeAll(async () => {
  endpoint = await startScriptedEndpoint();
  engine = await openEngine({
    ports: {
      models: {
        language: async (name = "") => {
          const [kind, ...model] = name.split("/");
          return open(kind as "openai", model.join("/"));
        },
        nameOf: (name) => name ?? "standard",
        priceOf: () => ({ input: 1, output: 2, cachedInput: 0.5 }),
      },
    },
  });
});
afterAll(async () => {
  await engine.close();
  endpoint.stop();
});

const open = (kind: ModelMaker, model: string) =>
  modelAt({ kind, url: `${endpoint.url}/v1`, apiKey: "the real key" }, model);

const definition = (step: object) => ({
  format: "cairn/v1",
  name: "Ask",
  kind: "graph",
  steps: { ask: { type: "llm", prompt: "Hello", retry: { attempts: 1 }, ...step } },
  edges: [
    { from: "start", to: "ask" },
    { from: "ask", to: "end" },
  ],
  output: { answer: "{{ state.ask }}" },
});

async function outcome(script: Script, step: object) {
  endpoint.answer(script);
  const runId = await engine.start(definition(step));
  await engine.settle();
  const run = await engine.run(runId);
  const logs = await engine.rows("agent_logs", runId);
  return {
    run,
    answer: (run["output"] as { answer?: unknown } | null)?.answer,
    usage: run["usage"],
    models: logs.map((row) => row["model"]),
    requests: endpoint.requests(),
  };
}

interface Wire {
  readonly kind: "openai" | "openai-compatible" | "anthropic" | "google";
  readonly path: string;
  readonly key: readonly [header: string, value: string];
  /** The events of an answer. */
  readonly says: (text: string) => readonly unknown[];
  readonly cut: readonly unknown[];
  readonly brokenOff: readonly unknown[];
  readonly refuses: readonly unknown[];
  readonly overloaded: Script;
  readonly tooLong: Script;
}

const chunk = (delta: object, finish: string | null = null) => ({
  id: "1",
  object: "chat.completion.chunk",
  created: 1,
  model: "m",
  choices: [{ index: 0, delta, finish_reason: finish }],
});
const openaiUsage = {
  id: "1",
  object: "chat.completion.chunk",
  created: 1,
  model: "m",
  choices: [],
  usage: {
    prompt_tokens: 100,
    completion_tokens: 10,
    total_tokens: 110,
    prompt_tokens_details: { cached_tokens: 60 },
    completion_tokens_details: { reasoning_tokens: 4 },
  },
};
const openai = {
  path: "/v1/chat/completions",
  key: ["authorization", "Bearer the real key"],
  says: (text: string) => [
    ": keep-alive\n\n",
    chunk({ role: "assistant", content: "" }),
    chunk({ reasoning_content: "Let me think." }),
    ...text.match(/.{1,4}/gsu)!.map((content) => chunk({ content })),
    chunk({}, "stop"),
    openaiUsage,
    "data: [DONE]\n\n",
  ],
  cut: [chunk({ content: "Half an ans" }), chunk({}, "length"), openaiUsage, "data: [DONE]\n\n"],
  brokenOff: [
    chunk({ content: "Half" }),
    { error: { message: "The server had an error", type: "server_error" } },
  ],
  refuses: [chunk({ content: "" }), chunk({}, "content_filter"), openaiUsage, "data: [DONE]\n\n"],
  overloaded: refusal(429, {
    error: { message: "Rate limit reached", type: "requests", code: "rate_limit_exceeded" },
  }),
  tooLong: refusal(400, {
    error: {
      message: "This model's maximum context length is 8192 tokens.",
      code: "context_length_exceeded",
    },
  }),
} as const;

const named = (type: string, rest: object) =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...rest })}\n\n`;
const anthropicStart = named("message_start", {
  message: {
    id: "msg",
    type: "message",
    role: "assistant",
    model: "m",
    content: [],
    stop_reason: null,
    usage: { input_tokens: 40, cache_read_input_tokens: 60, output_tokens: 1 },
  },
});
const anthropicEnd = (reason: string) => [
  named("message_delta", {
    delta: { stop_reason: reason, stop_sequence: null },
    usage: { output_tokens: 10 },
  }),
  named("message_stop", {}),
];
const anthropicText = (text: string) => [
  named("content_block_start", { index: 1, content_block: { type: "text", text: "" } }),
  ...text
    .match(/.{1,4}/gsu)!
    .map((piece) => named("content_block_delta", { index: 1, delta: { type: "text_delta", text: piece } })),
  named("content_block_stop", { index: 1 }),
];
const anthropic = {
  path: "/v1/messages",
  key: ["x-api-key", "the real key"],
  says: (text: string) => [
    anthropicStart,
    named("ping", {}),
    named("content_block_start", {
      index: 0,
      content_block: { type: "thinking", thinking: "", signature: "" },
    }),
    named("content_block_delta", { index: 0, delta: { type: "thinking_delta", thinking: "Let me think." } }),
    named("content_block_delta", { index: 0, delta: { type: "signature_delta", signature: "sig" } }),
    named("content_block_stop", { index: 0 }),
    ...anthropicText(text),
    ...anthropicEnd("end_turn"),
  ],
  cut: [anthropicStart, ...anthropicText("Half an ans"), ...anthropicEnd("max_tokens")],
  brokenOff: [anthropicStart, named("error", { error: { type: "overloaded_error", message: "Overloaded" } })],
  refuses: [anthropicStart, ...anthropicText("I"), ...anthropicEnd("refusal")],
  overloaded: refusal(529, { type: "error", error: { type: "overloaded_error", message: "Overloaded" } }),
  tooLong: refusal(400, {
    type: "error",
    error: { type: "invalid_request_error", message: "prompt is too long: 210000 tokens > 200000 maximum" },
  }),
} as const;

const candidate = (parts: readonly object[], finishReason?: string) => ({
  candidates: [{ content: { role: "model", parts }, index: 0, ...(finishReason && { finishReason }) }],
  usageMetadata: {
    promptTokenCount: 100,
    candidatesTokenCount: 6,
    thoughtsTokenCount: 4,
    totalTokenCount: 110,
    cachedContentTokenCount: 60,
  },
});
const google = {
  path: "/v1/models/",
  key: ["x-goog-api-key", "the real key"],
  says: (text: string) => [
    candidate([{ text: "Let me think.", thought: true }]),
    ...text.match(/.{1,4}/gsu)!.map((piece) => candidate([{ text: piece }])),
    candidate([{ text: "" }], "STOP"),
  ],
  cut: [candidate([{ text: "Half an ans" }], "MAX_TOKENS")],
  brokenOff: [
    candidate([{ text: "Half" }]),
    { error: { code: 503, message: "The model is overloaded.", status: "UNAVAILABLE" } },
  ],
  refuses: [candidate([], "SAFETY")],
  overloaded: refusal(503, {
    error: { code: 503, message: "The model is overloaded.", status: "UNAVAILABLE" },
  }),
  tooLong: refusal(400, {
    error: {
      code: 400,
      message: "The input token count (1200000) exceeds the maximum number of tokens allowed (1048575).",
      status: "INVALID_ARGUMENT",
    },
  }),
} as const;

const WIRES: readonly Wire[] = [
  { kind: "openai", ...openai },
  { kind: "openai-compatible", ...openai },
  { kind: "anthropic", ...anthropic },
  { kind: "google", ...google },
];

describe.each(WIRES.map((wire) => [wire.kind, wire] as const))("%s", (kind, wire) => {
  const model = `${kind}/m-1`;

  test("answers, is asked with the connection's key, and cached and thinking tokens are counted", async () => {
    const { answer, usage, requests } = await outcome(events(...wire.says("Grüß dich 👋, you.")), { model });
    expect(answer).toBe("Grüß dich 👋, you.");
    expect(usage).toMatchObject({
      inputTokens: 100,
      outputTokens: 10,
      costUsd: (40 + 60 * 0.5 + 10 * 2) / 1e6,
    });
    expect(requests[0]?.path.startsWith(wire.path)).toBe(true);
    expect(requests[0]?.headers[wire.key[0]]).toBe(wire.key[1]);
    expect(JSON.stringify(requests)).not.toContain("sealed");
  });

  test("is understood when its bytes are torn apart", async () => {
    const { answer } = await outcome(tornEvents(...wire.says("Grüß dich 👋, you.")), { model });
    expect(answer).toBe("Grüß dich 👋, you.");
  });

  test("answers in the user's own schema, and a misfit is told once", async () => {
    const outputSchema = {
      type: "object",
      required: ["city"],
      properties: { city: { type: "string", minLength: 3 }, note: { type: "string" } },
    };
    let asked = 0;
    const script: Script = (request, response) => {
      asked += 1;
      const text = asked === 1 ? '{"city":"X","note":null}' : '```json\n{"city":"Oslo","note":null}\n```';
      events(...wire.says(text))(request, response);
    };
    const { answer, requests } = await outcome(script, { model, outputSchema });
    expect(answer).toEqual({ city: "Oslo" });
    expect(requests).toHaveLength(2);
    expect(JSON.stringify(requests[1]?.body)).toContain("does not fit the output schema");
  });

  test("is told effort, temperature and the longest answer", async () => {
    const { requests } = await outcome(events(...wire.says("ok")), {
      model: kind === "google" ? "google/gemini-3-pro" : kind === "openai" ? "openai/gpt-5" : model,
      effort: "low",
      maxOutputTokens: 2048,
    });
    const text = JSON.stringify(requests[0]?.body);
    expect(text).toContain("2048");
    expect(text).toMatch(kind === "anthropic" ? /"max_tokens":2048.*"budget_tokens":1024/ : /"low"/);
  });

  test.each([
    ["was cut", "cut", "model-cut"],
    ["breaks off in mid-stream", "brokenOff", /model-(unavailable|rate-limited)/],
    ["was refused", "refuses", "model-filtered"],
  ] as const)("an answer that %s is no answer", async (_what, how, code) => {
    const { run } = await outcome(events(...wire[how]), { model });
    expect(run).toMatchObject({ status: "failed", error: { code: expect.stringMatching(code) } });
  });

  test.each([
    ["is overloaded", "overloaded"],
    ["cannot read that much", "tooLong"],
  ] as const)(
    "where it %s, the next model of `fallback` answers, and the log says so",
    async (_what, how) => {
      const script: Script = (asked, response) =>
        asked.path.startsWith("/v1/chat/completions") && asked.body["model"] === "other"
          ? events(...openai.says("Here."))(asked, response)
          : wire[how](asked, response);
      const { answer, models } = await outcome(script, { model, fallback: ["openai-compatible/other"] });
      expect(answer).toBe("Here.");
      expect(models.join()).toContain(`openai-compatible/other (instead of ${model}: `);
    },
  );

  test("a refused key is a clear failure, and no other model is asked", async () => {
    const script = refusal(401, { error: { message: "bad key" } });
    const { run, requests } = await outcome(script, { model, fallback: ["openai-compatible/other"] });
    expect(run).toMatchObject({
      status: "failed",
      error: { code: "model-refused-key", message: expect.stringContaining(model) },
    });
    expect(requests).toHaveLength(1);
  });
});

test("where no model of the chain answers, the step fails by the failure that may pass", async () => {
  const { run } = await outcome(openai.overloaded, { model: "openai/a", fallback: ["anthropic/b"] });
  expect(run).toMatchObject({ status: "failed", error: { code: "model-rate-limited" } });
});

test("a redirect takes no key along", async () => {
  const { run } = await outcome(
    (_asked, response) => void response.writeHead(307, { location: "http://127.0.0.1:9/steal" }).end(),
    { model: "openai/m" },
  );
  expect(run).toMatchObject({
    status: "failed",
    error: { message: expect.stringContaining("another origin") },
  });
});
