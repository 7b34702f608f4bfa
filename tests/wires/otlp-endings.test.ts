import { afterAll, beforeAll, expect, test } from "vitest";
import { type Caller, openApi, type TestApi } from "#/tests/support/api.ts";
import { Collector, readAttribute, type SentSpan } from "#/tests/support/collector.ts";
import { chain, inARow } from "#/tests/support/definitions.ts";
import { eventually } from "#/tests/support/eventually.ts";
import { publish } from "#/tests/support/publish.ts";

const collector = new Collector();
let api: TestApi;
let caller: Caller;
beforeAll(async () => {
  const endpoint = await collector.start();
  api = await openApi({ variables: { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } });
  caller = await api.workspace();
});
afterAll(async () => {
  await api.stop();
  await collector.stop();
});

const APPROVAL = { type: "approval", title: "Publish?", actions: ["approve", "reject"] };

async function start(definition: unknown, by: Caller = caller): Promise<string> {
  const { workflowId } = await publish(by.tenant, definition);
  return (await by.call("POST", `/api/v1/workflows/${workflowId}/runs`, { body: { input: {} } })).body.id;
}

const statusIs = (runId: string, status: string) =>
  eventually(
    async () => (await caller.call("GET", `/api/v1/runs/${runId}`)).body.status === status || undefined,
  );

/** The spans of runs in the trace of a run, once there are so many. */
const runSpans = (runId: string, count = 1) =>
  eventually(() => {
    const own = collector.traceOf(runId).filter(({ name }) => name.startsWith("invoke_agent "));
    return own.length >= count ? own : undefined;
  });

const tell = (span: SentSpan | undefined) =>
  span && {
    status: readAttribute(span, "cairn.run.status"),
    reason: readAttribute(span, "error.type"),
    isError: span.status?.code === 2,
    isClosed: BigInt(span.endTimeUnixNano) > BigInt(span.startTimeUnixNano),
  };

const CANCELLED = { status: "cancelled", reason: "cancelled", isError: false, isClosed: true };

test("a run that a person cancels while it waits closes its trace, under which its steps stand, once", async () => {
  const runId = await start(chain({ review: APPROVAL }));
  await statusIs(runId, "waiting");
  await caller.call("POST", `/api/v1/runs/${runId}/cancel`);
  const [root] = await runSpans(runId);
  expect(tell(root)).toEqual(CANCELLED);
  await caller.call("POST", `/api/v1/runs/${runId}/cancel`);
  const spans = collector.traceOf(runId);
  expect(spans.map(({ name }) => name).toSorted()).toEqual([root?.name, "step review", "trigger api"]);
  expect(spans.every((span) => span === root || span.parentSpanId === root?.spanId)).toBe(true);
  expect(JSON.stringify(spans)).not.toContain("Cancelled by");
});

test("what a cancelled run has started is closed with it", async () => {
  const pause = { steps: { pause: { type: "wait", for: "1h" } }, edges: inARow("pause") };
  const runId = await start(chain({ all: { type: "map", items: [1, 2], do: pause } }));
  await eventually(
    async () =>
      (await caller.call("GET", `/api/v1/runs?parent=${runId}`)).body.items?.filter(
        ({ status }: { status: string }) => status === "waiting",
      ).length === 2 || undefined,
  );
  await caller.call("POST", `/api/v1/runs/${runId}/cancel`);
  const spans = await runSpans(runId, 3);
  const root = spans.find(({ parentSpanId }) => parentSpanId === undefined);
  expect(spans.map(tell)).toEqual([CANCELLED, CANCELLED, CANCELLED]);
  expect(spans.filter((span) => span !== root).map(({ parentSpanId }) => parentSpanId)).toEqual([
    root?.spanId,
    root?.spanId,
  ]);
});

test("what is cancelled because another item has failed is closed too", async () => {
  const body = {
    steps: {
      check: { type: "set", values: { bad: "{{ item == 1 }}" } },
      fail: { type: "http", url: "http://127.0.0.1:1/", retry: { attempts: 1 } },
      pause: { type: "wait", for: "1h" },
    },
    edges: [
      { from: "start", to: "check" },
      { from: "check", when: [{ if: "item == 1", to: "fail" }], else: "pause" },
      { from: "fail", to: "end" },
      { from: "pause", to: "end" },
    ],
  };
  const runId = await start(chain({ all: { type: "map", items: [1, 2], do: body } }));
  await statusIs(runId, "failed");
  const spans = await runSpans(runId, 3);
  expect(spans.map((span) => String(readAttribute(span, "cairn.run.status"))).toSorted()).toEqual([
    "cancelled",
    "failed",
    "failed",
  ]);
});

