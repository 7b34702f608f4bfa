import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sql } from "kysely";
import { type Caller, openApi, type TestApi } from "#/tests/support/api.ts";
import { chain, echo, failing, reviewed, set } from "#/tests/support/definitions.ts";
import { eventually } from "#/tests/support/eventually.ts";
import { readRows } from "#/tests/support/owner.ts";

let api: TestApi;
let caller: Caller;
beforeAll(async () => {
  api = await openApi();
  caller = await api.workspace();
});
afterAll(() => api.stop());

const create = async (definition: unknown, by = caller) => {
  const name = `Draft ${randomUUID()}`;
  const { status, body } = await by.call("POST", "/api/v1/workflows", { body: { name, definition } });
  expect(status).toBe(201);
  return body;
};
const tryIt = (id: string, body: object = { input: { topic: "cairns" } }, headers = {}) =>
  caller.call("POST", `/api/v1/workflows/${id}/tries`, { body, headers });
const read = async (id: string) => (await caller.call("GET", `/api/v1/runs/${id}`)).body;
const whenEnded = (id: string) =>
  eventually(async () => {
    const run = await read(id);
    return run.finishedAt === null ? undefined : run;
  });
const tried = async (definition: unknown, body?: object) => {
  const workflow = await create(definition);
  const { status, body: started } = await tryIt(workflow.id, body);
  expect(status).toBe(202);
  return { workflowId: workflow.id, run: await whenEnded(started.id) };
};

describe("a try", () => {
  test("asks questions that say so, and a real run asks others", async () => {
    const { id } = await create(reviewed);
    const { body: tryOut } = await tryIt(id, { input: {} });
    await caller.call("POST", `/api/v1/workflows/${id}/versions`);
    const { body: real } = await caller.call("POST", `/api/v1/workflows/${id}/runs`, { body: { input: {} } });
    const askedBy = (run: string) =>
      eventually(async () => (await caller.call("GET", `/api/v1/approvals?run=${run}`)).body.items[0]);
    expect([(await askedBy(tryOut.id)).try, (await askedBy(real.id)).try]).toEqual([true, false]);
  });

  test("runs the draft as it is saved, though nothing of it is published", async () => {
    const { workflowId, run } = await tried(echo);
    expect(run).toMatchObject({
      workflowId,
      status: "succeeded",
      version: null,
      try: true,
      trigger: { kind: "api" },
      output: { said: "cairns again" },
    });
    const workflow = await caller.call("GET", `/api/v1/workflows/${workflowId}`);
    expect(workflow.body).toMatchObject({ publishedVersion: null, revision: 1 });
    const definition = await caller.call("GET", `/api/v1/runs/${run.id}/definition`);
    expect(JSON.parse(definition.body.source)).toEqual(echo);
  });

  test("keeps its own text when the draft goes on", async () => {
    const { id, revision } = await create(echo);
    const { body: started } = await tryIt(id, { input: { topic: "x" }, revision });
    await caller.call("PATCH", `/api/v1/workflows/${id}`, { body: { definition: failing } });
    expect(await whenEnded(started.id)).toMatchObject({ status: "succeeded", output: { said: "x again" } });
  });

  test("is not started of another revision than the one that is meant", async () => {
    const { id } = await create(echo);
    await caller.call("PATCH", `/api/v1/workflows/${id}`, { body: { definition: failing } });
    expect(await tryIt(id, { input: { topic: "x" }, revision: 1 })).toMatchObject({
      status: 409,
      body: { code: "draft-changed" },
    });
  });

  test("of a draft that cannot be published is refused with the problems that publishing would tell", async () => {
    const { id } = await create({ ...echo, edges: [{ from: "start", to: "nowhere" }] });
    const refused = await tryIt(id);
    const published = await caller.call("POST", `/api/v1/workflows/${id}/versions`, { body: {} });
    expect(refused).toMatchObject({ status: 422, body: { code: "invalid-definition" } });
    expect(refused.body.errors).toEqual(published.body.errors);
    expect(refused.body.detail).toContain("try again");
  });

  test("in which private data, content from outside and an action meet without a person is refused, until an admin has published it", async () => {
    const { id } = await create(
      chain({
        look: { type: "search", query: "q" },
        fetch: { type: "http", url: "http://127.0.0.1:1/", retry: { attempts: 1 } },
        send: { type: "http", method: "POST", url: "http://127.0.0.1:1/" },
      }),
    );
    expect(await tryIt(id, {})).toMatchObject({
      status: 422,
      body: { code: "rule-of-two", errors: [{ path: "/steps/send", steps: ["look", "fetch", "send"] }] },
    });
    expect((await tryIt(id, { only: { step: "fetch" } })).status).toBe(202);
    const body = { override: { reason: "Sends to our own server only." } };
    expect((await caller.call("POST", `/api/v1/workflows/${id}/versions`, { body })).status).toBe(201);
    expect((await tryIt(id, {})).status).toBe(202);
  });

  test("with an input that does not fit the draft's schema is refused at the field", async () => {
    const { id } = await create(echo);
    expect(await tryIt(id, { input: { topic: 7 } })).toMatchObject({
      status: 422,
      body: { code: "invalid-input", errors: [{ path: "/topic" }] },
    });
  });

  test("under the same Idempotency-Key is one run", async () => {
    const { id } = await create(echo);
    const headers = { "idempotency-key": "once" };
    const answers = await Promise.all([1, 2, 3].map(() => tryIt(id, { input: { topic: "a" } }, headers)));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
  });

  test("is in the audit log", async () => {
    const { workflowId } = await tried(echo);
    const rows = await readRows(
      api.ownerUrl,
      "select action from audit_log where target_id = $1 order by at desc limit 1",
      [workflowId],
    );
    expect(rows).toEqual([{ action: "workflow.tried" }]);
  });

  test("counts against the limits of its workflow", async () => {
    const { id } = await create(echo);
    await caller.call("PATCH", `/api/v1/workflows/${id}/limits`, { body: { startsPerMinute: 1 } });
    const refused = await eventually(async () => {
      const answer = await tryIt(id);
      return answer.status === 202 ? undefined : answer;
    });
    expect(refused).toMatchObject({ status: 429, body: { code: "rate-limited" } });
  });
});

