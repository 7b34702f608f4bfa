import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { languageModel } from "#/lib/cloud/models.ts";
import { startOpenai } from "#/local/openai/serve.ts";
import { openEngine, type TestEngine } from "#/tests/support/engine.ts";
import { setEnvironment } from "#/tests/support/environment.ts";

// The engine, the AI SDK's own provider and the wire; only the server on the other side is odd.
const MODEL = "local-extractive-1";
let openai: Awaited<ReturnType<typeof startOpenai>>;
let engine: TestEngine;

beforeAll(async () => {
  openai = await startOpenai({ port: 0, apiKey: "key" });
  setEnvironment({
    LLM_BASE_URL: `http://127.0.0.1:${openai.port}/v1`,
    LLM_API_KEY: "key",
    LLM_MODEL: MODEL,
  });
  engine = await openEngine({
    ports: {
      models: {
        language: languageModel,
        nameOf: (id) => id ?? MODEL,
        priceOf: () => ({ input: 1, output: 2 }),
      },
    },
  });
});
beforeEach(() => faults("DELETE"));
afterAll(async () => {
  await engine.close();
  await openai.stop();
});

async function faults(method: "POST" | "DELETE", fault?: object): Promise<void> {
  const body = fault && JSON.stringify({ path: "/chat/completions", ...fault });
  await fetch(`http://127.0.0.1:${openai.port}/_faults`, {
    method,
    headers: { authorization: "Bearer key" },
    ...(body && { body }),
  });
}

const edges = [
  { from: "start", to: "ask" },
  { from: "ask", to: "end" },
];
const ask = (step: object) => ({
  format: "cairn/v1",
  name: "Odd",
  kind: "graph",
  steps: {
    ask: {
      type: "llm",
      prompt: "Write about refunds: Refunds take 30 days.",
      retry: { attempts: 2, backoff: "0s" },
      ...step,
    },
  },
  edges,
});

async function outcome(step: object) {
  const asked = openai.requests().length;
  const runId = await engine.start(ask(step));
  await engine.settle();
  const run = await engine.run(runId);
  return {
    run,
    requests: openai.requests().length - asked,
    logs: (await engine.rows("agent_logs", runId)).filter((row) => row["step"] === "ask"),
  };
}

describe("what cannot come out differently is not tried again", () => {
  test.each([
    ["an answer that was cut", "cut", "model-cut", /was cut off/],
    ["an answer that was filtered", "filtered", "model-filtered", /filtered/],
    ["an account without money", "quota", "model-quota", /exceeded your current quota/],
  ])("%s", async (_what, oddity, code, message) => {
    const { run, requests } = await outcome({ model: `${MODEL}:${oddity}` });
    expect(run).toMatchObject({ status: "failed", error: { code, message: expect.stringMatching(message) } });
    expect(requests).toBe(1);
  });
});

describe("what breaks inside a stream that began with 200 is tried again", () => {
  test.each([
    ["an error event", { errorEventAfterChunks: 1 }],
    ["an end without an end", { endAfterChunks: 2 }],
    ["an empty body", { endAfterChunks: 0 }],
    ["a page instead of a stream", { malformed: true }],
    ["a dropped connection", { cutAfterChunks: 1 }],
    ["a conflict (409)", { status: 409 }],
    ["a request that took too long there (408)", { status: 408 }],
  ])("%s", async (_what, fault) => {
    await faults("POST", fault);
    const { run, requests, logs } = await outcome({});
    expect(run).toMatchObject({ status: "succeeded" });
    expect(requests).toBe(2);
    expect(logs.map((row) => row["status"])).toEqual(["retrying", "succeeded"]);
  });

  test("and what it used until then is booked", async () => {
    await faults("POST", { errorEventAfterChunks: 3 });
    const { run, logs } = await outcome({});
    expect(Number(logs[0]?.["input_tokens"])).toBeGreaterThan(0);
    expect(logs[0]?.["model"]).toContain("estimated");
    expect((run["usage"] as { inputTokens: number }).inputTokens).toBe(
      logs.reduce((sum, row) => sum + Number(row["input_tokens"]), 0),
    );
  });
});

