import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Caller, openApi, type TestApi } from "#/tests/support/api.ts";
import { readRows } from "#/tests/support/owner.ts";

let api: TestApi;
let caller: Caller;
beforeAll(async () => {
  api = await openApi();
  caller = await api.workspace();
});
afterAll(() => api.stop());

const LOOK = { type: "search", query: "q" };
const FETCH = { type: "http", url: "https://example.com" };
const SEND = { type: "http", method: "POST", url: "https://example.com" };
const ASK = { type: "approval", title: "Send it?" };

function row(steps: Readonly<Record<string, object>>, rest: object = {}) {
  const ids = ["start", ...Object.keys(steps), "end"];
  const edges = ids.slice(1).map((to, index) => ({ from: ids[index], to }));
  return { format: "cairn/v1", name: "Row", kind: "graph", steps, edges, ...rest };
}

async function create(definition: object): Promise<string> {
  const body = { name: `Row ${randomUUID()}`, definition };
  const answer = await caller.call("POST", "/api/v1/workflows", { body });
  expect(answer.status).toBe(201);
  return answer.body.id;
}

const publish = (id: string, body: object = {}, key = caller.key) =>
  caller.call("POST", `/api/v1/workflows/${id}/versions`, {
    body,
    headers: { authorization: `Bearer ${key}` },
  });

const ALL_THREE = row({ look: LOOK, fetch: FETCH, send: SEND });
const reason = "Sends to our own server only.";

test("publishing tells the path on which all three meet, and an approval on it is the remedy", async () => {
  const id = await create(ALL_THREE);
  const refused = await publish(id);
  expect(refused.status).toBe(422);
  expect(refused.body).toMatchObject({
    code: "rule-of-two",
    errors: [{ code: "rule-of-two", path: "/steps/send", steps: ["look", "fetch", "send"] }],
  });
  const definition = row({ look: LOOK, fetch: FETCH, ask: ASK, send: SEND });
  await caller.call("PATCH", `/api/v1/workflows/${id}`, { body: { definition } });
  expect((await publish(id)).status).toBe(201);
});

test("workflows that run each other in a circle each do what any of them does", async () => {
  const run = (workflow: string) => ({ type: "workflow", workflow });
  const second = await create(row({ set: { type: "set", values: { value: 1 } } }));
  expect((await publish(second)).status).toBe(201);
  const first = await create(row({ on: run(second), send: SEND }));
  expect((await publish(first)).status).toBe(201);
  await caller.call("PATCH", `/api/v1/workflows/${second}`, {
    body: { definition: row({ back: run(first) }) },
  });
  expect((await publish(second)).status).toBe(201);
  const id = await create(row({ begin: run(first), ask: ASK, look: LOOK, fetch: FETCH, go: run(second) }));
  expect((await publish(id)).body).toMatchObject({
    code: "rule-of-two",
    errors: [{ path: "/steps/go" }],
  });
});

test("checking a definition tells it without publishing", async () => {
  const { body } = await caller.call("POST", "/api/v1/definitions/check", {
    body: { definition: ALL_THREE },
  });
  expect(body).toMatchObject({ publishable: false, problems: [{ code: "rule-of-two" }] });
});

test("only an admin overrides it, with a reason, which is kept with the paths", async () => {
  const id = await create(ALL_THREE);
  const member = await caller.colleague("member");
  expect(await publish(id, { override: { reason } }, member.key)).toMatchObject({
    status: 403,
    body: { code: "forbidden" },
  });
  expect((await publish(id, { override: { reason: "so" } })).status).toBe(422);
  const written = () =>
    readRows(api.ownerUrl, "select actor, detail from audit_log where target_id = $1 and action = $2", [
      id,
      "workflow.rule-of-two-overridden",
    ]);
  expect(await written()).toEqual([]);
  expect((await publish(id, { override: { reason } })).status).toBe(201);
  expect(await written()).toMatchObject([
    {
      actor: { kind: "key" },
      detail: { version: 1, reason, paths: [{ path: "/steps/send", steps: ["look", "fetch", "send"] }] },
    },
  ]);
});