describe("pinned outputs", () => {
  const sending = chain({
    fetch: { type: "http", url: "http://127.0.0.1:1/", retry: { attempts: 1 }, save: "got" },
    keep: { type: "set", values: { text: "{{ state.got.body }}" } },
  });

  test("take the place of their steps, which are not run: what comes after reads them", async () => {
    const { run } = await tried(sending, { pinned: { fetch: { body: "{{ input.x }}", status: 200 } } });
    expect(run).toMatchObject({ status: "succeeded", output: { keep: { text: "{{ input.x }}" } } });
  });

  test("are none of the draft: it is published with its step", async () => {
    const { id } = await create(sending);
    await tryIt(id, { pinned: { fetch: 1 } });
    await caller.call("POST", `/api/v1/workflows/${id}/versions`, { body: {} });
    const { body } = await caller.call("GET", `/api/v1/workflows/${id}/versions/1`);
    expect(JSON.stringify(body)).not.toContain("pinned");
  });

  test("of steps that are not there, or too large, are refused by their names, and none go with a step alone", async () => {
    const { id } = await create(sending);
    expect(await tryIt(id, { pinned: { nobody: 1, keep: "x".repeat(100_000) } })).toMatchObject({
      status: 422,
      body: { code: "invalid-request", errors: [{ path: "/pinned/nobody" }, { path: "/pinned/keep" }] },
    });
    expect(await tryIt(id, { only: { step: "keep" }, pinned: { fetch: 1 } })).toMatchObject({
      status: 422,
      body: { code: "invalid-request" },
    });
  });

  test("do not stand in for a person where private data, content from outside and an action meet", async () => {
    const { id } = await create(
      chain({
        look: { type: "search", query: "q" },
        fetch: { type: "http", url: "http://127.0.0.1:1/", retry: { attempts: 1 } },
        ask: { type: "approval", title: "Send?" },
        send: { type: "http", method: "POST", url: "http://127.0.0.1:1/" },
      }),
    );
    expect(await tryIt(id, { pinned: { ask: { action: "approve" } } })).toMatchObject({
      status: 422,
      body: { code: "rule-of-two" },
    });
  });
});

describe("the definition of a try", () => {
  test("is no version: nothing lists it, nothing else can be started of it", async () => {
    const { workflowId } = await tried(echo);
    const versions = await caller.call("GET", `/api/v1/workflows/${workflowId}/versions`);
    expect(versions.body.items).toEqual([]);
    const start = await caller.call("POST", `/api/v1/workflows/${workflowId}/runs`, {
      body: { input: { topic: "x" } },
    });
    expect(start).toMatchObject({ status: 409, body: { code: "not-published" } });
    const calls = await tried(
      chain({ go: { type: "workflow", workflow: workflowId, input: { topic: "x" } } }),
      {},
    );
    expect(calls.run).toMatchObject({ status: "failed", try: true });
  });

  test("goes with the last run of it, and not before", async () => {
    const { run } = await tried(failing, {});
    const retried = await caller.call("POST", `/api/v1/runs/${run.id}/retry`, { body: {} });
    await whenEnded(retried.body.id);
    const count = async () =>
      (await readRows(api.ownerUrl, "select id from workflow_versions where id = $1", [run.id])).length;
    const expire = async (id: string) => {
      await readRows(api.ownerUrl, "update agent_sessions set expires_on = '2020-01-01' where id = $1", [id]);
      await api.db.system.transaction((trx) => sql`select app.expire_runs(10)`.execute(trx));
    };
    expect(await count()).toBe(1);
    await expire(run.id);
    expect(await count()).toBe(1);
    await expire(retried.body.id);
    expect(await count()).toBe(0);
  });
});

