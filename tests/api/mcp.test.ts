import { readRows } from "#/tests/support/owner.ts";
import { randomUUID } from "node:crypto";
import { isCreateTaskResultV2, isDetailedTaskV2 } from "@modelcontextprotocol/ext-tasks/core/v2";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Caller, openApi, type TestApi } from "#/tests/support/api.ts";
import { echo } from "#/tests/support/definitions.ts";
import { eventually } from "#/tests/support/eventually.ts";
import { freePort } from "#/tests/support/free-port.ts";
import { Killable } from "#/tests/support/killable.ts";
import { connectMcp, type McpEnd, sendMcp } from "#/tests/support/mcp-client.ts";

vi.mock("#/lib/auth/principal.ts", async (original) => ({
  ...(await original<object>()),
  currentPrincipal: async () => undefined,
}));

let api: TestApi;
let caller: Caller;
let us: McpEnd;
let published: { readonly echo: string; readonly ask: string; readonly two: string; readonly hidden: string };

const tool = (description: string) => ({ tool: { description } });
const graph = (name: string, steps: Record<string, unknown>, edges: readonly unknown[]) => ({
  format: "cairn/v1",
  name,
  kind: "graph",
  ...tool(`Does ${name}.`),
  steps,
  edges,
});
const approval = (title: string) => ({
  type: "approval",
  title,
  show: { amount: 5 },
  actions: ["approve", "reject"],
  form: { type: "object", required: ["reason"], properties: { reason: { type: "string" } } },
});
const ask = graph(
  "ask",
  { ask: approval("Pay?"), done: { type: "set", values: { reason: "{{ state.ask.values.reason }}" } } },
  [
    { from: "start", to: "ask" },
    { from: "ask", to: "done" },
    { from: "done", to: "end" },
  ],
);
const two = graph(
  "two",
  { left: approval("Left?"), right: approval("Right?"), both: { type: "set", values: { ok: true } } },
  [
    { from: "start", to: "left" },
    { from: "start", to: "right" },
    { from: ["left", "right"], to: "both" },
    { from: "both", to: "end" },
  ],
);

async function publish(who: Caller, name: string, definition: unknown): Promise<string> {
  const made = await who.call("POST", "/api/v1/workflows", { body: { name, definition } });
  expect(made.body.problems).toEqual([]);
  const version = await who.call("POST", `/api/v1/workflows/${made.body.id}/versions`, { body: {} });
  expect(version.status).toBe(201);
  return made.body.id;
}

beforeAll(async () => {
  api = await openApi();
  caller = await api.workspace();
  us = { url: api.url, key: caller.key };
  published = {
    echo: await publish(caller, "Écho: says it again", { ...echo, ...tool("Says it again.") }),
    ask: await publish(caller, "Ask first", ask),
    two: await publish(caller, "Two questions", two),
    hidden: await publish(caller, "Hidden", echo),
  };
});
afterAll(() => api.stop());

const runsOf = async (workflow: string) =>
  (await caller.call("GET", `/api/v1/runs?workflow=${workflow}`)).body.items as readonly { id: string }[];
const accept = (content: Record<string, unknown>) => ({ action: "accept", content });

