import { afterAll, beforeAll, expect, test } from "vitest";
import { type Caller, openApi, type TestApi } from "#/tests/support/api.ts";
import { chain } from "#/tests/support/definitions.ts";
import { eventually } from "#/tests/support/eventually.ts";
import { readRows } from "#/tests/support/owner.ts";
import { publish } from "#/tests/support/publish.ts";

let api: TestApi;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.stop());

const call = { type: "llm", prompt: "hello", maxOutputTokens: 100, retry: { attempts: 1 } };
const as = (key: string) => ({ headers: { authorization: `Bearer ${key}` } });

async function start(by: Caller, definition: unknown): Promise<string> {
  const { workflowId } = await publish(by.tenant, definition);
  return startAgain(by, workflowId);
}

async function startAgain(by: Caller, workflowId: string): Promise<string> {
  return (await by.call("POST", `/api/v1/workflows/${workflowId}/runs`, { body: { input: {} } })).body.id;
}

/** The one question in the inbox. */
const theQuestion = (by: Caller) =>
  eventually(async () => {
    const { body } = await by.call("GET", "/api/v1/inbox");
    expect(body.items.length).toBeLessThanOrEqual(1);
    return body.items[0]?.approval as { id: string; title: string; form: object; runId: string } | undefined;
  });

const statusIs = (by: Caller, runId: string, status: string) =>
  eventually(async () => (await by.call("GET", `/api/v1/runs/${runId}`)).body.status === status || undefined);

test("a month's budget is one question for all runs: a member may stop them, an admin alone may raise it, and no link can do either", async () => {
  const caller = await api.workspace();
  await caller.call("PATCH", "/api/v1/limits", { body: { monthly: { maxTokens: 50 } } });
  const [one, two] = [await start(caller, chain({ only: call })), await start(caller, chain({ only: call }))];
  await Promise.all([statusIs(caller, one, "waiting"), statusIs(caller, two, "waiting")]);
  const question = await theQuestion(caller);
  expect(question.title).toBe("This month’s budget of the workspace is reached: 50 tokens. Go on?");
  const path = `/api/v1/approvals/${question.id}`;
  const member = await caller.colleague("member");
  const raise = { action: "raise", values: { maxTokens: 100_000 } };
  expect(await caller.call("POST", `${path}/decision`, { body: raise, ...as(member.key) })).toMatchObject({
    status: 403,
    body: { detail: expect.stringContaining("only an admin may raise it") },
  });
  expect(await caller.call("POST", `${path}/link`)).toMatchObject({
    status: 403,
    body: { detail: expect.stringContaining("holds for a whole month") },
  });
  expect(
    await caller.call("POST", `${path}/decision`, { body: { ...raise, values: { maxTokens: 60 } } }),
  ).toMatchObject({ status: 422, body: { errors: [{ path: "/values/maxTokens" }] } });
  expect(await caller.call("POST", `${path}/decision`, { body: raise })).toMatchObject({ status: 200 });
  expect((await caller.call("GET", "/api/v1/limits")).body.limits.monthly).toEqual({ maxTokens: 100_000 });
  const audit = await readRows(
    api.ownerUrl,
    `select action from audit_log where workspace_id = '${caller.workspaceId}' and action like 'limits.%'`,
  );
  expect(audit).toEqual([{ action: "limits.changed" }, { action: "limits.changed" }]);
  await eventually(
    async () =>
      (await caller.call("GET", "/api/v1/runs?status=waiting")).body.items.length === 0 || undefined,
  );
});

test("a limit that is raised in the settings lets the runs go on that wait for it, and nobody is asked any more", async () => {
  const caller = await api.workspace();
  await caller.call("PATCH", "/api/v1/limits", { body: { monthly: { maxTokens: 50 } } });
  const runs = [await start(caller, chain({ only: call })), await start(caller, chain({ only: call }))];
  await Promise.all(runs.map((run) => statusIs(caller, run, "waiting")));
  const { id } = await theQuestion(caller);
  for (const run of runs)
    expect((await caller.call("GET", `/api/v1/approvals?run=${run}`)).body.items).toMatchObject([{ id }]);
  await caller.call("PATCH", "/api/v1/limits", { body: { monthly: { maxTokens: 100_000 } } });
  await eventually(
    async () =>
      (await caller.call("GET", "/api/v1/runs?status=waiting")).body.items.length === 0 || undefined,
  );
  expect((await caller.call("GET", "/api/v1/approvals?status=open")).body.items).toEqual([]);
});

test("a member stops every run that waits for the month", async () => {
  const caller = await api.workspace();
  await caller.call("PATCH", "/api/v1/limits", { body: { monthly: { maxTokens: 50 } } });
  const runs = [await start(caller, chain({ only: call })), await start(caller, chain({ only: call }))];
  await Promise.all(runs.map((run) => statusIs(caller, run, "waiting")));
  const { id } = await theQuestion(caller);
  const member = await caller.colleague("member");
  const body = { action: "stop" };
  expect(
    (await caller.call("POST", `/api/v1/approvals/${id}/decision`, { body, ...as(member.key) })).status,
  ).toBe(200);
  await Promise.all(runs.map((run) => statusIs(caller, run, "cancelled")));
});

test("a key for one workflow decides about the budgets of its runs, not about that of a run above or of a month", async () => {
  const caller = await api.workspace();
  const below = await publish(caller.tenant, chain({ only: call }));
  const above = await publish(
    caller.tenant,
    chain(
      { child: { type: "workflow", workflow: below.workflowId } },
      { limits: { maxTokens: 50, onLimit: "ask" } },
    ),
  );
  const runId = await startAgain(caller, above.workflowId);
  const question = await theQuestion(caller);
  expect(question.runId).not.toBe(runId);
  const stop = (key: string) =>
    caller.call("POST", `/api/v1/approvals/${question.id}/decision`, {
      body: { action: "stop" },
      ...as(key),
    });
  const makeKey = async (workflowId: string): Promise<string> =>
    (
      await caller.call("POST", "/api/v1/api-keys", {
        body: { name: "For one", scopes: ["runs:decide", `workflow:${workflowId}`] },
      })
    ).body.key;
  const forBelow = await makeKey(below.workflowId);
  expect(await stop(forBelow)).toMatchObject({
    status: 403,
    body: { detail: expect.stringContaining("of a run above") },
  });
  expect(await stop(await makeKey(above.workflowId))).toMatchObject({ status: 200 });
  await statusIs(caller, runId, "cancelled");
});