describe("the mark of a try", () => {
  test("is on what it starts and on what is made from it, but not on a published version that is started anew", async () => {
    const inner = await create(echo);
    await caller.call("POST", `/api/v1/workflows/${inner.id}/versions`, { body: {} });
    const { workflowId, run } = await tried(
      chain({ go: { type: "workflow", workflow: inner.id, input: { topic: "x" } } }),
      {},
    );
    const children = await caller.call("GET", `/api/v1/runs?parent=${run.id}`);
    expect(children.body.items).toMatchObject([{ try: true, version: 1 }]);
    const replay = (body: object) => caller.call("POST", `/api/v1/runs/${run.id}/replay`, { body });
    expect(await read((await replay({})).body.id)).toMatchObject({ try: true, version: null });
    await caller.call("POST", `/api/v1/workflows/${workflowId}/versions`, { body: {} });
    expect(await read((await replay({ version: "published" })).body.id)).toMatchObject({
      try: false,
      version: 1,
    });
  });

  test("filters lists of runs", async () => {
    const { workflowId, run } = await tried(echo);
    await caller.call("POST", `/api/v1/workflows/${workflowId}/versions`, { body: {} });
    const path = `/api/v1/workflows/${workflowId}/runs`;
    const { body: real } = await caller.call("POST", path, { body: { input: { topic: "x" } } });
    const list = async (query: string) =>
      (await caller.call("GET", `/api/v1/runs?workflow=${workflowId}${query}`)).body.items.map(
        ({ id }: { id: string }) => id,
      );
    expect(await list("&try=true")).toEqual([run.id]);
    expect(await list("&try=false")).toEqual([real.id]);
    expect(await list("")).toEqual([real.id, run.id]);
    expect((await caller.call("GET", "/api/v1/runs?try=perhaps")).status).toBe(422);
  });

  test("keeps it out of histogram, estimates and failures of the inbox; its cost counts", async () => {
    const apart = await api.workspace();
    const { id } = await create(failing, apart);
    const { body } = await apart.call("POST", `/api/v1/workflows/${id}/tries`, { body: {} });
    await eventually(async () =>
      (await apart.call("GET", `/api/v1/runs/${body.id}`)).body.status === "failed" ? true : undefined,
    );
    expect((await apart.call("GET", "/api/v1/run-counts")).body.items).toEqual([]);
    expect((await apart.call("GET", "/api/v1/inbox")).body.items).toEqual([]);
    const usage = { inputTokens: 6, outputTokens: 4, costUsd: 0.5 };
    await readRows(
      api.ownerUrl,
      "update agent_sessions set status = 'succeeded', error = null, usage = $2 where id = $1",
      [body.id, usage],
    );
    expect((await apart.call("GET", `/api/v1/workflows/${id}/estimate`)).body).toMatchObject({ runs: 0 });
    expect((await apart.call("GET", `/api/v1/workflows/${id}/limits`)).body.month).toMatchObject({
      tokens: 10,
      costUsd: 0.5,
    });
  });
});

const greeting = chain(
  {
    first: set("{{ input.who }}"),
    second: { type: "set", values: { text: "Hello {{ state.first.value }}" } },
    third: { type: "set", values: { text: "{{ state.second.text }}!" } },
  },
  { output: { text: "{{ state.third.text }}" } },
);

describe("one step alone", () => {
  test("runs on the values that are given, and nothing after it runs", async () => {
    const only = { step: "second", state: { first: { value: "Grace" } } };
    const { run } = await tried(greeting, { only });
    expect(run).toMatchObject({
      status: "succeeded",
      try: true,
      output: { second: { text: "Hello Grace" } },
    });
    const log = await caller.call("GET", `/api/v1/runs/${run.id}/steps`);
    expect(log.body.items.map(({ step }: { step: string }) => step)).toEqual(["second"]);
  });

  test("takes a value as it is: an expression in it is a text", async () => {
    const only = { step: "second", state: { first: { value: "{{ input.who }}" } } };
    const { run } = await tried(greeting, { only });
    expect(run.output).toEqual({ second: { text: "Hello {{ input.who }}" } });
  });

  test.each([
    [{ step: "fourth" }, "/only/step", "It has: first, second, third"],
    [{ step: "second", state: { nobody: 1 } }, "/only/state/nobody", "There is no state key"],
  ])("that is not there, or reads what is not there, is refused: %j", async (only, path, message) => {
    const { id } = await create(greeting);
    expect(await tryIt(id, { only })).toMatchObject({
      status: 422,
      body: { code: "invalid-request", errors: [{ path, message: expect.stringContaining(message) }] },
    });
  });
});