describe.each(["modern", "legacy"] as const)("a client of the %s era", (era) => {
  test("finds the workflows that are marked, with their input as arguments, and the tools to operate", async () => {
    const client = await connectMcp(us, era);
    const { tools } = await client.listTools();
    const names = tools.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(["echo-says-it-again", "ask-first", "two-questions", "get_run", "cancel_run"]),
    );
    expect(names).not.toContain("hidden");
    expect(tools.find(({ name }) => name === "echo-says-it-again")).toMatchObject({
      title: "Écho: says it again",
      description: "Says it again.",
      inputSchema: { type: "object", required: ["topic"] },
    });
    await client.close();
  });

  test("calls a workflow and gets its output", async () => {
    const client = await connectMcp(us, era);
    const answer = await client.callTool({ name: "echo-says-it-again", arguments: { topic: "tea" } });
    expect(answer.structuredContent).toEqual({ said: "tea again" });
    expect(answer.content).toEqual([{ type: "text", text: '{"said":"tea again"}' }]);
    await client.close();
  });

  test("is told how far its run is, by numbers that grow", async () => {
    const client = await connectMcp(us, era);
    const told: number[] = [];
    await client.callTool(
      { name: "echo-says-it-again", arguments: { topic: "progress" } },
      { onprogress: ({ progress }) => told.push(progress) },
    );
    expect(told.length).toBeGreaterThan(0);
    expect(told).toEqual(told.map((_, index) => index + 1));
    await client.close();
  });

  test("is told by a result what is wrong with its arguments, and by an error that there is no such tool", async () => {
    const client = await connectMcp(us, era);
    const answer = await client.callTool({ name: "echo-says-it-again", arguments: { topic: 7 } });
    expect(answer).toMatchObject({ isError: true, structuredContent: { code: "invalid-input" } });
    expect(JSON.stringify(answer.content)).toContain("topic");
    await expect(client.callTool({ name: "hidden", arguments: {} })).rejects.toMatchObject({ code: -32602 });
    await client.close();
  });

  test("starts, follows, answers and ends runs by tools", async () => {
    const client = await connectMcp(us, era);
    const use = async (name: string, args: Record<string, unknown>) =>
      (await client.callTool({ name, arguments: args })).structuredContent as Record<string, unknown>;
    const { runId } = await use("start", { workflow: published.ask });
    const { approvals } = await eventually(async () => {
      const status = await use("run_status", { run: runId });
      return (status["approvals"] as readonly unknown[]).length > 0 ? status : undefined;
    });
    expect(approvals).toMatchObject([{ title: "Pay?", actions: ["approve", "reject"] }]);
    const id = (approvals as readonly { id: string }[])[0]?.id;
    expect(await use("decide", { approval: id, action: "approve" })).toMatchObject({
      code: "invalid-request",
    });
    expect(
      await use("decide", { approval: id, action: "approve", values: { reason: "fair" } }),
    ).toMatchObject({ status: "decided" });
    expect(
      await eventually(async () => {
        const run = await use("get_run", { run: runId });
        return "done" in run ? run : undefined;
      }),
    ).toMatchObject({ done: { reason: "fair" } });
    const second = await use("start", { workflow: published.ask });
    expect(await use("cancel_run", { run: second["runId"] })).toMatchObject({ status: "cancelled" });
    const audit = await caller.call("GET", `/api/v1/approvals?status=decided`);
    expect(audit.body.items[0]).toMatchObject({ id, decidedBy: { kind: "key" } });
    await client.close();
  });
});

test("a client of 2025 learns that its run waits for a person, where, and how to ask for it later", async () => {
  const client = await connectMcp(us, "legacy");
  const answer = await client.callTool({ name: "ask-first", arguments: {} });
  expect(answer.structuredContent).toMatchObject({
    status: "waiting",
    inbox: `${api.url}/${caller.workspaceId}/inbox`,
    approvals: [{ title: "Pay?" }],
  });
  expect(JSON.stringify(answer.content)).toContain("get_run");
  await client.close();
});

