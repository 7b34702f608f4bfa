import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Caller, openApi, type TestApi } from "#/tests/support/api.ts";

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly authorization: string | undefined;
  readonly body: string;
}

let server: Server;
let origin: string;
let seen: Seen[] = [];
let api: TestApi;
let ours: Caller;
let theirs: Caller;

/** A server that says what it was asked, and answers with the token it was given, as careless ones do. */
function startServer(): Promise<Server> {
  const made = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      const { method = "", url = "", headers } = request;
      seen.push({ method, url, authorization: headers.authorization, body });
      response.setHeader("content-type", "application/json");
      response.statusCode = url.includes("missing") ? 404 : 200;
      response.end(JSON.stringify({ you: headers.authorization ?? "nobody", path: url }));
    });
  });
  return new Promise((resolve) => made.listen(0, "127.0.0.1", () => resolve(made)));
}

beforeAll(async () => {
  server = await startServer();
  const { port } = server.address() as AddressInfo;
  origin = `http://127.0.0.1:${port}`;
  api = await openApi({ variables: { HTTP_ALLOW_HOSTS: `127.0.0.1:${port}` } });
  [ours, theirs] = await Promise.all([api.workspace(), api.workspace()]);
  await ours.call("PUT", "/api/v1/secrets/TOKEN", {
    body: { value: "tk-very-secret", hosts: [`127.0.0.1:${port}`] },
  });
});
beforeEach(() => {
  seen = [];
});
afterAll(async () => {
  await api.stop();
  server.close();
});

const declared = (name: string, rest: object = {}) => ({
  name,
  description: "Finds a user.",
  effect: "read",
  input: {
    type: "object",
    required: ["id"],
    properties: {
      id: { type: "string", maxLength: 20 },
      fields: { type: "array", items: { type: "string" } },
    },
  },
  request: {
    method: "GET",
    url: `${origin}/users/{id}`,
    headers: { authorization: "Bearer {{ secrets.TOKEN }}" },
  },
  ...rest,
});
const create = (tool: object, caller = ours) => caller.call("POST", "/api/v1/tools", { body: tool });
const tryOut = (name: string, input: object) =>
  ours.call("POST", `/api/v1/tools/${name}/try`, { body: { input } });

test("the tools of the product are listed with what they do, and found by words", async () => {
  const { body } = await ours.call("GET", "/api/v1/tools?search=arithmetic");
  expect(body).toMatchObject({
    total: 1,
    items: [{ name: "calculator", origin: "builtin", effect: "read" }],
  });
});

test("a tool that a workspace declares is its own: others neither see it nor can call it", async () => {
  expect(await create(declared("find_user"))).toMatchObject({ status: 201, body: { origin: "http" } });
  expect(await create(declared("find_user"))).toMatchObject({ status: 409, body: { code: "name-taken" } });
  expect(await create(declared("calculator"))).toMatchObject({ status: 409, body: { code: "name-taken" } });
  expect((await theirs.call("GET", "/api/v1/tools/find_user")).status).toBe(404);
  expect((await theirs.call("POST", "/api/v1/tools/find_user/try", { body: { input: {} } })).status).toBe(
    404,
  );
  expect(await create(declared("find_user"), theirs)).toMatchObject({ status: 201 });
});

