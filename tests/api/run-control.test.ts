import { randomUUID } from "node:crypto";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Caller, call, openApi, type TestApi } from "#/tests/support/api.ts";
import { eventually } from "#/tests/support/eventually.ts";
import { readRows } from "#/tests/support/owner.ts";
import { publish } from "#/tests/support/publish.ts";
import { chain, set } from "#/tests/support/definitions.ts";

const session = vi.hoisted((): { userId: string | undefined } => ({ userId: undefined }));
vi.mock("#/lib/auth/principal.ts", async (original) => ({
  ...(await original<object>()),
  currentPrincipal: async () =>
    session.userId === undefined ? undefined : { kind: "person", userId: session.userId },
}));

let api: TestApi;
let caller: Caller;
beforeAll(async () => {
  api = await openApi();
  caller = await api.workspace();
});
afterAll(() => api.stop());

async function start(definition: unknown, input: unknown = {}): Promise<string> {
  const { workflowId } = await publish(caller.tenant, definition);
  return (await caller.call("POST", `/api/v1/workflows/${workflowId}/runs`, { body: { input } })).body.id;
}
const read = async (runId: string) => (await caller.call("GET", `/api/v1/runs/${runId}`)).body;
const until = (runId: string, status: string) =>
  eventually(async () => ((await read(runId)).status === status ? true : undefined));

test("a paused run stands still until it is resumed, and says what else is possible", async () => {
  const runId = await start(chain({ hold: { type: "wait", event: { key: "doors-1" } } }));
  await until(runId, "waiting");
  expect((await caller.call("POST", `/api/v1/runs/${runId}/pause`)).body).toMatchObject({
    id: runId,
    status: "paused",
    waitingOn: null,
  });
  expect(
    (await caller.call("POST", "/api/v1/events", { body: { key: "doors-1", payload: { n: 1 } } })).status,
  ).toBe(202);
  expect((await caller.call("POST", `/api/v1/runs/${runId}/pause`)).status).toBe(409);
  expect((await read(runId)).status).toBe("paused");
  expect((await caller.call("POST", `/api/v1/runs/${runId}/resume`)).status).toBe(200);
  await until(runId, "succeeded");
  expect((await caller.call("POST", `/api/v1/runs/${runId}/resume`)).body).toMatchObject({
    status: 409,
    detail: expect.stringContaining("Only a paused run"),
  });
  expect((await caller.call("POST", `/api/v1/runs/${randomUUID()}/pause`)).status).toBe(404);
});

test("an event needs a key", async () => {
  expect((await caller.call("POST", "/api/v1/events", { body: { key: " " } })).status).toBe(422);
});

test("an event of another workspace tells nobody", async () => {
  const runId = await start(chain({ hold: { type: "wait", event: { key: "doors-2" } } }));
  await until(runId, "waiting");
  const stranger = await api.workspace();
  expect((await stranger.call("POST", "/api/v1/events", { body: { key: "doors-2" } })).status).toBe(202);
  expect((await read(runId)).status).toBe("waiting");
});

test("items of a map are listed under their run and nowhere else", async () => {
  const body = {
    steps: { plus: set("{{ item + 1 }}") },
    edges: [
      { from: "start", to: "plus" },
      { from: "plus", to: "end" },
    ],
    output: "{{ state.plus.value }}",
  };
  const runId = await start(chain({ each: { type: "map", items: [1, 2, 3], do: body } }));
  await until(runId, "succeeded");
  expect((await read(runId)).output).toEqual({ each: [2, 3, 4] });
  const children = (await caller.call("GET", `/api/v1/runs?parent=${runId}`)).body.items;
  expect(children.map((run: { part: unknown }) => run.part)).toEqual(
    expect.arrayContaining([
      { step: "each", index: 0 },
      { step: "each", index: 2 },
    ]),
  );
  expect(children).toHaveLength(3);
  const all = (await caller.call("GET", "/api/v1/runs?limit=100")).body.items;
  expect(all.filter((run: { parentId: unknown }) => run.parentId === runId)).toEqual([]);
});

test("a write in doubt is on record and settled by its approval", async () => {
  const runId = await start(
    chain({
      pay: {
        type: "http",
        method: "POST",
        url: "https://10.255.255.1:1/never",
        onError: { continue: "refused" },
      },
    }),
  );
  await until(runId, "succeeded");
  const { items } = (await caller.call("GET", `/api/v1/runs/${runId}/side-effects`)).body;
  expect(items).toMatchObject([
    { step: "pay", kind: "http", state: "failed", idempotencyKey: `${runId}.0.pay`, attempts: 1 },
  ]);
  expect((await caller.call("GET", `/api/v1/runs/${randomUUID()}/side-effects`)).status).toBe(404);
});