describe("questions", () => {
  test("of a run are asked of a client that can be asked, inside the call", async () => {
    const client = await connectMcp(us, "modern", { capabilities: { elicitation: {} } });
    const asked: unknown[] = [];
    client.setRequestHandler("elicitation/create", async ({ params }) => {
      asked.push(params);
      return { action: "accept", content: { action: "approve", reason: "because" } };
    });
    const answer = await client.callTool({ name: "ask-first", arguments: {} });
    expect(answer.structuredContent).toEqual({ ask: expect.anything(), done: { reason: "because" } });
    expect(asked).toMatchObject([
      {
        message: expect.stringContaining("Pay?"),
        requestedSchema: {
          properties: { action: { enum: ["approve", "reject"] }, reason: { type: "string" } },
        },
      },
    ]);
    await client.close();
  });

  test("that are open at once are asked together, and answered in any order", async () => {
    const client = await connectMcp(us, "modern", {
      capabilities: { elicitation: {} },
      inputRequired: { autoFulfill: false },
    });
    const call = (extra: Record<string, unknown> = {}) =>
      client.callTool(
        { name: "two-questions", arguments: {}, ...extra },
        { allowInputRequired: true },
      ) as unknown as Promise<Record<string, never>>;
    const first = await call();
    const keys = Object.keys(first["inputRequests"] ?? {});
    expect(keys).toHaveLength(2);
    const answer = accept({ action: "approve", reason: "yes" });
    const second = await call({
      requestState: first["requestState"],
      inputResponses: { [keys[1]!]: answer },
    });
    expect(Object.keys(second["inputRequests"] ?? {})).toEqual([keys[0]]);
    const last = await call({ requestState: second["requestState"], inputResponses: { [keys[0]!]: answer } });
    expect(last["structuredContent"]).toMatchObject({ both: { ok: true } });
    expect(await runsOf(published.two)).toHaveLength(1);
    // The same answers again decide nothing anew: the run has ended, and that is what is told.
    const again = await call({
      requestState: second["requestState"],
      inputResponses: { [keys[0]!]: answer },
    });
    expect(again["structuredContent"]).toMatchObject({ both: { ok: true } });
    await client.close();
  });

  const MRTR = { capabilities: { elicitation: {} } };
  const called = (args: Record<string, unknown> = {}, who: McpEnd = us) =>
    sendMcp(who, "tools/call", { name: "ask-first", arguments: args }, MRTR);

  test("take no answers without their state, with another call's, changed, or of another caller", async () => {
    const { result } = await called();
    const [key] = Object.keys(result.inputRequests);
    const inputResponses = { [key!]: accept({ action: "approve", reason: "no" }) };
    const repeat = (params: Record<string, unknown>, who: McpEnd = us) =>
      sendMcp(who, "tools/call", { name: "ask-first", arguments: {}, inputResponses, ...params }, MRTR);
    const { requestState } = result;
    expect((await repeat({})).error?.code).toBe(-32602);
    expect((await repeat({ requestState, arguments: { other: 1 } })).error?.code).toBe(-32602);
    expect((await repeat({ requestState, name: "two-questions" })).error?.code).toBe(-32602);
    expect((await repeat({ requestState: `${requestState}x` })).error?.code).toBe(-32602);
    const colleague = { url: api.url, key: (await caller.colleague()).key };
    expect((await repeat({ requestState }, colleague)).error?.code).toBe(-32602);
    const stranger = await api.workspace();
    await publish(stranger, "Ask first", ask);
    expect((await repeat({ requestState }, { url: api.url, key: stranger.key })).error?.code).toBe(-32602);
    const open = await caller.call("GET", "/api/v1/approvals?status=open");
    expect(open.body.items.map((it: { id: string }) => it.id)).toContain(key);
  });

  test("that somebody does not want to answer stay open, and the call ends", async () => {
    const { result } = await called();
    const [key] = Object.keys(result.inputRequests);
    const params = { requestState: result.requestState, inputResponses: { [key!]: { action: "decline" } } };
    const answer = await sendMcp(us, "tools/call", { name: "ask-first", arguments: {}, ...params }, MRTR);
    expect(answer.result.structuredContent).toMatchObject({ status: "waiting", approvals: [{ id: key }] });
  });

  test("are not asked of a key that may not decide", async () => {
    const { result } = await called({}, { url: api.url, key: await caller.keyWith("run") });
    expect(result.structuredContent).toMatchObject({ status: "waiting" });
    expect(result.inputRequests).toBeUndefined();
  });

  test("that are answered with what does not fit are told what is wrong", async () => {
    const { result } = await called();
    const [key] = Object.keys(result.inputRequests);
    const inputResponses = { [key!]: accept({ action: "approve" }) };
    const params = { name: "ask-first", arguments: {}, requestState: result.requestState, inputResponses };
    const answer = await sendMcp(us, "tools/call", params, MRTR);
    expect(answer.result).toMatchObject({ isError: true });
    expect(JSON.stringify(answer.result.content)).toContain("reason");
  });
});