describe("a call", () => {
  test("sends each argument to its place and the secret to its host, and nobody reads the secret again", async () => {
    await create(declared("lookup"));
    const { body } = await tryOut("lookup", { id: "a/b ü", fields: ["x", "y"] });
    expect(seen).toEqual([
      {
        method: "GET",
        url: "/users/a%2Fb%20%C3%BC?fields=x&fields=y",
        authorization: "Bearer tk-very-secret",
        body: "",
      },
    ]);
    expect(body).toMatchObject({ ok: true, output: { status: 200, body: { you: "Bearer •••TOKEN" } } });
    expect(JSON.stringify(body)).not.toContain("very-secret");
  });

  test.each(["..", ".", ""])("with “%s” for a part of the path sends nothing", async (id) => {
    await create(declared("climb"));
    expect((await tryOut("climb", { id })).body).toMatchObject({ ok: false, code: "tool-input" });
    expect(seen).toEqual([]);
  });

  test("with arguments that do not fit sends nothing, and says what does not fit", async () => {
    await create(declared("strict"));
    expect((await tryOut("strict", {})).body).toMatchObject({
      ok: false,
      code: "tool-input",
      message: expect.stringContaining("/id is missing") as string,
    });
    expect(seen).toEqual([]);
  });

  test("that the server refuses says what it said", async () => {
    await create(declared("refused"));
    expect((await tryOut("refused", { id: "missing" })).body).toMatchObject({ ok: false, code: "http-404" });
  });

  test("writes its arguments as JSON where the method has a body", async () => {
    const request = { method: "POST", url: `${origin}/users/{id}/notes` };
    const input = {
      type: "object",
      properties: {
        id: { type: "string" },
        text: { type: "string" },
        loud: { type: "boolean", default: true },
      },
    };
    await create(declared("add_note", { effect: "write", input, request }));
    await tryOut("add_note", { id: "7", text: "hello" });
    expect(seen[0]).toMatchObject({ url: "/users/7/notes", body: '{"text":"hello","loud":true}' });
  });

  test("of what the workspace denies is refused, whoever asks", async () => {
    await create(declared("denied"));
    await ours.call("PUT", "/api/v1/tools/denied/rules", { body: { policy: "deny" } });
    expect(await tryOut("denied", { id: "1" })).toMatchObject({ status: 403 });
    expect(seen).toEqual([]);
  });
});

test.each([
  [
    "an address whose host is an argument",
    { request: { method: "GET", url: "https://{id}/x" } },
    "/request/url",
  ],
  [
    "an address that names no argument",
    { request: { method: "GET", url: "https://a.test/{who}" } },
    "/request/url",
  ],
  ["arguments without names", { input: { type: "string" } }, "/input/type"],
  [
    "a schema that is none",
    { input: { type: "object", properties: { id: { type: "text" } } } },
    "/input/properties/id/type",
  ],
  [
    "a header that would send what is not the workspace's",
    { request: { method: "GET", url: "https://a.test/{id}", headers: { x: "{{ input.id }}" } } },
    "/request/headers/x",
  ],
])("%s is refused with words at the field", async (_what, rest, path) => {
  const { status, body } = await create(declared("wrong", rest));
  expect(status).toBe(422);
  expect(body.errors).toEqual(expect.arrayContaining([expect.objectContaining({ path })]));
});

describe("a workflow that names a tool", () => {
  const definition = (name: string) => ({
    format: "cairn/v1",
    name,
    kind: "graph",
    steps: { look: { type: "tool", tool: "used", input: { id: "1" } } },
    edges: [
      { from: "start", to: "look" },
      { from: "look", to: "end" },
    ],
  });
  const published = async (caller: Caller, name: string) => {
    const made = await caller.call("POST", "/api/v1/workflows", {
      body: { name, definition: definition(name) },
    });
    return caller.call("POST", `/api/v1/workflows/${made.body.id}/versions`, { body: {} });
  };

  test("can be published where the workspace has the tool, and nowhere else; the tool says where it is used", async () => {
    await create(declared("used"));
    expect(await published(ours, "Uses a tool")).toMatchObject({ status: 201 });
    expect(await published(theirs, "Has no such tool")).toMatchObject({
      status: 422,
      body: { errors: [{ path: "/steps/look/tool" }] },
    });
    expect((await ours.call("GET", "/api/v1/tools/used")).body).toMatchObject({
      usedBy: 1,
      workflows: [{ name: "Uses a tool" }],
    });
  });
});

test("a published workflow that is marked as a tool is one, with its input for arguments", async () => {
  const definition = {
    format: "cairn/v1",
    name: "Double a number",
    kind: "graph",
    tool: { description: "Doubles a number." },
    input: { type: "object", required: ["n"], properties: { n: { type: "integer" } } },
    steps: { one: { type: "set", values: { a: "1" } } },
    edges: [
      { from: "start", to: "one" },
      { from: "one", to: "end" },
    ],
  };
  const body = { name: definition.name, definition };
  const { id } = (await ours.call("POST", "/api/v1/workflows", { body })).body;
  expect((await ours.call("GET", "/api/v1/tools/double-a-number")).status).toBe(404);
  await ours.call("POST", `/api/v1/workflows/${id}/versions`, { body: {} });
  expect((await ours.call("GET", "/api/v1/tools/double-a-number")).body).toMatchObject({
    origin: "workflow",
    description: "Doubles a number.",
    effect: "write",
    input: definition.input,
  });
  expect(await create(declared("double-a-number"))).toMatchObject({
    status: 409,
    body: { code: "name-taken" },
  });
  expect((await tryOut("double-a-number", { n: 1 })).body).toMatchObject({ ok: false, code: "waits" });
});