describe("the rest from a step of an earlier run", () => {
  const whole = async () => tried(greeting, { input: { who: "Ada" } });
  const changed = { ...greeting, steps: { ...greeting.steps, third: set("{{ state.second.text }}?") } };

  test("runs the draft as it is now on what that run had done by then", async () => {
    const { workflowId, run } = await whole();
    const rest = { ...changed, output: { text: "{{ state.third.value }}" } };
    await caller.call("PATCH", `/api/v1/workflows/${workflowId}`, { body: { definition: rest } });
    const { status, body } = await tryIt(workflowId, { from: { run: run.id, step: "third" } });
    expect(status).toBe(202);
    expect(await whenEnded(body.id)).toMatchObject({
      status: "succeeded",
      try: true,
      version: null,
      forkedFrom: run.id,
      input: { who: "Ada" },
      output: { text: "Hello Ada?" },
    });
    const log = (await caller.call("GET", `/api/v1/runs/${body.id}/steps`)).body.items;
    expect(log.map(({ step, reused }: { step: string; reused: boolean }) => [step, reused])).toEqual([
      ["first", true],
      ["second", true],
      ["third", false],
    ]);
  });

  test("may be of a real run, which stays as it is", async () => {
    const { id } = await create(greeting);
    await caller.call("POST", `/api/v1/workflows/${id}/versions`, { body: {} });
    const started = await caller.call("POST", `/api/v1/workflows/${id}/runs`, {
      body: { input: { who: "Ada" } },
    });
    const real = await whenEnded(started.body.id);
    const { body } = await tryIt(id, { from: { run: real.id, step: "second" } });
    expect(await whenEnded(body.id)).toMatchObject({ try: true, output: { text: "Hello Ada!" } });
    expect(await read(real.id)).toEqual(real);
  });

  test("is not found of another workflow's run, and refused where the run has not been", async () => {
    const { run } = await whole();
    const other = await create(greeting);
    expect((await tryIt(other.id, { from: { run: run.id, step: "second" } })).status).toBe(404);
    const { workflowId, run: broken } = await tried(chain({ bad: failing.steps.broken, late: set() }), {});
    expect(await tryIt(workflowId, { from: { run: broken.id, step: "late" } })).toMatchObject({
      status: 422,
      body: { detail: expect.stringContaining("has not run") },
    });
  });

  test("keeps no draft where the run cannot be continued", async () => {
    const { workflowId, run } = await whole();
    await readRows(api.ownerUrl, "delete from checkpoints where thread_id = $1", [run.id]);
    expect((await tryIt(workflowId, { from: { run: run.id, step: "second" } })).status).toBe(422);
    const drafts = "select id from workflow_versions where workflow_id = $1 and version is null";
    expect(await readRows(api.ownerUrl, drafts, [workflowId])).toEqual([{ id: run.id }]);
  });

  test("of another workspace is not there", async () => {
    const { run } = await whole();
    const stranger = await api.workspace();
    const { id } = await create(greeting, stranger);
    const path = `/api/v1/workflows/${id}/tries`;
    const body = { from: { run: run.id, step: "second" } };
    expect((await stranger.call("POST", path, { body })).status).toBe(404);
  });

  test("is one thing or the other", async () => {
    const { workflowId, run } = await whole();
    const both = { from: { run: run.id, step: "second" }, only: { step: "second" } };
    expect((await tryIt(workflowId, both)).status).toBe(422);
  });
});

describe("trying", () => {
  test("takes both permissions: to edit the draft and to start runs", async () => {
    const { id } = await create(echo);
    for (const [scopes, status] of [
      [["runs:start"], 403],
      [["workflows:write"], 403],
      [["run"], 403],
      [["runs:start", "workflows:write"], 202],
    ] as const) {
      const headers = { authorization: `Bearer ${await caller.keyWith(...scopes)}` };
      expect({ scopes, status: (await tryIt(id, { input: { topic: "x" } }, headers)).status }).toEqual({
        scopes,
        status,
      });
    }
  });

  test("another workspace's draft is not there", async () => {
    const stranger = await api.workspace();
    const { id } = await create(echo);
    expect(await stranger.call("POST", `/api/v1/workflows/${id}/tries`, { body: {} })).toMatchObject({
      status: 404,
      body: { code: "not-found" },
    });
  });
});