describe("a task", () => {
  const create = async (name: string, args: Record<string, unknown> = {}, headers = {}) =>
    sendMcp(us, "tools/call", { name, arguments: args }, { headers });
  const get = async (taskId: string, who: McpEnd = us) => sendMcp(who, "tasks/get", { taskId });
  const until = (taskId: string, status: string) =>
    eventually(async () => {
      const { result } = await get(taskId);
      expect(isDetailedTaskV2(result)).toBe(true);
      return result.status === status ? result : undefined;
    });

  test("is a run: called, followed and read", async () => {
    const { result } = await create("echo-says-it-again", { topic: "tea" });
    expect(isCreateTaskResultV2(result)).toBe(true);
    expect((await caller.call("GET", `/api/v1/runs/${result.taskId}`)).status).toBe(200);
    expect((await until(result.taskId, "completed")).result).toMatchObject({
      structuredContent: { said: "tea again" },
    });
  });

  test("asks what its approvals ask, several at once, and takes their answers in any order", async () => {
    const { result } = await create("two-questions");
    const { taskId } = result;
    const { inputRequests } = await eventually(async () => {
      const task = (await get(taskId)).result;
      return Object.keys(task.inputRequests ?? {}).length === 2 ? task : undefined;
    });
    const [left, right] = Object.keys(inputRequests);
    const answer = accept({ action: "approve", reason: "yes" });
    const update = (inputResponses: Record<string, unknown>, who: McpEnd = us) =>
      sendMcp(who, "tasks/update", { taskId, inputResponses });
    // Unknown keys are ignored, as the extension says.
    expect((await update({ [randomUUID()]: answer })).result).toBeDefined();
    const stranger = await api.workspace();
    expect((await update({ [left!]: answer }, { url: api.url, key: stranger.key })).error?.code).toBe(-32602);
    expect((await update({ [right!]: accept({ action: "maybe" }) })).error?.message).toContain("maybe");
    expect((await update({ [right!]: answer })).result).toBeDefined();
    expect(Object.keys((await until(taskId, "input_required")).inputRequests)).toEqual([left]);
    expect((await update({ [left!]: answer, [right!]: answer })).result).toBeDefined();
    expect((await until(taskId, "completed")).result.structuredContent).toMatchObject({ both: { ok: true } });
  });

  test("is cancelled, and can be cancelled again", async () => {
    const { taskId } = (await create("ask-first")).result;
    expect((await sendMcp(us, "tasks/cancel", { taskId })).error).toBeUndefined();
    await until(taskId, "cancelled");
    expect((await sendMcp(us, "tasks/cancel", { taskId })).error).toBeUndefined();
  });

  test("that is rejected or fails is completed, with an answer that says so", async () => {
    const { taskId } = (await create("ask-first")).result;
    const { inputRequests } = await until(taskId, "input_required");
    const [key] = Object.keys(inputRequests);
    await sendMcp(us, "tasks/update", { taskId, inputResponses: { [key!]: accept({ action: "reject" }) } });
    expect((await until(taskId, "completed")).result).toMatchObject({ isError: true });
  });

  test("of another workspace, of nobody, or with half an id does not exist", async () => {
    const { taskId } = (await create("ask-first")).result;
    const stranger = await api.workspace();
    for (const [id, who] of [
      [taskId, { url: api.url, key: stranger.key }],
      [randomUUID(), us],
      ["half", us],
    ] as const)
      for (const method of ["tasks/get", "tasks/update", "tasks/cancel"])
        expect((await sendMcp(who, method, { taskId: id })).error).toMatchObject({ code: -32602 });
  });

  test("is for clients that speak of tasks", async () => {
    const { taskId } = (await create("ask-first")).result;
    expect((await sendMcp(us, "tasks/get", { taskId }, { capabilities: {} })).error?.code).toBe(-32021);
    expect((await sendMcp(us, "tasks/result", { taskId })).error?.code).toBe(-32601);
  });

  test("is made once for each Idempotency-Key, in the header or beside the arguments, by the API as well", async () => {
    const key = randomUUID();
    const headers = { "idempotency-key": key };
    const meta = { "cairn/idempotencyKey": key };
    const params = { name: "echo-says-it-again", arguments: { topic: "once" } };
    const [a, b] = await Promise.all([
      sendMcp(us, "tools/call", params, { headers }),
      sendMcp(us, "tools/call", params, { meta }),
    ]);
    expect(b.result.taskId).toBe(a.result.taskId);
    const path = `/api/v1/workflows/${published.echo}/runs`;
    const started = await caller.call("POST", path, { body: { input: { topic: "once" } }, headers });
    expect(started.body.id).toBe(a.result.taskId);
    const other = { ...params, arguments: { topic: "other" } };
    expect((await sendMcp(us, "tools/call", other, { headers })).result).toMatchObject({
      isError: true,
      structuredContent: { code: "idempotency-key-reused" },
    });
  });
});