async function deliver(definition: unknown, body: unknown) {
  const { workflowId } = await publish(caller.tenant, definition);
  const hook = (await caller.call("POST", "/api/v1/webhooks", { body: { workflowId, name: "Orders" } })).body;
  const [id, at, text] = [randomUUID(), new Date(), JSON.stringify(body)];
  const headers = {
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
    "webhook-signature": new Webhook(hook.secret).sign(id, at, text),
  };
  return call(hook.url, "POST", { body: text, headers });
}

test("a respond step answers the caller of the webhook while the run goes on", async () => {
  const respond = {
    type: "respond",
    status: 201,
    headers: { "X-Request-Id": "{{ input.order }}" },
    body: { order: "{{ input.order }}" },
  };
  const answer = await deliver(chain({ respond, hold: { type: "wait", event: { key: "never" } } }), {
    order: 7,
  });
  expect(answer.status).toBe(201);
  expect(answer.body).toEqual({ order: 7 });
  expect(answer.headers.get("x-request-id")).toBe("7");
  expect(answer.headers.get("content-security-policy")).toBe("sandbox");
});

test("a webhook whose run ends without a response answers with the run", async () => {
  const skipped = {
    ...chain({ first: set(1), respond: { type: "respond", body: "hello" } }),
    edges: [
      { from: "start", to: "first" },
      { from: "first", when: [{ if: "false", to: "respond" }], else: "end" },
      { from: "respond", to: "end" },
    ],
  };
  expect(await deliver(skipped, {})).toMatchObject({ status: 202, body: { runId: expect.any(String) } });
  expect(await deliver(chain({ respond: { type: "respond", body: "hello" } }), {})).toMatchObject({
    status: 200,
    body: "hello",
  });
});

test("a run is forked from a step, replayed, and says where it comes from", async () => {
  const runId = await start(
    {
      ...chain({ first: set("{{ input.n }}"), second: set("{{ state.first.value + 1 }}") }),
      output: { second: "{{ state.second.value }}" },
    },
    { n: 1 },
  );
  await until(runId, "succeeded");
  const points = (await caller.call("GET", `/api/v1/runs/${runId}/checkpoints`)).body.items;
  expect(points).toMatchObject([
    { superstep: 2, steps: ["second"] },
    { superstep: 1, steps: ["first"], state: { first: { value: 1 } } },
    { superstep: 0, steps: [] },
  ]);
  const forked = await caller.call("POST", `/api/v1/runs/${runId}/fork`, {
    body: { step: "second", state: { first: { value: 40 } } },
    headers: { "idempotency-key": "once" },
  });
  expect(forked.status).toBe(202);
  await until(forked.body.id, "succeeded");
  expect(await read(forked.body.id)).toMatchObject({
    forkedFrom: runId,
    output: { second: 41 },
    trigger: { kind: "api", forkedFrom: runId },
  });
  const again = await caller.call("POST", `/api/v1/runs/${runId}/fork`, {
    body: { step: "second", state: { first: { value: 40 } } },
    headers: { "idempotency-key": "once" },
  });
  expect(again.body.id).toBe(forked.body.id);
  const replayed = await caller.call("POST", `/api/v1/runs/${runId}/replay`, { body: { input: { n: 5 } } });
  await until(replayed.body.id, "succeeded");
  expect(await read(replayed.body.id)).toMatchObject({ output: { second: 6 }, input: { n: 5 } });
});

test("a retry, a fork and a replay have as much time as their definition gives a run", async () => {
  const runId = await start({
    ...chain({ hold: { type: "wait", event: { key: "never" } } }),
    limits: { timeout: "1s" },
  });
  await until(runId, "timed_out");
  for (const [verb, body] of Object.entries({ retry: {}, fork: { step: "hold" }, replay: {} })) {
    const made = await caller.call("POST", `/api/v1/runs/${runId}/${verb}`, { body });
    await until(made.body.id, "timed_out");
    expect(await read(made.body.id)).toMatchObject({ forkedFrom: runId, error: { code: "run-timeout" } });
  }
});

