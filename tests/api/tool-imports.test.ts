import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Caller, openApi, type TestApi } from "#/tests/support/api.ts";

let api: TestApi;
let ours: Caller;
beforeAll(async () => {
  api = await openApi();
  ours = await api.workspace();
});
afterAll(() => api.stop());

const document = {
  openapi: "3.0.3",
  servers: [{ url: "https://api.example.com/v1" }],
  paths: {
    "/users/{id}": {
      parameters: [{ $ref: "#/components/parameters/Id" }],
      get: {
        operationId: "getUser",
        summary: "Reads a user.",
        parameters: [{ name: "Authorization", in: "header" }],
      },
      put: {
        operationId: "put user!",
        requestBody: {
          required: true,
          content: { "application/json": { schema: { $ref: "#/components/schemas/User" } } },
        },
      },
    },
    "/lost": { get: { operationId: "lost", parameters: [{ $ref: "#/components/parameters/Nobody" }] } },
    "/outside": {
      post: {
        operationId: "outside",
        requestBody: { content: { "application/json": { schema: { $ref: "https://evil.test/x" } } } },
      },
    },
  },
  components: {
    parameters: { Id: { name: "id", in: "path", required: true, schema: { type: "string" } } },
    schemas: {
      User: {
        type: "object",
        properties: {
          name: { type: "string" },
          friends: { type: "array", items: { $ref: "#/components/schemas/User" } },
        },
      },
    },
  },
};
const connect = (workspace: Caller, name: string) =>
  workspace.call("POST", "/api/v1/connections", {
    body: { name, kind: "http", fields: { url: "https://api.example.com", token: "t" } },
  });
const send = (body: object) => ours.call("POST", "/api/v1/tool-imports", { body });
const text = JSON.stringify(document);

test("a document says which tools it can be, and what cannot be one and why", async () => {
  const { status, body } = await send({ document: text, prefix: "crm" });
  expect(status).toBe(200);
  expect(body).toMatchObject({
    tools: [
      { name: "crm__getUser", description: "Reads a user.", effect: "read" },
      { name: "crm__put_user", effect: "write" },
    ],
    leftOut: [
      { operation: "GET /lost", message: expect.stringContaining("leads nowhere") as string },
      { operation: "POST /outside", message: expect.stringContaining("out of the document") as string },
    ],
    created: [],
  });
  expect((await ours.call("GET", "/api/v1/tools/crm__getUser")).status).toBe(404);
});

test("the chosen operations become tools, once, with their arguments in their places", async () => {
  await connect(ours, "crm");
  const asked = {
    document: text,
    prefix: "api",
    operations: ["api__put_user"],
    connection: "crm",
  };
  expect((await send(asked)).body).toMatchObject({ created: ["api__put_user"], taken: [] });
  expect((await send(asked)).body).toMatchObject({ created: [], taken: ["api__put_user"] });
  expect((await ours.call("GET", "/api/v1/tools/api__put_user")).body).toMatchObject({
    origin: "openapi",
    effect: "write",
    input: {
      required: ["id", "body"],
      properties: {
        id: { type: "string" },
        // What refers to itself is cut where it begins anew.
        body: { properties: { name: { type: "string" }, friends: { type: "array", items: {} } } },
      },
    },
    request: {
      method: "PUT",
      url: "https://api.example.com/v1/users/{id}",
      places: { id: "path", body: "content" },
      connection: "crm",
    },
  });
});

test("a choice of what the document cannot be is refused where it stands, and nothing of it is made", async () => {
  const other = await api.workspace();
  await connect(other, "crm");
  const operations = ["api__put_user", "put_user", "api__put_usr"];
  const body = { document: text, prefix: "api", operations, connection: "crm" };
  const answer = await other.call("POST", "/api/v1/tool-imports", { body });
  expect(answer.status).toBe(422);
  expect(answer.body.errors).toMatchObject([
    { path: "/operations/1", message: expect.stringContaining("“put_user”") as string },
    { path: "/operations/2", suggestion: "api__put_user" },
  ]);
  expect((await other.call("GET", "/api/v1/tools/api__put_user")).status).toBe(404);
});

test("a connection that the workspace has not is refused at its field, with the nearest that it has", async () => {
  const other = await api.workspace();
  await connect(other, "customers");
  const body = { document: text, prefix: "api", connection: "custmers" };
  expect(await other.call("POST", "/api/v1/tool-imports", { body })).toMatchObject({
    status: 422,
    body: { errors: [{ path: "/connection", suggestion: "customers" }] },
  });
});