test("a key beside the arguments holds for every tool, and one that cannot be kept is refused", async () => {
  const meta = { "cairn/idempotencyKey": randomUUID() };
  const params = { name: "start", arguments: { workflow: published.echo, input: { topic: "twice" } } };
  const [a, b] = [
    await sendMcp(us, "tools/call", params, { meta }),
    await sendMcp(us, "tools/call", params, { meta }),
  ];
  expect(a.result.structuredContent).toMatchObject({ runId: expect.any(String) });
  expect(b.result.structuredContent).toMatchObject({ runId: a.result.structuredContent.runId });
  const before = (await runsOf(published.echo)).length;
  const long = { "cairn/idempotencyKey": "k".repeat(300) };
  expect((await sendMcp(us, "tools/call", params, { meta: long })).error).toMatchObject({ code: -32_602 });
  expect(await runsOf(published.echo)).toHaveLength(before);
});

test("a start that is likely to cost much is refused with the estimate, until a person's consent is said", async () => {
  const call = { name: "echo-says-it-again", arguments: { topic: "dear" } };
  const plain = { elicitation: {} };
  await sendMcp(us, "tools/call", call, { capabilities: plain });
  await readRows(
    api.ownerUrl,
    `update agent_sessions set usage = usage || '{"costUsd": 5}' where workflow_id = $1 and status = 'succeeded'`,
    [published.echo],
  );
  await caller.call("PATCH", "/api/v1/limits", { body: { askAboveUsd: 0.1 } });
  expect((await sendMcp(us, "tools/call", call, { capabilities: plain })).result).toMatchObject({
    isError: true,
    structuredContent: { code: "consent-needed", detail: expect.stringContaining("$5.00") as string },
  });
  const meta = { "cairn/consent": true };
  expect((await sendMcp(us, "tools/call", call, { capabilities: plain, meta })).result).toMatchObject({
    structuredContent: { said: "dear again" },
  });
  const start = {
    name: "start",
    arguments: { workflow: published.echo, input: { topic: "dear" }, consent: true },
  };
  expect((await sendMcp(us, "tools/call", start)).result.structuredContent).toMatchObject({
    runId: expect.any(String) as string,
  });
  await caller.call("PATCH", "/api/v1/limits", { body: { askAboveUsd: null } });
});

