import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Caller, openApi, type TestApi } from "#/tests/support/api.ts";
import { echo, failing, reviewed, surveyed } from "#/tests/support/definitions.ts";
import { eventually } from "#/tests/support/eventually.ts";
import { readEvents } from "#/tests/support/event-source.ts";
import { publish } from "#/tests/support/publish.ts";

let api: TestApi;
let caller: Caller;
const workflows: Record<string, string> = {};
beforeAll(async () => {
  api = await openApi();
  caller = await api.workspace();
  for (const [name, definition] of Object.entries({ echo, failing, reviewed, surveyed }))
    workflows[name] = (await publish(caller.tenant, definition)).workflowId;
});
afterAll(() => api.stop());

const start = (workflow: string, body: unknown = {}, query = "", headers = {}) =>
  caller.call("POST", `/api/v1/workflows/${workflows[workflow]}/runs${query}`, { body, headers });
const hello = { input: { topic: "hello" } };

const whenRun = (id: string, status: string) =>
  eventually(async () => {
    const { body } = await caller.call("GET", `/api/v1/runs/${id}`);
    return body.status === status ? body : undefined;
  });
const whenApproval = (runId: string) =>
  eventually(
    async () => (await caller.call("GET", `/api/v1/approvals?status=open&run=${runId}`)).body.items[0],
  );

describe("starting a batch", () => {
  const startAll = (body: unknown, headers = {}, workflow = "echo") =>
    caller.call("POST", `/api/v1/workflows/${workflows[workflow]}/runs/batch`, { body, headers });
  const inputs = [{ topic: "one" }, { topic: 7 }, { topic: "three" }];

  test("starts a run for each input, and says at its place which one does not fit", async () => {
    const { status, body } = await startAll({ inputs });
    expect(status).toBe(202);
    expect(body.items).toMatchObject([
      { run: { status: "queued" }, problem: null },
      { run: null, problem: { code: "invalid-input", errors: [{ path: "/topic" }] } },
      { run: { status: "queued" }, problem: null },
    ]);
    const last = await whenRun(body.items[2].run.id, "succeeded");
    expect(last.output).toEqual({ said: "three again" });
  });

  test("with the same Idempotency-Key answers with the same runs, and starts none again", async () => {
    const headers = { "idempotency-key": "batch-1" };
    const first = await startAll({ inputs }, headers);
    const again = await startAll({ inputs }, headers);
    const ids = ({ body }: typeof first) =>
      body.items.map((item: { run: { id: string } | null }) => item.run?.id);
    expect(again.body.batch).toBe(first.body.batch);
    expect(ids(again)).toEqual(ids(first));
    expect(await startAll({ inputs: [{ topic: "other" }] }, headers)).toMatchObject({
      status: 422,
      body: { code: "idempotency-key-reused" },
    });
  });

  test("lists the runs of a batch, and no others", async () => {
    const { body } = await startAll({ inputs });
    await start("echo", hello);
    const listed = await caller.call("GET", `/api/v1/runs?batch=${body.batch}`);
    expect(listed.body.items).toHaveLength(2);
    expect(new Set(listed.body.items.map(({ id }: { id: string }) => id))).toEqual(
      new Set([body.items[0].run.id, body.items[2].run.id]),
    );
    expect(listed.body.items[0].trigger).toMatchObject({ kind: "api", batch: body.batch });
  });

  test("starts no more runs within a minute than the workspace may; an input that has to wait says so at its place", async () => {
    const limited = await api.workspace();
    const { workflowId } = await publish(limited.tenant, echo);
    await limited.call("PATCH", "/api/v1/limits", { body: { startsPerMinute: 2 } });
    const path = `/api/v1/workflows/${workflowId}/runs/batch`;
    // A store of counters that is slow refuses nobody.
    const { items } = await eventually(async () => {
      const { body } = await limited.call("POST", path, {
        body: { inputs: [{ topic: "a" }, { topic: "b" }, { topic: "c" }] },
      });
      return body.items.at(-1).run === null ? body : undefined;
    });
    expect(items.at(-1).problem).toMatchObject({
      code: "rate-limited",
      detail: expect.stringContaining("Try again"),
    });
  });

  test("needs the permission to start runs, in a workspace that has the workflow", async () => {
    const reads = await caller.keyWith("runs:read");
    const path = `/api/v1/workflows/${workflows["echo"]}/runs/batch`;
    const headers = { authorization: `Bearer ${reads}` };
    expect((await caller.call("POST", path, { body: { inputs }, headers })).status).toBe(403);
    const stranger = await api.workspace();
    expect((await stranger.call("POST", path, { body: { inputs } })).status).toBe(404);
  });

  test("takes a hundred inputs at most, and none is not enough", async () => {
    const many = Array.from({ length: 101 }, () => ({ topic: "x" }));
    expect((await startAll({ inputs: many })).status).toBe(422);
    expect((await startAll({ inputs: [] })).status).toBe(422);
  });
});

