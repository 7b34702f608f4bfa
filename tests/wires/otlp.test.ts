import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createSpanExporter, type Span } from "#/lib/observe/otlp.ts";
import { type Caller, openApi, type TestApi } from "#/tests/support/api.ts";
import { Collector, readAttribute, type SentSpan } from "#/tests/support/collector.ts";
import { inARow } from "#/tests/support/definitions.ts";
import { eventually } from "#/tests/support/eventually.ts";
import { publish } from "#/tests/support/publish.ts";

const collector = new Collector();
const { requests } = collector;

const CLASSIFIED = "the-code-of-the-safe-is-4711";
const COLLECTOR_TOKEN = "collector-token-9f";

let api: TestApi;
let caller: Caller;
let endpoint: string;
beforeAll(async () => {
  endpoint = await collector.start();
  api = await openApi({
    knowledge: true,
    variables: {
      OTEL_EXPORTER_OTLP_ENDPOINT: `${endpoint}/`,
      OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer%20${COLLECTOR_TOKEN}, x-tenant = cairn`,
    },
  });
  caller = await api.workspace();
});
afterAll(async () => {
  await api.stop();
  await collector.stop();
});

const MORNING = {
  format: "cairn/v1",
  name: "Morning report",
  kind: "graph",
  input: { type: "object", properties: { topic: { type: "string" } } },
  steps: {
    count: { type: "tool", tool: "calculator", input: { expression: "6 * 7" } },
    write: { type: "llm", prompt: "Say something about {{ input.topic }}." },
    review: { type: "approval", title: "Publish?", actions: ["approve", "reject"] },
    end_note: { type: "set", values: { done: "yes" } },
  },
  edges: [
    { from: "start", to: "count" },
    { from: "count", to: "write" },
    { from: "write", to: "review" },
    { from: "review", to: "end_note" },
    { from: "end_note", to: "end" },
  ],
};

const named = (name: string, spans: readonly SentSpan[]) => spans.filter((span) => span.name === name);

async function startAndWait(definition: object): Promise<string> {
  const { workflowId } = await publish(caller.tenant, definition);
  const { body } = await caller.call("POST", `/api/v1/workflows/${workflowId}/runs`, {
    body: { input: { topic: CLASSIFIED } },
  });
  return body.id;
}

const until = (runId: string, status: string) =>
  eventually(async () => {
    const { body } = await caller.call("GET", `/api/v1/runs/${runId}`);
    return body.status === status ? true : undefined;
  });

test("a run with an approval between its invocations is one trace: trigger, steps, model and tool call under the run, and nothing of what they said", async () => {
  collector.answer = 200;
  const runId = await startAndWait(MORNING);
  await until(runId, "waiting");
  const { body: open } = await caller.call("GET", `/api/v1/approvals?run=${runId}`);
  await caller.call("POST", `/api/v1/approvals/${open.items[0].id}/decision`, {
    body: { action: "approve" },
  });
  await until(runId, "succeeded");
  const spans = await eventually(async () => {
    const own = collector.traceOf(runId);
    return own.some(({ name }) => name === "invoke_agent Morning report") ? own : undefined;
  });
  const [run] = named("invoke_agent Morning report", spans);
  const model = spans.find(({ name }) => name.startsWith("chat "));
  const [tool] = named("execute_tool calculator", spans);
  const parentOf = (span: SentSpan | undefined) => spans.find(({ spanId }) => spanId === span?.parentSpanId);
  expect(run?.parentSpanId).toBe(undefined);
  expect(parentOf(model)?.name).toBe("step write");
  expect(parentOf(tool)?.name).toBe("step count");
  expect(named("step review", spans).map((span) => readAttribute(span, "cairn.task.status"))).toEqual([
    "waiting",
    "succeeded",
  ]);
  const under = spans.filter((span) => span !== run).map((span) => parentOf(span)?.spanId);
  expect(under.every((spanId) => spans.some((span) => span.spanId === spanId))).toBe(true);
  expect(named("trigger api", spans)).toHaveLength(1);
  expect(parentOf(named("trigger api", spans)[0])).toBe(run);
  expect(readAttribute(model ?? NO_SPAN, "gen_ai.operation.name")).toBe("chat");
  expect(Number(readAttribute(model ?? NO_SPAN, "gen_ai.usage.input_tokens"))).toBeGreaterThan(0);
  expect(readAttribute(run ?? NO_SPAN, "gen_ai.agent.name")).toBe("Morning report");
  expect(BigInt(run?.endTimeUnixNano ?? 0) > BigInt(run?.startTimeUnixNano ?? 0)).toBe(true);
  const told = JSON.stringify(spans);
  expect(told).not.toContain(CLASSIFIED);
  expect(told).not.toContain(COLLECTOR_TOKEN);
  expect(requests.at(-1)).toMatchObject({
    path: "/v1/traces",
    headers: { authorization: `Bearer ${COLLECTOR_TOKEN}`, "x-tenant": "cairn" },
  });
});

test("what a run has started is in its trace, under the run that has started it", async () => {
  collector.answer = 200;
  const runId = await startAndWait({
    format: "cairn/v1",
    name: "Each",
    kind: "graph",
    steps: {
      // What waits is a run of its own for each item.
      all: {
        type: "map",
        items: [1, 2],
        do: { steps: { pause: { type: "wait", for: "50ms" } }, edges: inARow("pause") },
      },
    },
    edges: [
      { from: "start", to: "all" },
      { from: "all", to: "end" },
    ],
  });
  await until(runId, "succeeded");
  const spans = await eventually(async () => {
    const own = collector.traceOf(runId);
    return named("invoke_agent Each", own).length === 3 ? own : undefined;
  });
  const runs = named("invoke_agent Each", spans);
  const [top, ...others] = runs.filter(({ parentSpanId }) => parentSpanId === undefined);
  expect(others).toEqual([]);
  const parts = runs.filter(({ spanId }) => spanId !== top?.spanId);
  expect(parts.map(({ parentSpanId }) => parentSpanId)).toEqual([top?.spanId, top?.spanId]);
});

test("a collector that keeps silent costs a run nothing", async () => {
  collector.answer = "silence";
  const startedAt = performance.now();
  const runId = await startAndWait({
    ...MORNING,
    steps: { only: { type: "set", values: { a: 1 } } },
    edges: [
      { from: "start", to: "only" },
      { from: "only", to: "end" },
    ],
  });
  await until(runId, "succeeded");
  expect(requests.length).toBeGreaterThan(0);
  expect(performance.now() - startedAt).toBeLessThan(60_000);
  collector.answer = 200;
});

const NO_SPAN: SentSpan = {
  traceId: "",
  spanId: "",
  name: "",
  startTimeUnixNano: "0",
  endTimeUnixNano: "0",
  attributes: [],
};

const span = (spanId: string): Span => ({
  traceId: "a".repeat(32),
  spanId,
  name: `step with Bearer ${"x".repeat(20)}`,
  kind: "internal",
  startMs: 1_796_000_000_000,
  endMs: 1_796_000_000_005,
  attributes: { text: "y".repeat(1_000), on: true, count: 3, share: 0.5, none: undefined },
});

test("spans that a collector cannot take for now are kept and sent again, the newest of them; what it refuses is not", async () => {
  // Its own: what runs of other tests have left to tell may come at any moment.
  const own = new Collector();
  const address = await own.start();
  let now = 0;
  const exporter = createSpanExporter(
    { url: `${address}/v1/traces`, headers: {}, resource: { "service.name": "t" } },
    () => now,
  );
  own.answer = 503;
  exporter.add([span("first")]);
  await exporter.flush();
  own.answer = 200;
  await exporter.flush();
  expect(own.received).toEqual([]);
  now += 120_000;
  await exporter.flush();
  expect(own.received.map(({ spanId }) => spanId)).toEqual(["first"]);
  expect(JSON.stringify(own.received.at(-1))).not.toMatch(/x{20}|y{300}|none/);
  own.answer = 400;
  exporter.add([span("refused")]);
  await exporter.flush();
  own.answer = 503;
  exporter.add(Array.from({ length: 2_500 }, (_, index) => span(String(index))));
  await exporter.flush();
  own.answer = 200;
  now += 120_000;
  await exporter.flush();
  const later = own.received.slice(1).map(({ spanId }) => spanId);
  expect([later.length, later[0], later.at(-1)]).toEqual([2_000, "500", "2499"]);
  await own.stop();
});

test("where the platform lets a function live on after its answer, it does until the spans are sent", async () => {
  const { keepAlive } = await import("#/lib/observe/keep-alive.ts");
  const waitUntil = vi.fn<(work: Promise<unknown>) => void>();
  Reflect.set(globalThis, Symbol.for("@vercel/request-context"), { get: () => ({ waitUntil }) });
  const work = Promise.resolve();
  keepAlive(work);
  expect(waitUntil).toHaveBeenCalledWith(work);
  Reflect.deleteProperty(globalThis, Symbol.for("@vercel/request-context"));
  keepAlive(work);
  expect(waitUntil).toHaveBeenCalledTimes(1);
});
