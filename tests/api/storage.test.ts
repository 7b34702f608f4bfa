import { afterAll, beforeAll, expect, test } from "vitest";
import { type Caller, openApi, type TestApi } from "#/tests/support/api.ts";
import { echo } from "#/tests/support/definitions.ts";
import { publish } from "#/tests/support/publish.ts";

let api: TestApi;
let caller: Caller;
beforeAll(async () => {
  api = await openApi();
  caller = await api.workspace();
});
afterAll(() => api.stop());

test("storage is shown by kind, with how long each is kept", async () => {
  const { workflowId } = await publish(caller.tenant, echo);
  await caller.call("POST", `/api/v1/workflows/${workflowId}/runs?wait=20`, {
    body: { input: { topic: "tea" } },
  });
  await caller.call("POST", "/api/v1/events", { body: { key: "k", payload: { size: 1 } } });
  const { status, body } = await caller.call("GET", "/api/v1/storage");
  expect(status).toBe(200);
  expect(body.retention).toEqual({
    runs: 90,
    logs: 30,
    checkpoints: 14,
    deliveries: 30,
    events: 30,
    failed: 180,
  });
  expect(body.kinds.map((amount: { kind: string; rows: number }) => [amount.kind, amount.rows])).toEqual([
    ["runs", 1],
    ["logs", 2],
    ["checkpoints", expect.any(Number)],
    ["deliveries", 0],
    ["events", 1],
  ]);
  expect(
    (await (await api.workspace()).call("GET", "/api/v1/storage")).body.kinds.every(
      (amount: { rows: number }) => amount.rows === 0,
    ),
  ).toBe(true);
});

test("retention is changed kind by kind by who may, and holds from then on", async () => {
  expect(
    (await caller.call("PATCH", "/api/v1/storage", { body: { retention: { checkpoints: 60 } } })).body
      .retention,
  ).toMatchObject({ checkpoints: 60, logs: 30 });
  expect((await caller.call("GET", "/api/v1/storage")).body.retention).toMatchObject({
    checkpoints: 60,
    logs: 30,
  });
  await caller.call("PATCH", "/api/v1/limits", { body: { concurrency: 5 } });
  expect((await caller.call("GET", "/api/v1/storage")).body.retention).toMatchObject({ checkpoints: 60 });
  const writer = { authorization: `Bearer ${await caller.keyWith("write")}` };
  expect(
    (await caller.call("PATCH", "/api/v1/storage", { body: { retention: { logs: 10 } }, headers: writer }))
      .status,
  ).toBe(403);
  expect((await caller.call("GET", "/api/v1/storage", { headers: writer })).status).toBe(200);
});

test("a retention that cannot be is refused, and says what would fit", async () => {
  const refused = async (retention: unknown) =>
    (await caller.call("PATCH", "/api/v1/storage", { body: { retention } })).body;
  expect(await refused({ logs: 0 })).toMatchObject({
    status: 422,
    errors: [{ path: "/retention/logs", message: "must be at least a day" }],
  });
  expect(await refused({ runs: 400 })).toMatchObject({
    status: 422,
    errors: [{ path: "/retention/runs", message: "must be at most 365 days" }],
  });
  expect(await refused({ logs: 200 })).toMatchObject({
    status: 422,
    errors: [{ path: "/retention/logs", message: "must be at most 90, the days that runs are kept" }],
  });
  expect(await refused({ passages: 3 })).toMatchObject({ status: 422 });
});