test("a fork with another definition runs that definition", async () => {
  const runId = await start({
    ...chain({ first: set(1), second: set("old") }),
    output: { second: "{{ state.second.value }}" },
  });
  await until(runId, "succeeded");
  const definition = {
    ...chain({ first: set(1), second: set("new"), third: set(3) }),
    output: { second: "{{ state.second.value }}", third: "{{ state.third.value }}" },
  };
  const forked = await caller.call("POST", `/api/v1/runs/${runId}/fork`, {
    body: { step: "second", definition },
  });
  await until(forked.body.id, "succeeded");
  expect(await read(forked.body.id)).toMatchObject({ version: null, output: { second: "new", third: 3 } });
  expect((await caller.call("GET", `/api/v1/runs/${forked.body.id}/definition`)).body).toMatchObject({
    version: null,
    kind: "graph",
    definition: { steps: { third: { type: "set" } } },
  });
  expect((await caller.call("GET", `/api/v1/runs/${runId}/definition`)).body).toMatchObject({
    version: 1,
    definition: { steps: { second: { values: { value: "old" } } } },
  });
});

test("the edited definition of a fork is kept as it was written, and its mistakes are told by their place", async () => {
  const runId = await start(chain({ first: set(1) }));
  await until(runId, "succeeded");
  const fork = (definition: string) =>
    caller.call("POST", `/api/v1/runs/${runId}/fork`, { body: { step: "first", definition } });
  const text =
    "# shorter\nformat: cairn/v1\nname: Edited\nkind: graph\nsteps:\n  first: {type: set, values: {value: 2}}\nedges:\n  - {from: start, to: first}\n  - {from: first, to: end}\n";
  const forked = await fork(text);
  expect((await caller.call("GET", `/api/v1/runs/${forked.body.id}/definition`)).body.source).toBe(text);
  expect(await fork("steps: [")).toMatchObject({
    status: 422,
    body: { code: "invalid-definition", errors: [{ message: expect.stringContaining("Line 1") }] },
  });
  expect(await fork(text.replace("type: set", "type: sett"))).toMatchObject({
    status: 422,
    body: { code: "invalid-definition", errors: [{ path: "/steps/first/type" }] },
  });
});

test("an edited definition is kept with the fork that runs it, and with none that is refused", async () => {
  const runId = await start(chain({ first: set(1) }));
  await until(runId, "succeeded");
  const fork = () =>
    caller.call("POST", `/api/v1/runs/${runId}/fork`, {
      body: { step: "first", definition: chain({ first: set(2) }) },
    });
  const kept = () =>
    readRows(
      api.ownerUrl,
      `select from workflow_versions where version is null
       and workflow_id = (select workflow_id from agent_sessions where id = $1)`,
      [runId],
    );
  await until((await fork()).body.id, "succeeded");
  expect(await kept()).toHaveLength(1);
  await readRows(api.ownerUrl, "delete from checkpoints where thread_id = $1", [runId]);
  expect(await fork()).toMatchObject({
    status: 422,
    body: { detail: "The checkpoint before this step is not kept any more." },
  });
  expect(await kept()).toHaveLength(1);
});

test("what was made from a run can be listed", async () => {
  const runId = await start(chain({ first: set(1) }));
  await until(runId, "succeeded");
  const { body: replayed } = await caller.call("POST", `/api/v1/runs/${runId}/replay`);
  const { body: forked } = await caller.call("POST", `/api/v1/runs/${runId}/fork`, {
    body: { step: "first" },
  });
  const { body } = await caller.call("GET", `/api/v1/runs?forkedFrom=${runId}`);
  expect(body.items.map(({ id }: { id: string }) => id)).toEqual([forked.id, replayed.id]);
});

test.each([
  [{ step: "nothing" }, 422, "has no step"],
  [{ step: "second", occurrence: 3 }, 422, "has not run 3 times"],
  [{ step: "second", state: { odd: 1 } }, 422, "errors"],
  [{ step: "second", definition: { format: "cairn/v1" } }, 422, "errors"],
])("a fork by %j is refused with what is wrong", async (body, status, text) => {
  const runId = await start(chain({ first: set(1), second: set(2) }));
  await until(runId, "succeeded");
  const answer = await caller.call("POST", `/api/v1/runs/${runId}/fork`, { body });
  expect(answer.status).toBe(status);
  expect(answer.body.detail).toContain(text);
});

