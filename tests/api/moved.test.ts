import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { call, type Caller, openApi, type TestApi } from "#/tests/support/api.ts";
import { echo } from "#/tests/support/definitions.ts";
import { readRows } from "#/tests/support/owner.ts";
import { publish, storeRun } from "#/tests/support/publish.ts";

const NEW = "https://us.cairn.test";

let api: TestApi;
let caller: Caller;
let neighbour: Caller;
let hookUrl: string;
let workflowId: string;
beforeAll(async () => {
  api = await openApi({ variables: { CAIRN_REGION: "eu-central-1" } });
  caller = await api.workspace();
  neighbour = await api.workspace();
  ({ workflowId } = await publish(caller.tenant, { ...echo, input: {} }));
  const hook = await caller.call("POST", "/api/v1/webhooks", { body: { workflowId, name: "Orders" } });
  hookUrl = hook.body.url;
});
afterAll(() => api.stop());

const put = (state: string) =>
  readRows(
    api.ownerUrl,
    `insert into workspace_moves (workspace_id, id, state, other_url, webhook_hashes)
     select $1::uuid, $2::uuid, $3, $4, array(select token_hash from webhooks where workspace_id = $1)`,
    [caller.workspaceId, randomUUID(), state, NEW],
  );
beforeEach(() =>
  readRows(api.ownerUrl, "delete from workspace_moves where workspace_id = $1", [caller.workspaceId]),
);

const start = (of: Caller) =>
  of.call("POST", `/api/v1/workflows/${workflowId}/runs`, { body: { input: {} } });
const list = (of: Caller) => of.call("GET", "/api/v1/workflows");

test("the region that a deployment is named for is in GET me and health; a name of another form is refused", async () => {
  expect((await caller.call("GET", "/api/v1/me")).body.workspace.region).toBe("eu-central-1");
  expect((await call(`${api.url}/api/health`, "GET")).body.region).toBe("eu-central-1");
  vi.resetModules();
  process.env["CAIRN_REGION"] = "EU (Frankfurt)";
  const { env } = await import("#/lib/env.ts");
  expect(env).toThrow(/CAIRN_REGION: must be lower-case words/);
  process.env["CAIRN_REGION"] = "eu-central-1";
});

test("while a workspace is copied it can be read; every change is refused with 503 and when to try again", async () => {
  const fresh = await caller.keyWith("admin");
  await put("frozen");
  expect((await list(caller)).status).toBe(200);
  const byFreshKey = { headers: { authorization: `Bearer ${fresh}` } };
  expect((await call(`${api.url}/api/v1/workflows`, "GET", byFreshKey)).status).toBe(200);
  const refused = await start(caller);
  expect(refused).toMatchObject({ status: 503, body: { code: "workspace-moving" } });
  expect(refused.headers.get("retry-after")).toBe("30");
  const secret = await caller.call("PUT", "/api/v1/secrets/TOKEN", {
    body: { value: "v", hosts: ["a.test"] },
  });
  expect(secret).toMatchObject({ status: 503, body: { code: "workspace-moving" } });
  expect((await list(neighbour)).status).toBe(200);
});

test("once it has moved every door answers 410 with the new address, and its neighbours notice nothing", async () => {
  await put("moved");
  for (const answer of [await list(caller), await start(caller)])
    expect(answer).toMatchObject({
      status: 410,
      body: { code: "workspace-moved", detail: expect.stringContaining(`moved to ${NEW}.`) },
    });
  expect((await caller.call("GET", "/api/v1/runs?status=failed")).headers.get("location")).toBe(
    `${NEW}/api/v1/runs?status=failed`,
  );
  const mcp = await caller.call("POST", "/api/mcp", {
    body: { jsonrpc: "2.0", id: 1, method: "tools/list" },
    headers: { accept: "application/json, text/event-stream" },
  });
  expect(JSON.stringify(mcp.body)).toContain(NEW);
  expect((await list(neighbour)).status).toBe(200);
});

test("an address of a webhook tells the new one, also when its row is gone", async () => {
  await put("moved");
  const deliver = () => call(hookUrl, "POST", { body: "{}" });
  const moved = { status: 410, body: { code: "workspace-moved" } };
  expect(await deliver()).toMatchObject(moved);
  await readRows(api.ownerUrl, "delete from webhooks where workspace_id = $1", [caller.workspaceId]);
  const answer = await deliver();
  expect(answer).toMatchObject(moved);
  expect(answer.headers.get("location")).toBe(`${NEW}${new URL(hookUrl).pathname}`);
});

test("wake-ups of a workspace that leaves, has left or is not there yet are acknowledged, and its runs are not taken", async () => {
  const { advance } = await import("#/operations/execution/advance.ts");
  const { sweepRuns } = await import("#/db/run-lifecycle.ts");
  const runId = await storeRun(caller.tenant, { ...echo, input: {} }, { input: {} });
  const deliver = () =>
    advance({ workspaceId: caller.workspaceId, runId }, { messageId: randomUUID(), retried: 0 });
  for (const state of ["draining", "frozen", "moved", "arriving"]) {
    await readRows(api.ownerUrl, "delete from workspace_moves where workspace_id = $1", [caller.workspaceId]);
    await put(state);
    expect(await deliver(), state).toEqual({ status: 200 });
    const swept = await sweepRuns(api.db.system, 0, 100);
    expect(
      swept.filter((wake) => wake.workspaceId === caller.workspaceId),
      state,
    ).toEqual([]);
  }
  await readRows(api.ownerUrl, "update workspace_moves set state = 'arrived' where workspace_id = $1", [
    caller.workspaceId,
  ]);
  expect(await sweepRuns(api.db.system, 0, 100)).toMatchObject([{ runId }]);
});