describe("starting a run", () => {
  test("answers at once where to read it", async () => {
    const { status, body } = await start("echo", hello);
    expect(status).toBe(202);
    expect(body).toEqual({
      id: expect.any(String),
      status: "queued",
      url: `${api.url}/api/v1/runs/${body.id}`,
    });
    const run = await whenRun(body.id, "succeeded");
    expect(run).toMatchObject({
      workflowId: workflows["echo"],
      workflowName: "test",
      version: 1,
      waitingOn: null,
      trigger: { kind: "api" },
      input: { topic: "hello" },
      output: { said: "hello again" },
      error: null,
      usage: { inputTokens: 0, outputTokens: 0, costUsd: 0 },
      forkedFrom: null,
      parentId: null,
    });
    expect(Date.parse(run.startedAt)).toBeLessThanOrEqual(Date.parse(run.finishedAt));
  });

  test("answers the finished run when asked to wait", async () => {
    expect(await start("echo", hello, "?wait=10")).toMatchObject({
      status: 200,
      body: { status: "succeeded", output: { said: "hello again" } },
    });
  });

  test("does not wait longer than it was asked to", async () => {
    expect(await start("reviewed", {}, "?wait=1")).toMatchObject({ status: 202 });
  });

  test("with the same Idempotency-Key starts one run, also at the same moment", async () => {
    const headers = { "idempotency-key": "order-1" };
    const answers = await Promise.all(Array.from({ length: 5 }, () => start("echo", hello, "", headers)));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect((await start("failing", {}, "", headers)).body.id).not.toBe(answers[0]?.body.id);
    expect((await start("echo", hello, "", { "idempotency-key": "x".repeat(256) })).status).toBe(422);
  });

  test("with an input that does not fit tells what is wrong", async () => {
    expect(await start("echo", { input: { topic: 3 } })).toMatchObject({
      status: 422,
      body: { code: "invalid-input", errors: [{ path: "/topic" }] },
    });
    expect(await start("echo", { input: {} })).toMatchObject({
      status: 422,
      body: { code: "invalid-input" },
    });
    expect(await start("echo", { input: "text" })).toMatchObject({
      status: 422,
      body: { code: "invalid-request", errors: [{ path: "/input" }] },
    });
  });

  test("runs the version that is published at that moment, and none of an archived workflow", async () => {
    const created = await caller.call("POST", "/api/v1/workflows", {
      body: { name: "Moving", definition: echo },
    });
    const path = `/api/v1/workflows/${created.body.id}`;
    const readVersion = async (input: object) => {
      const started = await caller.call("POST", `${path}/runs`, { body: { input } });
      return started.status === 202
        ? (await caller.call("GET", `/api/v1/runs/${started.body.id}`)).body.version
        : started.status;
    };
    await caller.call("POST", `${path}/versions`);
    expect(await readVersion({ topic: "x" })).toBe(1);
    const counting = {
      ...echo,
      input: {
        type: "object",
        required: ["topic", "count"],
        properties: { topic: { type: "string" }, count: { type: "number" } },
      },
    };
    await caller.call("PATCH", path, { body: { definition: counting } });
    expect(await caller.call("POST", `${path}/versions`)).toMatchObject({
      status: 201,
      body: { version: 2 },
    });
    expect(await readVersion({ topic: "x" })).toBe(422);
    expect(await readVersion({ topic: "x", count: 1 })).toBe(2);
    await caller.call("POST", `${path}/rollback`, { body: { version: 1 } });
    expect(await readVersion({ topic: "x" })).toBe(1);
    await caller.call("DELETE", path);
    expect(await readVersion({ topic: "x" })).toBe(404);
  });

  test("of a draft says what to do first", async () => {
    const { body } = await caller.call("POST", "/api/v1/workflows", {
      body: { name: "Draft", definition: echo },
    });
    expect(await caller.call("POST", `/api/v1/workflows/${body.id}/runs`, { body: hello })).toMatchObject({
      status: 409,
      body: { code: "not-published" },
    });
  });
});

