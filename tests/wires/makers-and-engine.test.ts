import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { tryConnection } from "#/agents/connections/try-connection.ts";
import { startAnthropic } from "#/local/anthropic/serve.ts";
import { startGoogle } from "#/local/google/serve.ts";
import type { Maker } from "#/local/makers/door.ts";
import { chain } from "#/tests/support/definitions.ts";
import { openEngine, type TestEngine } from "#/tests/support/engine.ts";
import { connectTo, modelAt } from "#/tests/support/maker-connection.ts";

// The engine, the makers' own packages, the guarded connection and the loopback makers: nothing is scripted but their faults.
const API_KEY = "the real key";
const MODEL = "local-extractive-1";
const AGENT = { type: "agent", role: "clerk", goal: "answer" };
const QUESTION = "What is (3 + 4) * 12 and 2^10?";

interface Wire {
  readonly kind: "anthropic" | "google";
  readonly base: string;
  readonly path: string;
  /** With structured output, and thinking that is signed. */
  readonly newest: string;
  readonly others: readonly string[];
  readonly filtered: string;
}
const WIRES: readonly Wire[] = [
  {
    kind: "anthropic",
    base: "/v1",
    path: "/v1/messages",
    newest: "claude-sonnet-4-5-offline",
    others: [],
    filtered: `${MODEL}:refuses`,
  },
  {
    kind: "google",
    base: "/v1beta",
    path: ":streamGenerateContent",
    newest: "gemini-3-offline",
    others: ["gemini-2.5-offline"],
    filtered: `${MODEL}:filtered`,
  },
];

const makers = {} as Record<Wire["kind"], Maker>;
let engine: TestEngine;
beforeAll(async () => {
  makers.anthropic = await startAnthropic({ port: 0, apiKey: API_KEY });
  makers.google = await startGoogle({ port: 0, apiKey: API_KEY });
  engine = await openEngine({
    ports: {
      models: {
        language: async (name = "") => {
          const [kind, ...model] = name.split("/");
          const wire = WIRES.find((one) => one.kind === kind) ?? WIRES[0]!;
          return modelAt(placeOf(wire), model.join("/"));
        },
        nameOf: (name) => name ?? "standard",
        priceOf: () => ({ input: 1, output: 2 }),
      },
    },
  });
});
afterAll(async () => {
  await engine.close();
  await Promise.all(Object.values(makers).map((maker) => maker.stop()));
});

const placeOf = ({ kind, base }: Wire, apiKey = API_KEY) => ({
  kind,
  url: `http://127.0.0.1:${makers[kind].port}${base}`,
  apiKey,
});