describe("a key", () => {
  test("shows and does what its scopes say", async () => {
    const reader = await connectMcp({ url: api.url, key: await caller.keyWith("read") }, "modern");
    const names = (await reader.listTools()).tools.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(["list_workflows", "get_run", "run_status"]));
    for (const hidden of ["start", "decide", "cancel_run", "ask-first"]) expect(names).not.toContain(hidden);
    await expect(
      reader.callTool({ name: "start", arguments: { workflow: published.echo } }),
    ).rejects.toMatchObject({ code: -32602 });
    await reader.close();
  });

  test("for one workflow reaches that one, its runs and nothing else, here and by the API", async () => {
    const scopes = ["run", "runs:decide", `workflow:${published.ask}`];
    const made = await caller.call("POST", "/api/v1/api-keys", { body: { name: "One", scopes } });
    expect(made.status).toBe(201);
    const one = { url: api.url, key: made.body.key };
    const client = await connectMcp(one, "modern");
    const names = (await client.listTools()).tools.map(({ name }) => name);
    expect(names).toContain("ask-first");
    for (const hidden of ["echo-says-it-again", "two-questions", "list_workflows"])
      expect(names).not.toContain(hidden);
    await client.close();

    const foreign = (await sendMcp(us, "tools/call", { name: "two-questions", arguments: {} })).result.taskId;
    expect((await sendMcp(one, "tasks/get", { taskId: foreign })).error?.code).toBe(-32602);
    expect((await sendMcp(one, "tasks/cancel", { taskId: foreign })).error?.code).toBe(-32602);
    const own = (await sendMcp(one, "tools/call", { name: "ask-first", arguments: {} })).result.taskId;
    expect((await sendMcp(one, "tasks/get", { taskId: own })).error).toBeUndefined();

    const headers = { authorization: `Bearer ${made.body.key}` };
    const status = async (method: string, path: string, body?: unknown) =>
      (await caller.call(method, path, { headers, ...(body !== undefined && { body }) })).status;
    expect(await status("GET", `/api/v1/runs/${own}`)).toBe(200);
    expect(await status("GET", `/api/v1/runs/${foreign}`)).toBe(404);
    expect(await status("GET", `/api/v1/workflows/${published.ask}`)).toBe(200);
    expect(await status("GET", `/api/v1/workflows/${published.two}`)).toBe(404);
    expect(await status("POST", `/api/v1/workflows/${published.two}/runs`, {})).toBe(404);
    expect(await status("GET", "/api/v1/workflows")).toBe(403);
    expect(await status("GET", "/api/v1/approvals")).toBe(403);
    const open = (await caller.call("GET", `/api/v1/approvals?status=open&family=${foreign}`)).body.items;
    expect(open).toHaveLength(2);
    expect(await status("POST", `/api/v1/approvals/${open[0].id}/decision`, { action: "reject" })).toBe(404);
  });

  test("for a workflow says what it may do there, and names one that there is", async () => {
    const make = (scopes: readonly string[]) =>
      caller.call("POST", "/api/v1/api-keys", { body: { name: "One", scopes } });
    const stranger = await api.workspace();
    const theirs = await publish(stranger, "Theirs", echo);
    expect((await make([`workflow:${published.ask}`])).status).toBe(422);
    expect((await make(["run", `workflow:${theirs}`])).body.errors).toMatchObject([{ path: "/scopes/1" }]);
    expect((await make(["run", "workflow:all"])).status).toBe(422);
  });

  test("that was revoked is refused, and nobody comes in without one or from a page of another site", async () => {
    const made = await caller.call("POST", "/api/v1/api-keys", { body: { name: "Short", scopes: ["run"] } });
    const gone = { url: api.url, key: made.body.key };
    expect((await sendMcp(gone, "tools/list")).status).toBe(200);
    await caller.call("DELETE", `/api/v1/api-keys/${made.body.id}`);
    const refused = await sendMcp(gone, "tools/list");
    expect(refused.status).toBe(401);
    expect((await sendMcp({ ...us, key: "" }, "tools/list")).status).toBe(401);
    const elsewhere = await sendMcp(us, "tools/list", {}, { headers: { origin: "https://evil.example" } });
    expect(elsewhere.status).toBe(403);
    await expect(connectMcp(gone, "legacy")).rejects.toThrow("401");
  });
});

test("a process that dies between the start and the answer loses neither: the run is there, and the same key finds it", async () => {
  const workflow = await publish(
    caller,
    "Long",
    graph("long", { hold: { type: "wait", event: { key: "never" } } }, [
      { from: "start", to: "hold" },
      { from: "hold", to: "end" },
    ]),
  );
  const port = await freePort();
  const server = new Killable(
    ["--conditions=react-server", "tests/support/mcp-process.ts", String(port)],
    {},
  );
  await server.start();
  const there = { url: `http://127.0.0.1:${port}`, key: caller.key };
  const headers = { "idempotency-key": randomUUID() };
  const params = { name: "long", arguments: {} };
  const cut = sendMcp(there, "tools/call", params, { headers, capabilities: {} });
  const [run] = await eventually(async () => {
    const runs = await runsOf(workflow);
    return runs.length > 0 ? runs : undefined;
  });
  await Promise.all([expect(cut).rejects.toThrow("fetch failed"), server.kill()]);
  await server.start();
  expect((await sendMcp(there, "tools/call", params, { headers })).result.taskId).toBe(run?.id);
  expect(await runsOf(workflow)).toHaveLength(1);
  await server.kill();
});