describe("runs", () => {
  test("are listed by workflow, status and trigger, in pages", async () => {
    const other = await api.workspace();
    const { workflowId } = await publish(other.tenant, reviewed);
    const ids: string[] = [];
    for (let n = 0; n < 3; n += 1)
      ids.unshift((await other.call("POST", `/api/v1/workflows/${workflowId}/runs`, { body: {} })).body.id);
    const list = async (query: string) => (await other.call("GET", `/api/v1/runs?${query}`)).body;
    const first = await list(`workflow=${workflowId}&limit=2`);
    expect(first.items.map((it: { id: string }) => it.id)).toEqual(ids.slice(0, 2));
    expect(first.items[0]).not.toHaveProperty("output");
    const second = await list(`workflow=${workflowId}&limit=2&cursor=${first.nextCursor}`);
    expect(second).toMatchObject({ items: [{ id: ids[2] }], nextCursor: null });
    expect((await list("trigger=api")).items).toHaveLength(3);
    expect((await list("trigger=schedule")).items).toHaveLength(0);
    expect((await list("status=failed")).items).toHaveLength(0);
    expect((await other.call("GET", "/api/v1/runs?status=done")).status).toBe(422);
  });

  test("tell what they have done, in order and in pages", async () => {
    const { body: run } = await start("echo", hello, "?wait=10");
    const { body } = await caller.call("GET", `/api/v1/runs/${run.id}/steps?limit=1`);
    expect(body.items).toMatchObject([
      {
        seq: 1,
        step: "note",
        kind: "step",
        status: "succeeded",
        attempt: 1,
        output: { said: "hello" },
        error: null,
      },
    ]);
    const rest = await caller.call("GET", `/api/v1/runs/${run.id}/steps?cursor=${body.nextCursor}`);
    expect(rest.body).toMatchObject({ items: [{ seq: 2, step: "again" }], nextCursor: null });
  });

  test("can be cancelled until they have ended", async () => {
    const { body } = await start("reviewed");
    await whenApproval(body.id);
    expect(await caller.call("POST", `/api/v1/runs/${body.id}/cancel`)).toMatchObject({
      status: 200,
      body: {
        status: "cancelled",
        error: { code: "cancelled", message: expect.stringContaining("Test key") },
      },
    });
    expect(await caller.call("POST", `/api/v1/runs/${body.id}/cancel`)).toMatchObject({
      status: 409,
      body: { code: "wrong-status" },
    });
    const { body: approvals } = await caller.call("GET", `/api/v1/approvals?run=${body.id}`);
    expect(approvals.items).toMatchObject([{ status: "cancelled" }]);
  });

  test("can be retried when they have failed", async () => {
    const { body } = await start("failing", {}, "?wait=10");
    expect(body).toMatchObject({ status: "failed", error: { step: "broken" } });
    expect(await caller.call("POST", `/api/v1/runs/${body.id}/retry`)).toMatchObject({
      status: 202,
      body: { status: "queued", id: expect.not.stringMatching(String(body.id)) },
    });
    await whenRun(body.id, "failed");
    const { body: done } = await start("echo", hello, "?wait=10");
    expect(await caller.call("POST", `/api/v1/runs/${done.id}/retry`)).toMatchObject({ status: 409 });
  });
});