test("the list of versions says which one was published against the rule, why and by whom", async () => {
  const id = await create(row({ look: LOOK }));
  expect((await publish(id)).status).toBe(201);
  await caller.call("PATCH", `/api/v1/workflows/${id}`, { body: { definition: ALL_THREE } });
  expect((await publish(id, { override: { reason } })).body).toMatchObject({
    version: 2,
    overridden: { reason, by: "Test key" },
  });
  const { body } = await caller.call("GET", `/api/v1/workflows/${id}/versions`);
  expect(body.items).toMatchObject([
    { version: 2, overridden: { reason, by: "Test key" } },
    { version: 1, overridden: null },
  ]);
  const other = await create(row({ look: LOOK }));
  expect((await publish(other)).body).toMatchObject({ version: 1, overridden: null });
});

test("an override that nothing needs leaves no line", async () => {
  const id = await create(row({ look: LOOK, send: SEND }));
  expect((await publish(id, { override: { reason } })).status).toBe(201);
  const lines = await readRows(api.ownerUrl, "select action from audit_log where target_id = $1", [id]);
  expect(lines.map(({ action }) => action)).not.toContain("workflow.rule-of-two-overridden");
});

test("what comes by a webhook is content from outside: for what is published, and for whoever publishes then", async () => {
  const steps = { look: LOOK, send: SEND };
  const id = await create(row(steps));
  expect((await publish(id)).status).toBe(201);
  const connect = () => caller.call("POST", "/api/v1/webhooks", { body: { workflowId: id, name: "Orders" } });
  const refused = await connect();
  expect(refused.body).toMatchObject({ code: "rule-of-two", errors: [{ steps: ["look", "send"] }] });
  expect(refused.body.errors[0].message).toContain("its input");
  const write = (definition: object) =>
    caller.call("PATCH", `/api/v1/workflows/${id}`, { body: { definition } });
  await write(row(steps, { input: { type: "object", "x-data": "untrusted" } }));
  expect((await publish(id)).body.code).toBe("rule-of-two");
  expect((await publish(id, { override: { reason } })).status).toBe(201);
  expect((await connect()).status).toBe(201);
  await write(row({ look: LOOK, again: LOOK, send: SEND }));
  expect((await publish(id)).body).toMatchObject({
    code: "rule-of-two",
    errors: [{ steps: ["look", "again", "send"] }],
  });
});

test("a workflow counts by what the workflows that it runs can do, also where they run each other", async () => {
  const names = [`Child ${randomUUID()}`, `Parent ${randomUUID()}`] as const;
  const made = async (name: string, definition: object) => {
    const { body } = await caller.call("POST", "/api/v1/workflows", { body: { name, definition } });
    return String(body.id);
  };
  const child = await made(
    names[0],
    row({ fetch: FETCH, send: SEND, back: { type: "workflow", workflow: names[1] } }),
  );
  expect((await publish(child)).status).toBe(201);
  const parent = await made(names[1], row({ look: LOOK, run: { type: "workflow", workflow: names[0] } }));
  expect((await publish(parent)).body).toMatchObject({
    code: "rule-of-two",
    errors: [{ path: "/steps/run", steps: ["look", "run"] }],
  });
});

test("a fork with an edited definition may let no more meet than the version that it was published as", async () => {
  const id = await create(row({ rest: { type: "wait", for: "1h" } }));
  expect((await publish(id)).status).toBe(201);
  const started = await caller.call("POST", `/api/v1/workflows/${id}/runs`, { body: { input: {} } });
  expect(
    await caller.call("POST", `/api/v1/runs/${started.body.id}/fork`, {
      body: { step: "rest", definition: row({ rest: LOOK, fetch: FETCH, send: SEND }) },
    }),
  ).toMatchObject({
    status: 422,
    body: { code: "invalid-definition", errors: [{ code: "rule-of-two", steps: ["rest", "fetch", "send"] }] },
  });
});