test("a document that is read again says what is new, what has changed and what is gone, and nothing of it is taken unasked", async () => {
  const { get, put } = document.paths["/users/{id}"];
  const versioned = (paths: object) => JSON.stringify({ ...document, paths });
  const shared = { parameters: document.paths["/users/{id}"].parameters };
  const first = { "/users/{id}": { ...shared, get, put }, "/ping": { get: { operationId: "ping" } } };
  const names = ["re__getUser", "re__put_user", "re__ping"];
  const made = await send({ document: versioned(first), prefix: "re", operations: names });
  expect(made.body).toMatchObject({ created: names, updated: [], removed: [] });

  const later = versioned({
    "/users/{id}": { ...shared, get: { ...get, summary: "Reads a user, and tells evil.test." }, put },
    "/pong": { get: { operationId: "pong" } },
  });
  const look = await send({ document: later, prefix: "re" });
  expect(look.body).toMatchObject({
    tools: [
      {
        name: "re__getUser",
        state: "changed",
        changes: [
          { part: "description", before: "Reads a user.", now: "Reads a user, and tells evil.test." },
        ],
      },
      { name: "re__put_user", state: "same", changes: [] },
      { name: "re__pong", state: "new" },
    ],
    missing: ["re__ping"],
    created: [],
    updated: [],
    removed: [],
  });
  expect((await ours.call("GET", "/api/v1/tools/re__getUser")).body.description).toBe("Reads a user.");

  const taken = await send({
    document: later,
    prefix: "re",
    operations: ["re__getUser", "re__put_user"],
    // Only what the document has no more can go this way.
    remove: ["re__ping", "re__put_user", "calculator"],
  });
  expect(taken.body).toMatchObject({
    created: [],
    updated: ["re__getUser"],
    removed: ["re__ping"],
    taken: ["re__put_user"],
  });
  expect((await ours.call("GET", "/api/v1/tools/re__getUser")).body.description).toContain("evil.test");
  expect((await ours.call("GET", "/api/v1/tools/re__ping")).status).toBe(404);
  expect((await ours.call("GET", "/api/v1/tools/re__put_user")).status).toBe(200);
});

test("a tool from elsewhere keeps its name", async () => {
  await ours.call("POST", "/api/v1/tools", {
    body: {
      name: "own__getUser",
      description: "Ours.",
      effect: "read",
      request: { method: "GET", url: "https://ours.test/" },
    },
  });
  const { body } = await send({ document: text, prefix: "own", operations: ["own__getUser"] });
  expect(body).toMatchObject({
    tools: [{ state: "taken" }, { state: "new" }],
    created: [],
    taken: ["own__getUser"],
  });
});

test("YAML is read as well", async () => {
  const yaml =
    "openapi: 3.1.0\nservers: [{url: https://a.test}]\npaths:\n  /ping:\n    get: {operationId: ping}\n";
  expect((await send({ document: yaml, prefix: "y" })).body.tools).toEqual([
    { name: "y__ping", description: "GET /ping", effect: "read", state: "new", changes: [] },
  ]);
});

describe("a document that cannot be read is refused with words at the field", () => {
  test.each([
    ["no OpenAPI", '{"a": 1}', "no document of OpenAPI"],
    ["not even a text of that kind", "][", "cannot be read: "],
    ["Swagger 2.0", '{"swagger": "2.0", "paths": {}}', "Swagger 2.0"],
    [
      "nested without end",
      `{"openapi": "3.1.0", "paths": ${'{"a":'.repeat(5000)}1${"}".repeat(5001)}`,
      "levels deep",
    ],
    [
      "aliases of aliases",
      `a: &a [1,2]\nb: &b [*a,*a]\n${"c: [*b,*b]\n".repeat(1)}openapi: 3.1.0`,
      "no document",
    ],
  ])("%s", async (_what, given, message) => {
    const { status, body } = await send({ document: given, prefix: "x" });
    expect(status).toBe(422);
    expect(body.errors).toEqual([{ path: "/document", message: expect.stringContaining(message) as string }]);
  });

  test("a server that is not named by a whole address", async () => {
    const { body } = await send({
      document: JSON.stringify({ ...document, servers: [{ url: "/v1" }] }),
      prefix: "x",
    });
    expect(body.errors).toMatchObject([{ path: "/baseUrl" }]);
  });
});

test("thousands of references to references end in bounded time", async () => {
  const schemas = Object.fromEntries(
    Array.from({ length: 30 }, (_, n) => {
      const next = { $ref: `#/components/schemas/S${n + 1}` };
      return [`S${n}`, n === 29 ? { type: "string" } : { type: "object", properties: { a: next, b: next } }];
    }),
  );
  const paths = {
    "/big": {
      post: {
        operationId: "big",
        requestBody: { content: { "application/json": { schema: { $ref: "#/components/schemas/S0" } } } },
      },
    },
  };
  const startedAt = performance.now();
  const { status } = await send({
    document: JSON.stringify({ ...document, paths, components: { schemas } }),
    prefix: "b",
  });
  expect(status).toBe(200);
  expect(performance.now() - startedAt).toBeLessThan(30_000);
});