test("somebody with a link sees the question without an account, and decides it once", async () => {
  const runId = await start(
    chain({ ask: { type: "approval", title: "Publish?", actions: ["approve", "reject"] } }),
  );
  await until(runId, "waiting");
  const [approval] = (await caller.call("GET", `/api/v1/approvals?run=${runId}`)).body.items;
  const { status, body } = await caller.call("POST", `/api/v1/approvals/${approval.id}/link`, {
    body: { expiresInHours: 1 },
  });
  expect(status).toBe(201);
  const token = new URL(body.url).pathname.split("/").at(-1) ?? "";
  const { decideByLink } = await import("#/app/(site)/decide/[token]/decide.ts");
  expect(await decideByLink(token, { action: "maybe" })).toMatchObject({ ok: false });
  expect(await decideByLink(token.replace(/^v1.../, "v1.AA"), { action: "approve" })).toMatchObject({
    ok: false,
    message: expect.stringContaining("no longer valid"),
  });
  expect(await decideByLink(token, { action: "approve", comment: "yes" })).toEqual({ ok: true });
  expect(await decideByLink(token, { action: "approve" })).toMatchObject({ ok: false });
  await until(runId, "succeeded");
  expect((await caller.call("GET", `/api/v1/approvals?run=${runId}`)).body.items).toMatchObject([
    { action: "approve", comment: "yes", decidedBy: { kind: "link" } },
  ]);
  const [audit] = await caller.tenant.batch((query) => [
    query.selectFrom("audit_log").select(["action", "actor"]).where("target_id", "=", approval.id),
  ]);
  expect(audit.map((row) => row.action).toSorted()).toEqual(["approval.decided", "approval.linked"]);
  expect((await caller.call("POST", `/api/v1/approvals/${approval.id}/link`)).status).toBe(409);
});

test("a link says who asks and until when; of one that is over or wrong nothing is told but that", async () => {
  const runId = await start(chain({ ask: { type: "approval", title: "Publish?" } }));
  await until(runId, "waiting");
  const [approval] = (await caller.call("GET", `/api/v1/approvals?run=${runId}`)).body.items;
  const { body } = await caller.call("POST", `/api/v1/approvals/${approval.id}/link`);
  const token = new URL(body.url).pathname.split("/").at(-1) ?? "";
  const { readByLink } = await import("#/operations/approvals/decide-by-link.ts");
  const { approvalToken } = await import("#/lib/approval-link.ts");
  expect(await readByLink(token, undefined)).toMatchObject({
    state: "found",
    approval: { title: "Publish?", status: "open" },
    workspaceName: expect.stringMatching(/\w/),
    until: body.expiresAt,
    refusal: undefined,
  });
  const over = approvalToken({
    workspaceId: caller.workspaceId,
    approvalId: approval.id,
    until: Date.parse("2026-01-02T03:04:05Z"),
    madeBy: caller.userId,
  });
  expect(await readByLink(over, undefined)).toEqual({ state: "over", until: "2026-01-02T03:04:05.000Z" });
  expect(await readByLink(`${token.slice(0, -4)}AAAA`, undefined)).toEqual({ state: "wrong" });
  await caller.call("POST", `/api/v1/runs/${runId}/cancel`);
  expect(await readByLink(token, undefined)).toMatchObject({ approval: { status: "cancelled" } });
});

test("an approval that is for somebody else is refused to whoever started the run", async () => {
  const runId = await start(chain({ ask: { type: "approval", title: "Publish?", selfApproval: false } }));
  await until(runId, "waiting");
  const [approval] = (await caller.call("GET", `/api/v1/approvals?run=${runId}`)).body.items;
  const refused = await caller.call("POST", `/api/v1/approvals/${approval.id}/decision`, {
    body: { action: "approve" },
  });
  expect(refused).toMatchObject({
    status: 403,
    body: { code: "forbidden", detail: expect.stringContaining("somebody else") },
  });
  // Another key of theirs is not somebody else, and neither is a link that they have made, to whoever uses it.
  const decide = (authorization: string) =>
    caller.call("POST", `/api/v1/approvals/${approval.id}/decision`, {
      body: { action: "approve" },
      headers: { authorization: `Bearer ${authorization}` },
    });
  expect((await decide(await caller.keyWith("admin"))).status).toBe(403);
  const linkBy = async (authorization: string) => {
    const { body } = await caller.call("POST", `/api/v1/approvals/${approval.id}/link`, {
      headers: { authorization: `Bearer ${authorization}` },
    });
    return new URL(body.url).pathname.split("/").at(-1) ?? "";
  };
  const { decideByLink } = await import("#/app/(site)/decide/[token]/decide.ts");
  expect(await decideByLink(await linkBy(caller.key), { action: "approve" })).toMatchObject({
    ok: false,
    message: expect.stringContaining("somebody else"),
  });
  const { approvalToken } = await import("#/lib/approval-link.ts");
  const unknown = approvalToken({
    workspaceId: caller.workspaceId,
    approvalId: approval.id,
    until: Date.now() + 60_000,
  });
  expect(await decideByLink(unknown, { action: "approve" })).toMatchObject({
    ok: false,
    message: expect.stringContaining("new link"),
  });
  const colleague = await caller.colleague();
  session.userId = caller.userId;
  expect(await decideByLink(await linkBy(colleague.key), { action: "approve" })).toMatchObject({ ok: false });
  session.userId = undefined;
  expect((await decide(colleague.key)).status).toBe(200);
});