test("an answer whose use nobody counted is booked as an estimate, so that a limit binds", async () => {
  await faults("POST", { withoutUsage: true, times: 10 });
  const { logs } = await outcome({});
  expect(Number(logs[0]?.["input_tokens"]) + Number(logs[0]?.["output_tokens"])).toBeGreaterThan(5);
  expect(logs[0]?.["model"]).toBe(`${MODEL} (tokens estimated)`);
});

describe("JSON", () => {
  const outputSchema = {
    type: "object",
    required: ["answer"],
    properties: { answer: { type: "string", minLength: 1 }, note: { type: "string" } },
  };

  test("is asked for in a form that strict mode takes, and comes back as the user's schema says", async () => {
    const { run, requests } = await outcome({ outputSchema });
    expect(run).toMatchObject({ status: "succeeded", output: { ask: { answer: expect.any(String) } } });
    expect(requests).toBe(1);
  });

  test.each([
    [
      "an open object",
      { type: "object", properties: { answer: { type: "string" } }, additionalProperties: true },
    ],
    ["a list", { type: "array", items: { type: "string" } }],
    [
      "a choice at the top",
      { anyOf: [{ type: "object", properties: { a: { type: "string" } } }, { type: "null" }] },
    ],
  ])("of the form of %s is not refused", async (_what, schema) => {
    const { run } = await outcome({ outputSchema: schema });
    expect(run).toMatchObject({ status: "succeeded" });
  });

  test("is asked for in other words where a server has no schemas, which is remembered", async () => {
    const step = { outputSchema, model: `${MODEL}:no-json-schema`, retry: { attempts: 1 } };
    const first = await outcome(step);
    const second = await outcome(step);
    expect(first.requests).toBeGreaterThan(1);
    expect(second.requests).toBeLessThan(first.requests);
    expect(JSON.stringify(first.run["error"])).not.toContain("response_format");
  });

  test("is found among thoughts and pleasantries", async () => {
    const { run } = await outcome({ outputSchema, model: `${MODEL}:chatty` });
    expect(run).toMatchObject({ status: "succeeded", output: { ask: { answer: expect.any(String) } } });
  });

  test("of a route step is taken by strict mode", async () => {
    const { run } = await outcome({
      type: "route",
      prompt: "A refund please",
      routes: { refunds: "about refunds", other: "anything else" },
      retry: { attempts: 1 },
    });
    expect(run).toMatchObject({ status: "succeeded" });
  });
});

describe("the limit of an answer", () => {
  test.each([
    ["gpt-5-mini", "max_completion_tokens"],
    ["o4-mini", "max_completion_tokens"],
    ["gpt-4.1", "max_tokens"],
    ["llama3", "max_tokens"],
  ])("is called for %s what its server takes: %s", async (model, name) => {
    let sent: Record<string, unknown> = {};
    const language = languageModel(model);
    if (
      typeof language === "string" ||
      !("prepareRequest" in language) ||
      typeof language.prepareRequest !== "function"
    )
      throw new Error("not the provider that is meant");
    const prompt = [{ role: "user", content: [{ type: "text", text: "hello" }] }];
    ({ body: sent } = await language.prepareRequest({ prompt, maxOutputTokens: 7 }));
    expect(sent).toMatchObject({ [name]: 7 });
    expect(Object.keys(sent).filter((key) => key.startsWith("max_") && sent[key] !== undefined)).toEqual([
      name,
    ]);
  });

  test("by another name is refused with the server's own words", async () => {
    const { run, requests } = await outcome({ model: `${MODEL}:completion-tokens`, maxOutputTokens: 50 });
    expect(run).toMatchObject({
      status: "failed",
      error: { code: "model-refused", message: expect.stringContaining("max_completion_tokens") },
    });
    expect(requests).toBe(1);
  });
});