test("a coding agent learns the format, checks a definition, stores, publishes, compares and runs it", async () => {
  const client = await connectMcp(us, "modern");
  const use = async (name: string, args: Record<string, unknown> = {}) =>
    // Each answer is looked at below.
    // oxlint-disable-next-line typescript/no-explicit-any
    (await client.callTool({ name, arguments: args })).structuredContent as any;
  const overview = await use("get_schema");
  expect(overview.steps).toMatchObject({ llm: expect.stringContaining("model") });
  expect(overview.tools).toContain("http_request");
  expect(JSON.stringify(overview).length).toBeLessThan(20_000);
  expect((await use("get_schema", { step: "llm" })).schema.properties).toHaveProperty("prompt");
  expect((await use("get_schema", { kind: "crew" })).schema.properties).toHaveProperty("tasks");
  expect((await use("get_schema", { step: "lm" })).detail).toContain("llm");
  const wrong = {
    ...echo,
    steps: { ...echo.steps, again: { type: "set", values: { said: "{{ stat.note }}" } } },
  };
  const checked = await use("validate", { definition: wrong });
  expect(checked).toMatchObject({ publishable: false, kind: "graph" });
  expect(checked.problems[0].path).toContain("/steps/again");
  expect((await use("validate", { definition: "kind: [" })).problems[0].message).toContain("Line 1");
  expect(await use("validate", { definition: echo })).toMatchObject({ publishable: true, problems: [] });

  const saved = await use("save_workflow", { name: "By an agent", definition: echo });
  expect(await use("publish_workflow", saved)).toMatchObject({ version: 1 });
  const edited = { ...echo, output: { said: "{{ state.note.said }}" } };
  const again = await use("save_workflow", {
    workflow: saved.workflow,
    definition: edited,
    revision: saved.revision,
  });
  expect(
    await use("save_workflow", { workflow: saved.workflow, definition: echo, revision: saved.revision }),
  ).toMatchObject({ code: "draft-changed" });
  expect(await use("diff", { workflow: saved.workflow })).toEqual({
    version: 1,
    changes: [
      {
        kind: "changed",
        path: "/output",
        before: { said: "{{ state.again.said }}" },
        after: { said: "{{ state.note.said }}" },
      },
    ],
  });
  expect(await use("publish_workflow", { workflow: saved.workflow, revision: again.revision })).toMatchObject(
    {
      version: 2,
    },
  );
  expect(await use("start", { workflow: saved.workflow, input: { topic: "tea" }, wait: 20 })).toEqual({
    said: "tea",
  });
  expect((await use("list_workflows")).workflows[0]).toMatchObject({
    name: "By an agent",
    publishedVersion: 2,
  });
  await client.close();
});

test("bodies are bounded as those of other routes are, and other methods are refused with a word", async () => {
  const headers = { authorization: `Bearer ${caller.key}`, "content-type": "application/json" };
  const post = (body: string) => fetch(`${api.url}/api/mcp`, { method: "POST", headers, body });
  expect((await post("{")).status).toBe(400);
  expect((await post("")).status).toBe(400);
  expect((await post("[]")).status).toBe(400);
  expect((await post(JSON.stringify({ padding: "x".repeat(1_000_001) }))).status).toBe(413);
  expect((await post(`${"[".repeat(5_000)}${"]".repeat(5_000)}`)).status).toBe(422);
  for (const method of ["GET", "DELETE"])
    expect((await fetch(`${api.url}/api/mcp`, { method, headers })).status).toBe(405);
});

test("a schema that says little or much of its input does not spoil the list", async () => {
  const other = await api.workspace();
  const end = { url: api.url, key: other.key };
  await publish(other, "Anything", { ...echo, input: undefined, ...tool("Takes anything.") });
  const input = {
    properties: { topic: true, deep: { $ref: "#/$defs/deep" } },
    $defs: { deep: { type: ["string", "null"] } },
  };
  await publish(other, "Odd", { ...echo, input, ...tool("Odd.") });
  await publish(other, "start", { ...echo, ...tool("Has a name that is taken.") });
  for (const era of ["modern", "legacy"] as const) {
    const client = await connectMcp(end, era);
    const names = (await client.listTools()).tools.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(["anything", "odd", "start"]));
    expect(names.filter((name) => /^start-[0-9a-f]{8}$/.test(name))).toHaveLength(1);
    await client.close();
  }
});