test("rules and limits are an admin's, and a condition has to be one", async () => {
  await create(declared("ruled"));
  const set = (body: object, key?: string) =>
    ours.call("PUT", "/api/v1/tools/ruled/rules", {
      body,
      ...(key && { headers: { authorization: `Bearer ${key}` } }),
    });
  const limits = { bytes: 1000, perMinute: 5 };
  expect(await set({ policy: { when: "args.id == '1'" }, limits })).toMatchObject({
    status: 200,
    body: { policy: { when: "args.id == '1'" }, ownLimits: limits, limits: { timeoutMs: 60_000, ...limits } },
  });
  expect(await set({ policy: { when: "nobody.id ==" } })).toMatchObject({ status: 422 });
  expect(await set({ policy: { when: "secrets.A == '1'" } })).toMatchObject({
    body: { errors: [{ path: "/policy/when" }] },
  });
  const { key } = await ours.colleague("member");
  expect(await set({ policy: "auto" }, key)).toMatchObject({ status: 403 });
});

test("a declared tool can be changed and deleted; one of the product cannot", async () => {
  await create(declared("mine"));
  const change = { body: { description: "Finds somebody." } };
  expect((await ours.call("PATCH", "/api/v1/tools/mine", change)).body.description).toBe("Finds somebody.");
  expect(await ours.call("PATCH", "/api/v1/tools/calculator", change)).toMatchObject({ status: 409 });
  expect((await ours.call("DELETE", "/api/v1/tools/mine")).status).toBe(204);
  expect((await ours.call("DELETE", "/api/v1/tools/mine")).status).toBe(404);
  expect(await ours.call("DELETE", "/api/v1/tools/calculator")).toMatchObject({ status: 409 });
});

describe("a kept value", () => {
  const place = { namespace: "customers", key: "ada" };
  const tried = async (name: string, input: object) => (await tryOut(name, input)).body.output;

  test("is there for the runs of its workspace, and for no other", async () => {
    expect(await tried("store_get", place)).toBeNull();
    expect(await tried("store_put", { ...place, value: { orders: 1 } })).toEqual({
      stored: true,
      revision: 1,
    });
    expect(await tried("store_get", place)).toEqual({ key: "ada", value: { orders: 1 }, revision: 1 });
    const elsewhere = await theirs.call("POST", "/api/v1/tools/store_get/try", { body: { input: place } });
    expect(elsewhere.body.output).toBeNull();
  });

  test("is replaced only where it is what the writer has read", async () => {
    const counter = { ...place, key: "counter" };
    await tried("store_put", { ...counter, value: 1, revision: 0 });
    const writes = await Promise.all(
      [2, 3, 4].map((value) => tried("store_put", { ...counter, value, revision: 1 })),
    );
    expect(writes.filter(({ stored }) => stored === true)).toHaveLength(1);
    expect(await tried("store_get", counter)).toMatchObject({ revision: 2 });
  });

  test("is gone when its time is over, and is listed by its key until it is deleted", async () => {
    await tried("store_put", { namespace: "short", key: "a/1", value: 1, ttlSeconds: 1 });
    await tried("store_put", { namespace: "short", key: "a/2", value: 2 });
    await new Promise((resolve) => setTimeout(resolve, 1100));
    expect(await tried("store_list", { namespace: "short", prefix: "a/" })).toEqual({
      entries: [{ key: "a/2", value: 2, revision: 1 }],
    });
    expect(await tried("store_delete", { namespace: "short", key: "a/2" })).toEqual({ deleted: true });
    expect(await tried("store_list", { namespace: "short" })).toEqual({ entries: [] });
  });
});
