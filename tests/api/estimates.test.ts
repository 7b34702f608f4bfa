import { afterAll, beforeAll, expect, test } from "vitest";
import { type Caller, openApi, type TestApi } from "#/tests/support/api.ts";
import { chain, echo } from "#/tests/support/definitions.ts";
import { eventually } from "#/tests/support/eventually.ts";
import { readRows } from "#/tests/support/owner.ts";
import { publish } from "#/tests/support/publish.ts";

let api: TestApi;
let ours: Caller;
beforeAll(async () => {
  api = await openApi({ knowledge: true });
  ours = await api.workspace();
});
afterAll(() => api.stop());

/** A workflow whose runs have cost this much, with what they had started. */
async function workflowWithRuns(caller: Caller, costs: readonly number[]): Promise<string> {
  const { workflowId: id } = await publish(caller.tenant, echo);
  for (const costUsd of costs) {
    const run = (await start(caller, id, { consent: true })).body.id;
    const half = { inputTokens: 600, outputTokens: 400, costUsd: costUsd / 2 };
    await readRows(
      api.ownerUrl,
      // Taken out of the hands of whoever may hold it by now.
      "update agent_sessions set status = 'succeeded', finished_at = now(), usage = $2, lease_by = null, epoch = epoch + 1 where id = $1",
      [run, { ...half, children: half }],
    );
  }
  return id;
}
/** Runs a workflow to its end. @returns the calls of models that it made itself */
async function runOnce(caller: Caller, workflowId: string): Promise<readonly Record<string, unknown>[]> {
  const { id } = (await caller.call("POST", `/api/v1/workflows/${workflowId}/runs`, { body: { input: {} } }))
    .body;
  const run = await eventually(async () => {
    const { body } = await caller.call("GET", `/api/v1/runs/${id}`);
    return body.finishedAt ? body : undefined;
  });
  expect(run).toMatchObject({ status: "succeeded" });

  return readRows(
    api.ownerUrl,
    "select model, input_tokens + output_tokens as tokens from agent_logs where session_id = $1 and model is not null",
    [id],
  );
}
const start = (caller: Caller, id: string, body: object = {}) =>
  caller.call("POST", `/api/v1/workflows/${id}/runs`, { body: { input: { topic: "cairns" }, ...body } });
const estimate = async (caller: Caller, id: string) =>
  (await caller.call("GET", `/api/v1/workflows/${id}/estimate`)).body;

test("a workflow that never ran has no estimate", async () => {
  const id = await workflowWithRuns(ours, []);
  expect(await estimate(ours, id)).toEqual({
    runs: 0,
    typical: null,
    high: null,
    askAboveUsd: null,
    needsConsent: false,
  });
});

test("an estimate rests on the runs before, with all that they had started", async () => {
  const id = await workflowWithRuns(ours, [0.2, 0.4, 4]);
  expect(await estimate(ours, id)).toMatchObject({
    runs: 3,
    typical: { tokens: 2000, costUsd: 0.4 },
    high: { tokens: 2000, costUsd: 4 },
  });
});

test("an estimate follows the price of a model, for what a run has started, too", async () => {
  const caller = await api.workspace();
  const call = { type: "llm", prompt: "hello" };
  const below = await publish(caller.tenant, chain({ only: call }));
  const child = { type: "workflow", workflow: below.workflowId };
  const { workflowId } = await publish(caller.tenant, chain({ own: call, child }));
  const setPrice = (usd: number, model: string) =>
    caller.call("PUT", "/api/v1/prices", {
      body: { model, since: "2026-01-01", input: usd, output: usd },
    });
  const [free] = await runOnce(caller, workflowId);
  const model = String(free?.["model"]);
  expect((await setPrice(5, model)).status).toBe(200);
  const afterwards = await estimate(caller, workflowId);
  expect(afterwards.high.costUsd).toBeCloseTo((afterwards.high.tokens * 5) / 1e6, 9);
  expect(afterwards.high.tokens).toBeGreaterThan(Number(free?.["tokens"]));
  await setPrice(500, model);
  const dearer = await estimate(caller, workflowId);
  expect(dearer.high.costUsd).toBeCloseTo(afterwards.high.costUsd * 100, 9);
  await caller.call("PATCH", "/api/v1/limits", { body: { askAboveUsd: dearer.high.costUsd / 2 } });
  expect(await start(caller, workflowId)).toMatchObject({ status: 409, body: { code: "consent-needed" } });
});

test("above the workspace's limit a start asks for consent, and with it the run starts", async () => {
  const caller = await api.workspace();
  const id = await workflowWithRuns(caller, [0.5]);
  const cheap = await workflowWithRuns(caller, [0.05]);
  await caller.call("PATCH", "/api/v1/limits", { body: { askAboveUsd: 0.1 } });
  expect(await estimate(caller, id)).toMatchObject({ askAboveUsd: 0.1, needsConsent: true });
  expect(await start(caller, id)).toMatchObject({
    status: 409,
    body: { code: "consent-needed", detail: expect.stringContaining("$0.50") },
  });
  expect((await start(caller, id, { consent: true })).status).toBe(202);
  expect((await start(caller, cheap)).status).toBe(202);
});

test("a batch asks for consent by what all its runs are likely to cost together", async () => {
  const caller = await api.workspace();
  const id = await workflowWithRuns(caller, [0.25]);
  await caller.call("PATCH", "/api/v1/limits", { body: { askAboveUsd: 0.6 } });
  const startAll = (count: number, body: object = {}) =>
    caller.call("POST", `/api/v1/workflows/${id}/runs/batch`, {
      body: { inputs: Array.from({ length: count }, () => ({ topic: "cairns" })), ...body },
    });
  const before = await caller.call("GET", `/api/v1/runs?workflow=${id}`);
  expect(await startAll(3)).toMatchObject({
    status: 409,
    body: {
      code: "consent-needed",
      detail: expect.stringContaining("3 runs are likely to cost up to $0.75"),
    },
  });
  const after = await caller.call("GET", `/api/v1/runs?workflow=${id}`);
  expect(after.body.items).toHaveLength(before.body.items.length);
  expect((await startAll(2)).status).toBe(202);
  expect((await startAll(3, { consent: true })).status).toBe(202);
});

test("a limit that is taken away asks no more", async () => {
  const caller = await api.workspace();
  const id = await workflowWithRuns(caller, [0.5]);
  await caller.call("PATCH", "/api/v1/limits", { body: { askAboveUsd: 0.1 } });
  expect((await start(caller, id)).status).toBe(409);
  const changed = await caller.call("PATCH", "/api/v1/limits", { body: { askAboveUsd: null } });
  expect(changed.body.limits.askAboveUsd).toBeUndefined();
  expect((await start(caller, id)).status).toBe(202);
});