describe("approvals", () => {
  test("show what is asked, and a decision lets the run continue with the edited value", async () => {
    const { body } = await start("reviewed");
    const approval = await whenApproval(body.id);
    expect(approval).toMatchObject({
      runId: body.id,
      workflowName: "test",
      title: "Publish?",
      actions: ["approve", "edit", "reject"],
      status: "open",
      decidedBy: null,
    });
    const decision = { action: "edit", values: { note: { text: "better" } }, comment: "shorter" };
    expect(
      await caller.call("POST", `/api/v1/approvals/${approval.id}/decision`, { body: decision }),
    ).toMatchObject({
      status: 200,
      body: {
        status: "decided",
        action: "edit",
        comment: "shorter",
        decidedBy: { kind: "key", name: "Test key" },
      },
    });
    expect(await whenRun(body.id, "succeeded")).toMatchObject({ output: { note: { text: "better" } } });
  });

  test("are decided once, whoever decides at the same moment", async () => {
    const { body } = await start("reviewed");
    const approval = await whenApproval(body.id);
    const answers = await Promise.all(
      Array.from({ length: 5 }, () =>
        caller.call("POST", `/api/v1/approvals/${approval.id}/decision`, { body: { action: "approve" } }),
      ),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(4);
  });

  test("that are decided are listed by when they were, in pages", async () => {
    const other = await api.workspace();
    const { workflowId } = await publish(other.tenant, reviewed);
    const ids: string[] = [];
    for (let n = 0; n < 3; n += 1) {
      const { body } = await other.call("POST", `/api/v1/workflows/${workflowId}/runs`, { body: {} });
      ids.push(
        await eventually(
          async () =>
            (await other.call("GET", `/api/v1/approvals?status=open&run=${body.id}`)).body.items[0]?.id,
        ),
      );
    }
    const order = [1, 2, 0].map((index) => ids[index] ?? "");
    for (const id of order)
      await other.call("POST", `/api/v1/approvals/${id}/decision`, { body: { action: "approve" } });
    const seen: string[] = [];
    for (let cursor: string | null = ""; cursor !== null;) {
      const { body } = await other.call(
        "GET",
        `/api/v1/approvals?status=decided&limit=1${cursor && `&cursor=${cursor}`}`,
      );
      seen.push(...body.items.map((it: { id: string }) => it.id));
      cursor = body.nextCursor;
    }
    expect(seen).toEqual(order.toReversed());
  });

  test("refuse an action that is not theirs and values that do not fit", async () => {
    const { body } = await start("reviewed");
    const approval = await whenApproval(body.id);
    const decide = (decision: unknown) =>
      caller.call("POST", `/api/v1/approvals/${approval.id}/decision`, { body: decision });
    expect(await decide({ action: "publish" })).toMatchObject({
      status: 422,
      body: { errors: [{ path: "/action", message: expect.stringContaining("approve, edit, reject") }] },
    });
    expect(await decide({ action: "edit", values: 3 })).toMatchObject({
      status: 422,
      body: { errors: [{ path: "/values" }] },
    });
    expect(await decide({})).toMatchObject({
      status: 422,
      body: { errors: [{ path: "/action", message: "is missing" }] },
    });
  });

  test("take nothing for an edit that is none, and nothing that would be ignored; the approval stays open", async () => {
    const { body } = await start("reviewed");
    const approval = await whenApproval(body.id);
    const decide = (decision: unknown) =>
      caller.call("POST", `/api/v1/approvals/${approval.id}/decision`, { body: decision });
    expect(await decide({ action: "edit" })).toMatchObject({
      status: 422,
      body: { errors: [{ path: "/values" }] },
    });
    expect(await decide({ action: "edit", values: {} })).toMatchObject({
      status: 422,
      body: { errors: [{ path: "/values" }] },
    });
    expect(await decide({ action: "edit", values: { text: "better" } })).toMatchObject({
      status: 422,
      body: { errors: [{ path: "/values/text", message: "is not a field of this form. Its fields: note." }] },
    });
    expect(await decide({ action: "approve", values: { note: { text: "better" } } })).toMatchObject({
      status: 422,
      body: { errors: [{ path: "/values", message: expect.stringContaining("edit") }] },
    });
    expect((await caller.call("GET", `/api/v1/approvals?run=${body.id}`)).body.items).toMatchObject([
      { status: "open" },
    ]);
    expect((await decide({ action: "edit", values: { note: { text: "better" } } })).status).toBe(200);
  });
});

describe("an approval's form", () => {
  const ask = async () => {
    const { body } = await start("surveyed");
    const approval = await whenApproval(body.id);
    return {
      runId: body.id,
      decide: (decision: unknown) =>
        caller.call("POST", `/api/v1/approvals/${approval.id}/decision`, { body: decision }),
    };
  };
  const listProblems = async (
    answer: Promise<{ readonly body: { readonly errors: readonly { readonly path: string }[] } }>,
  ) => (await answer).body.errors.map(({ path }) => path);

  test("takes choices that are on its lists and refuses others by their path", async () => {
    const { runId, decide } = await ask();
    const approve = (values: unknown) => decide({ action: "approve", values });
    expect(await approve({ region: "mars" })).toMatchObject({
      status: 422,
      body: { errors: [{ path: "/values/region", message: 'must be one of "eu", "us"' }] },
    });
    expect(await listProblems(approve({ region: "eu", days: ["mon", "sun"], seats: 9 }))).toEqual([
      "/values/days/1",
      "/values/seats",
    ]);
    expect(await listProblems(approve({ region: "eu", days: [] }))).toEqual(["/values/days"]);
    expect(await listProblems(approve({ region: "eu", days: ["mon", "mon"] }))).toEqual(["/values/days"]);
    expect((await approve({ region: "eu", days: ["tue", "mon"] })).status).toBe(200);
    expect(await whenRun(runId, "succeeded")).toMatchObject({
      output: { survey: { region: "eu", days: ["tue", "mon"], seats: 2 } },
    });
  });

  test("has to be filled in by what is no rejection", async () => {
    const { runId, decide } = await ask();
    expect(await decide({ action: "approve" })).toMatchObject({
      status: 422,
      body: { errors: [{ path: "/values/region", message: "is missing" }] },
    });
    expect((await decide({ action: "reject" })).status).toBe(200);
    await whenRun(runId, "cancelled");
  });
});

describe("a run that was rejected", () => {
  const step = (id: string, more: object) => ({ [id]: { type: "set", values: { at: id }, ...more } });
  const branching = {
    format: "cairn/v1",
    name: "Branching",
    kind: "graph",
    steps: {
      ...step("draft", {}),
      ask: { type: "approval", title: "Go?", actions: ["approve", "again", "reject"] },
      ...step("write", {}),
    },
    edges: [
      { from: "start", to: "draft" },
      { from: "draft", to: "ask" },
      {
        from: "ask",
        when: [
          { if: "state.ask.action == 'approve'", to: "write" },
          { if: "state.ask.action == 'again'", to: "draft" },
        ],
        else: "end",
      },
      { from: "write", to: "end" },
    ],
  };
  const decideAll = async (workflow: string, actions: readonly string[]) => {
    const { body } = await start(workflow);
    for (const action of actions) {
      const { id } = await whenApproval(body.id);
      await caller.call("POST", `/api/v1/approvals/${id}/decision`, { body: { action } });
    }
    return body.id as string;
  };
  beforeAll(async () => void (workflows["branching"] = (await publish(caller.tenant, branching)).workflowId));

  test("says so, whether the rejection was a branch or the end", async () => {
    expect(await whenRun(await decideAll("branching", ["reject"]), "succeeded")).toMatchObject({
      rejected: true,
    });
    expect(await whenRun(await decideAll("reviewed", ["reject"]), "cancelled")).toMatchObject({
      rejected: true,
      error: { code: "rejected" },
    });
    const { body } = await caller.call("GET", `/api/v1/runs?workflow=${workflows["branching"]}`);
    expect(body.items).toMatchObject([{ rejected: true }]);
  });

  test("is one whose last decision was no, and none that was cancelled otherwise", async () => {
    expect(await whenRun(await decideAll("branching", ["again", "approve"]), "succeeded")).toMatchObject({
      rejected: false,
    });
    expect(await whenRun(await decideAll("branching", ["again", "reject"]), "succeeded")).toMatchObject({
      rejected: true,
    });
    const runId = await decideAll("branching", ["again"]);
    await whenApproval(runId);
    await caller.call("POST", `/api/v1/runs/${runId}/cancel`);
    expect(await whenRun(runId, "cancelled")).toMatchObject({ rejected: false });
  });
});

describe("following a run", () => {
  test("tells every step once and ends with the run", async () => {
    const { body } = await start("echo", hello);
    const events = await readEvents(`${api.url}/api/v1/runs/${body.id}/events`, caller.key);
    expect(events.filter((it) => it.name === "step").map((it) => it.data.step)).toEqual(["note", "again"]);
    expect(events.findLast((it) => it.name === "run")?.data).toMatchObject({
      id: body.id,
      status: "succeeded",
      output: { said: "hello again" },
    });
    expect(events.at(-1)).toMatchObject({ name: "end", data: { status: "succeeded" } });
    expect(events.every((it) => it.id !== "")).toBe(true);
  });

  test("never tells an end without the lines before it, whatever is committed between two statements", async () => {
    const { body } = await start("reviewed");
    const approval = await whenApproval(body.id);
    const approve = async () => {
      await caller.call("POST", `/api/v1/approvals/${approval.id}/decision`, { body: { action: "approve" } });
      return whenRun(body.id, "succeeded");
    };
    const { tenant } = caller;
    const slowly: typeof tenant.batch = async (build) => {
      let compiled: readonly unknown[] = [];
      await tenant.batch((query) => {
        compiled = build(query);
        return [];
      });
      const results: unknown[] = [];
      for (const [index, one] of compiled.entries()) {
        if (index > 0) await approve();
        const [rows] = await tenant.batch(() => [one as { compile: never }]);
        results.push(rows);
      }
      return results as never;
    };
    const { readProgress } = await import("#/db/runs.ts");
    const { run, steps } = await readProgress({ ...tenant, batch: slowly }, body.id, { seq: 0, limit: 200 });
    const all = await readProgress(tenant, body.id, { seq: 0, limit: 200 });
    expect(all.run?.status).toBe("succeeded");
    expect(run?.status === "succeeded" ? steps : all.steps).toEqual(all.steps);
  });

  test("continues after the last event that was seen", async () => {
    const { body } = await start("echo", hello, "?wait=10");
    const address = `${api.url}/api/v1/runs/${body.id}/events`;
    const all = await readEvents(address, caller.key);
    const first = all.find((it) => it.name === "step");
    const rest = await readEvents(address, caller.key, first?.id);
    expect(rest.filter((it) => it.name === "step").map((it) => it.data.seq)).toEqual([2]);
    const none = await readEvents(`${address}?after=${encodeURIComponent(all.at(-1)?.id ?? "")}`, caller.key);
    expect(none.filter((it) => it.name === "step")).toEqual([]);
    expect(none.at(-1)?.name).toBe("end");
  });

  test("shows text as it is written, each piece once across connections, and not once its step is in the log", async () => {
    const { body } = await start("reviewed");
    await whenApproval(body.id);
    const { liveOutput } = await import("#/lib/cloud/live-output.ts");
    const append = (...chunks: { readonly type: string; readonly [key: string]: unknown }[]) =>
      liveOutput().append({ runId: body.id, epoch: 1 }, chunks);
    const delta = (taskId: string, offset: number, text: string) => ({
      type: "delta",
      step: "write",
      taskId,
      offset,
      text,
    });
    await append(delta("task", 0, "one "), delta("task", 4, "two "));
    const address = `${api.url}/api/v1/runs/${body.id}/events`;
    const isText = (it: { name: string }) => it.name === "delta";
    const first = await readEvents(
      address,
      caller.key,
      undefined,
      (events) => events.filter(isText).length === 1,
    );
    const second = readEvents(
      address,
      caller.key,
      first.at(-1)?.id,
      (events) => events.filter(isText).length === 2,
    );
    await append(delta("task", 8, "three"));
    const texts = [...first, ...(await second)].filter(isText).map((it) => it.data.text);
    expect(texts).toEqual(["one ", "two ", "three"]);
    await append({ type: "committed", seq: 3, status: "waiting" });
    await append(delta("next-task", 0, "four"));
    const fresh = await readEvents(address, caller.key, undefined, (events) => events.some(isText));
    expect(fresh.filter(isText).map((it) => it.data.text)).toEqual(["four"]);
    expect(fresh.filter((it) => it.name === "step").length).toBe(2);
  });

  test("of a run that does not exist answers 404", async () => {
    expect((await caller.call("GET", `/api/v1/runs/${crypto.randomUUID()}/events`)).status).toBe(404);
  });
});