test("a run that fails, is rejected, whose question expires, or whose time is over says so", async () => {
  const failed = { type: "http", url: "http://127.0.0.1:1/", retry: { attempts: 1 } };
  const expiring = { ...APPROVAL, timeout: { after: "50ms", then: "reject" } };
  const runs = await Promise.all([
    start(chain({ call: failed })),
    start(chain({ review: APPROVAL })),
    start(chain({ review: expiring })),
    start(chain({ review: APPROVAL }, { limits: { timeout: "100ms" } })),
  ]);
  await statusIs(runs[1] ?? "", "waiting");
  const { body: open } = await caller.call("GET", `/api/v1/approvals?run=${runs[1]}`);
  await caller.call("POST", `/api/v1/approvals/${open.items[0].id}/decision`, { body: { action: "reject" } });
  const roots = await Promise.all(runs.map((runId) => runSpans(runId)));
  expect(roots.map(([root]) => tell(root))).toEqual([
    { status: "failed", reason: "http-unreachable", isError: true, isClosed: true },
    { ...CANCELLED, reason: "rejected" },
    { ...CANCELLED, reason: "rejected" },
    { status: "timed_out", reason: "run-timeout", isError: true, isClosed: true },
  ]);
});

test("a start that was refused is a trace of its own: how it was triggered, and why it did not begin", async () => {
  const { startUnattended } = await import("#/operations/runs/start-unattended.ts");
  const { workflowId } = await publish(caller.tenant, {
    ...chain({ only: { type: "set", values: { a: 1 } } }),
    input: { type: "object", required: ["topic"], properties: { topic: { type: "string" } } },
  });
  const refused = await startUnattended(caller.tenant, {
    workflowId,
    input: {},
    trigger: { kind: "schedule" },
    idempotencyKey: "tuesday",
  });
  const runId = "refusedRunId" in refused ? refused.refusedRunId : "";
  const [root] = await runSpans(runId);
  expect(tell(root)).toMatchObject({ status: "failed", reason: "invalid-input", isError: true });
  expect(collector.traceOf(runId).map(({ name }) => name)).toEqual(["trigger schedule", root?.name]);
});

test("a run that is stopped at the budget of one above it ends the trace of both", async () => {
  const call = { type: "llm", prompt: "hello", maxOutputTokens: 100, retry: { attempts: 1 } };
  const stranger = await api.workspace();
  const below = await publish(stranger.tenant, chain({ only: call }));
  const runId = await start(
    chain(
      { child: { type: "workflow", workflow: below.workflowId } },
      { limits: { maxTokens: 50, onLimit: "ask" } },
    ),
    stranger,
  );
  const question = await eventually(
    async () =>
      (await stranger.call("GET", "/api/v1/inbox")).body.items[0]?.approval as { id: string } | undefined,
  );
  await stranger.call("POST", `/api/v1/approvals/${question.id}/decision`, { body: { action: "stop" } });
  const spans = await runSpans(runId, 2);
  const root = spans.find(({ parentSpanId }) => parentSpanId === undefined);
  expect(tell(root)).toEqual({ ...CANCELLED, reason: "budget" });
});

test("a run that the tick ends, because nobody has raised its budget in time, ends the trace of all that asked, once", async () => {
  const { tick } = await import("#/operations/execution/tick.ts");
  const call = { type: "llm", prompt: "hello", maxOutputTokens: 100, retry: { attempts: 1 } };
  const stranger = await api.workspace();
  const below = await publish(stranger.tenant, chain({ only: call }));
  const limits = { maxTokens: 50, onLimit: "ask", askTimeout: "50ms" };
  const runId = await start(
    chain({ child: { type: "workflow", workflow: below.workflowId } }, { limits }),
    stranger,
  );
  await eventually(async () => {
    await tick();
    const { body } = await stranger.call("GET", `/api/v1/runs/${runId}`);
    return body.status === "cancelled" || undefined;
  });
  const spans = await runSpans(runId, 2);
  const root = spans.find(({ parentSpanId }) => parentSpanId === undefined);
  expect(tell(root)).toEqual({ ...CANCELLED, reason: "budget" });
  expect(spans.filter((span) => span !== root).map(tell)).toEqual([CANCELLED]);
  expect(spans.every((span) => span === root || span.parentSpanId === root?.spanId)).toBe(true);
  const sent = collector.traceOf(runId).length;
  await tick();
  expect(collector.traceOf(runId)).toHaveLength(sent);
});
