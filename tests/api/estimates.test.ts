import { afterAll, beforeAll, expect, test } from "vitest";
import { type Caller, openApi, type TestApi } from "#/tests/support/api.ts";
import { echo } from "#/tests/support/definitions.ts";
import { readRows } from "#/tests/support/owner.ts";
import { publish } from "#/tests/support/publish.ts";

let api: TestApi;
let ours: Caller;
beforeAll(async () => {
  api = await openApi();
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