describe.each(WIRES.map((wire) => [wire.kind, wire] as const))("%s", (kind, wire) => {
  const plan = (fault?: object) =>
    fetch(`http://127.0.0.1:${makers[kind].port}/_faults`, {
      method: fault ? "POST" : "DELETE",
      headers: { "x-api-key": API_KEY, "x-goog-api-key": API_KEY },
      ...(fault && { body: JSON.stringify({ path: wire.path, ...fault }) }),
    });
  afterEach(() => plan());

  async function outcome(step: object) {
    const asked = makers[kind].requests().length;
    const steps = {
      ask: {
        type: "llm",
        prompt: "What is said about refunds? Refunds take 30 days.",
        model: `${kind}/${MODEL}`,
        retry: { attempts: 2, backoff: "0s" },
        ...step,
      },
    };
    const runId = await engine.begin(chain(steps, { output: { answer: "{{ state.ask }}" } }));
    const run = await engine.run(runId);
    const rows = await engine.rows("agent_logs", runId);
    const logs = rows
      .filter((row) => row["step"] === "ask")
      .toSorted((one, other) => Number(one["attempt"]) - Number(other["attempt"]));
    return {
      run,
      answer: (run["output"] as { answer?: unknown } | null)?.answer,
      logs,
      requests: makers[kind].requests().length - asked,
    };
  }

  test("the button says that the connection is good, that a model is not there, and that a key is refused", async () => {
    expect(await tryConnection(connectTo(placeOf(wire), wire.newest))).toEqual({
      ok: true,
      message: expect.stringContaining(`Connected: ${wire.newest} is one of`),
    });
    expect(await tryConnection(connectTo(placeOf(wire), "gpt-5"))).toMatchObject({
      ok: false,
      message: expect.stringContaining("no model named “gpt-5”"),
    });
    expect(await tryConnection(connectTo(placeOf(wire, "wrong")))).toMatchObject({
      ok: false,
      message: expect.stringContaining("refuses the key"),
    });
  });

  test.each([MODEL, wire.newest])(
    "an agent on %s calls two tools at once and answers with their results",
    async (model) => {
      const { run, answer, requests } = await outcome({
        ...AGENT,
        model: `${kind}/${model}`,
        prompt: QUESTION,
        tools: ["calculator"],
      });
      expect(run).toMatchObject({ error: null, status: "succeeded" });
      expect(answer).toContain("(3 + 4) * 12 = 84 2^10 = 1024");
      expect(requests).toBe(2);
    },
  );

  test.each([MODEL, wire.newest])(
    "an agent on %s that thinks says its thoughts again, as the maker wants them",
    async (model) => {
      const { run, answer } = await outcome({
        ...AGENT,
        model: `${kind}/${model}`,
        prompt: QUESTION,
        tools: ["calculator"],
        effort: "low",
      });
      expect(run).toMatchObject({ error: null, status: "succeeded" });
      expect(answer).toContain("(3 + 4) * 12 = 84 2^10 = 1024");
    },
  );

  test.each([MODEL, wire.newest])(
    "%s answers in a schema, with and without tools and thinking",
    async (model) => {
      const outputSchema = {
        type: "object",
        required: ["answer"],
        properties: { answer: { type: "string", minLength: 3 }, note: { type: "string" } },
      };
      for (const more of [{}, { effort: "low" }, { ...AGENT, tools: ["calculator"] }]) {
        const { run, answer } = await outcome({ model: `${kind}/${model}`, outputSchema, ...more });
        expect(run).toMatchObject({ error: null, status: "succeeded" });
        expect(answer).toEqual({ answer: expect.any(String), note: expect.any(String) });
      }
    },
  );

  test("a schema that has no end, or that is open, is asked for in another form", async () => {
    const tree = {
      type: "object",
      properties: { name: { type: "string" }, parts: { type: "array", items: { $ref: "#" } } },
    };
    const open = { type: "object", properties: { a: { type: "string" } }, additionalProperties: true };
    for (const outputSchema of [tree, open]) {
      const { run } = await outcome({ model: `${kind}/${wire.newest}`, outputSchema });
      expect(run).toMatchObject({ error: null, status: "succeeded" });
    }
  });

  test("an answer that is longer than it may be is cut, and that is a failure", async () => {
    const { run, requests } = await outcome({ maxOutputTokens: 2 });
    expect(run).toMatchObject({ status: "failed", error: { code: "model-cut" } });
    expect(requests).toBe(1);
  });

  test("an answer that the maker filters is a failure that is not tried again", async () => {
    const { run, requests } = await outcome({ model: `${kind}/${wire.filtered}` });
    expect(run).toMatchObject({ status: "failed", error: { code: "model-filtered" } });
    expect(requests).toBe(1);
  });

  test.each([
    ["an error in mid-stream", { errorEventAfterChunks: 3 }],
    ["a stream that ends without an end", { endAfterChunks: 4 }],
    ["an empty stream", { endAfterChunks: 0 }],
    ["a dropped connection", { cutAfterChunks: 2 }],
    ["a page instead of a stream", { malformed: true }],
    ["a crowded maker", { status: kind === "anthropic" ? 529 : 503 }],
    ["a limit of the minute", { status: 429 }],
  ])("%s is tried again, and what it used is booked", async (_what, fault) => {
    await plan(fault);
    const { run, answer, logs, requests } = await outcome({});
    expect(run).toMatchObject({ error: null, status: "succeeded" });
    expect(answer).toContain("Refunds take 30 days");
    expect(requests).toBe(2);
    expect(logs.map((row) => row["status"])).toEqual(["retrying", "succeeded"]);
    expect(Number(logs[0]?.["input_tokens"]) > 0).toBe(!("status" in fault));
    expect((run["usage"] as { inputTokens: number }).inputTokens).toBe(
      logs.reduce((sum, row) => sum + Number(row["input_tokens"]), 0),
    );
  });

  test("an answer whose use nobody counted is booked as an estimate", async () => {
    await plan({ withoutUsage: true });
    const { run, logs } = await outcome({});
    expect(run).toMatchObject({ error: null, status: "succeeded" });
    expect(logs[0]?.["model"]).toBe(`${kind}/${MODEL} (tokens estimated)`);
    expect(Number(logs[0]?.["input_tokens"])).toBeGreaterThan(5);
    expect(Number(logs[0]?.["output_tokens"])).toBeGreaterThan(2);
  });
});

test("a schema that Google finds too large is asked for in words", async () => {
  const names = Array.from({ length: 1_100 }, (_, place) => `field${place}`);
  const outputSchema = {
    type: "object",
    properties: Object.fromEntries(names.map((name) => [name, { type: "string" }])),
  };
  const steps = {
    ask: { type: "llm", prompt: "Refunds take 30 days.", model: `google/${MODEL}`, outputSchema },
  };
  const run = await engine.run(await engine.begin(chain(steps)));
  expect(run).toMatchObject({ error: null, status: "succeeded" });
});

test("a call that Google's model spoils is tried again", async () => {
  const asked = makers.google.requests().length;
  const steps = {
    ask: {
      type: "llm",
      prompt: "2 + 2",
      model: `google/${MODEL}:malformed-call`,
      retry: { attempts: 2, backoff: "0s" },
    },
  };
  const run = await engine.run(await engine.begin(chain(steps)));
  expect(run).toMatchObject({ status: "failed", error: { code: "model-unavailable" } });
  expect(makers.google.requests().length - asked).toBe(2);
});