test("an approval that is for somebody else is refused to the people behind forks, children, schedules and deliveries, too", async () => {
  const ask = { ask: { type: "approval", title: "Publish?", selfApproval: false } };
  const decideAs = async (runId: string, key: string) => {
    await until(runId, "waiting");
    const [approval] = (await caller.call("GET", `/api/v1/approvals?run=${runId}`)).body.items;
    return (
      await caller.call("POST", `/api/v1/approvals/${approval.id}/decision`, {
        body: { action: "approve" },
        headers: { authorization: `Bearer ${key}` },
      })
    ).status;
  };
  const colleague = await caller.colleague();
  const first = await start(chain(ask));
  await until(first, "waiting");
  const replayed = await caller.call("POST", `/api/v1/runs/${first}/replay`, {
    headers: { authorization: `Bearer ${colleague.key}` },
  });
  expect(await decideAs(replayed.body.id, caller.key)).toBe(403);
  expect(await decideAs(replayed.body.id, colleague.key)).toBe(403);
  const { workflowId } = await publish(caller.tenant, chain(ask));
  const schedule = await caller.call("POST", "/api/v1/schedules", {
    body: { workflowId, cron: "0 0 1 1 *" },
  });
  const scheduled = await start(chain(ask));
  await caller.tenant.batch((query) => [
    query
      .updateTable("agent_sessions")
      .set({ trigger: JSON.stringify({ kind: "schedule", scheduleId: schedule.body.id }) })
      .where("id", "=", scheduled),
  ]);
  expect(await decideAs(scheduled, caller.key)).toBe(403);
  expect(await decideAs(scheduled, colleague.key)).toBe(200);
});

test("limits are set, shown with what was used, taken away, and kept from those who may not", async () => {
  const { workflowId } = await publish(caller.tenant, chain({ only: set(1) }));
  expect(
    (await caller.call("PATCH", "/api/v1/limits", { body: { monthly: { maxTokens: 1000 } } })).body,
  ).toMatchObject({ limits: { monthly: { maxTokens: 1000 } }, month: { tokens: expect.any(Number) } });
  expect(
    (await caller.call("PATCH", "/api/v1/limits", { body: { monthly: null, concurrency: 5 } })).body.limits,
  ).toEqual({ concurrency: 5 });
  expect((await caller.call("PATCH", "/api/v1/limits", { body: { concurrency: 0 } })).status).toBe(422);
  expect(
    (await caller.call("PATCH", `/api/v1/workflows/${workflowId}/limits`, { body: { startsPerMinute: 1 } }))
      .body.limits,
  ).toEqual({ startsPerMinute: 1 });
  expect(
    (await caller.call("PATCH", `/api/v1/workflows/${randomUUID()}/limits`, { body: { concurrency: 1 } }))
      .status,
  ).toBe(404);
  const runner = { authorization: `Bearer ${await caller.keyWith("run")}` };
  expect(
    (await caller.call("PATCH", "/api/v1/limits", { body: { concurrency: 9 }, headers: runner })).status,
  ).toBe(403);
});

test("starts beyond the minute's limit are refused with when to come back, and nothing is stored", async () => {
  const { workflowId } = await publish(caller.tenant, chain({ only: set(1) }));
  await caller.call("PATCH", `/api/v1/workflows/${workflowId}/limits`, { body: { startsPerMinute: 2 } });
  const answers = [];
  for (let tries = 0; tries < 4; tries += 1)
    answers.push(await caller.call("POST", `/api/v1/workflows/${workflowId}/runs`, { body: {} }));
  expect(answers.map(({ status }) => status)).toEqual([202, 202, 429, 429]);
  expect(Number(answers[2]?.headers.get("retry-after"))).toBeGreaterThan(0);
  expect((await caller.call("GET", `/api/v1/runs?workflow=${workflowId}`)).body.items).toHaveLength(2);
});
