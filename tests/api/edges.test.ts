import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { call, type Caller, openApi, type TestApi } from "#/tests/support/api.ts";
import { routePaths } from "#/tests/support/app-server.ts";
import { echo } from "#/tests/support/definitions.ts";
import { publish } from "#/tests/support/publish.ts";

// What callers send by mistake or on purpose: every answer says what to do, and none is a 5xx.
const session = vi.hoisted((): { person: unknown } => ({ person: undefined }));
vi.mock("#/lib/auth/principal.ts", async (original) => ({
  ...(await original<object>()),
  currentPrincipal: async () => session.person,
}));

let api: TestApi;
let caller: Caller;
beforeAll(async () => {
  api = await openApi();
  caller = await api.workspace();
});
afterEach(() => {
  session.person = undefined;
});
afterAll(() => api.stop());

describe("unknown and repeated query parameters", () => {
  test("are refused with the nearest name, and list nothing", async () => {
    const answer = await caller.call("GET", `/api/v1/runs?workflowId=${randomUUID()}`);
    expect(answer).toMatchObject({
      status: 422,
      body: {
        errors: [
          {
            path: "/query/workflowId",
            suggestion: "workflow",
            message: expect.stringContaining("Known: limit, cursor, "),
          },
        ],
      },
    });
    expect(await caller.call("GET", "/api/v1/runs?statsu=failed")).toMatchObject({
      status: 422,
      body: { errors: [{ suggestion: "status" }] },
    });
    expect(await caller.call("GET", `/api/v1/runs/${randomUUID()}?verbose=1`)).toMatchObject({
      status: 422,
      body: { errors: [{ path: "/query/verbose" }] },
    });
    expect(await caller.call("GET", "/api/v1/runs?status=failed&status=queued")).toMatchObject({
      status: 422,
      body: { errors: [{ path: "/query/status" }] },
    });
  });

  test("in a search filter are refused, and ids in it are one however they are spelled", async () => {
    expect(
      await caller.call("POST", "/api/v1/search", { body: { query: "x", filter: { documentID: "x" } } }),
    ).toMatchObject({ status: 422, body: { errors: [{ path: "/filter/documentID" }] } });
    expect(
      await caller.call("POST", "/api/v1/search", { body: { query: "x", filter: { source: { $ne: "x" } } } }),
    ).toMatchObject({ status: 422, body: { errors: [{ path: "/filter/source" }] } });
  });
});

describe("JSON that nothing behind the door can work with", () => {
  const create = (definition: unknown, name: unknown = `W ${randomUUID()}`) =>
    caller.call("POST", "/api/v1/workflows", { body: { name, definition } });

  test.each([
    ["a NUL in a value", '{"name":"W","definition":{"a":"\\u0000"}}', "/definition/a"],
    ["a NUL in a key", '{"name":"W","definition":{"\\u0000":1}}', "/definition"],
    ["half a surrogate pair in a value", '{"name":"\\ud800","definition":{}}', "/name"],
    ["half a surrogate pair in a key", '{"name":"W","definition":{"x":{"\\udc00":1}}}', "/definition/x"],
    ["a number beyond all numbers", '{"name":"W","definition":{"n":1e999}}', "/definition/n"],
  ])("is refused at its place: %s", async (_what, body, path) => {
    expect(await caller.call("POST", "/api/v1/workflows", { body })).toMatchObject({
      status: 422,
      body: { errors: [{ path }] },
    });
  });

  test("is refused when it is nested 5,000 levels deep, at every door that takes JSON", async () => {
    const deep = `${'{"a":'.repeat(5_000)}1${"}".repeat(5_000)}`;
    const { workflowId } = await publish(caller.tenant, echo);
    const bodies = {
      "/api/v1/workflows": `{"name":"W","definition":${deep}}`,
      [`/api/v1/workflows/${workflowId}/runs`]: `{"input":${deep}}`,
      "/api/v1/events": `{"key":"k","payload":${deep}}`,
    };
    for (const [path, body] of Object.entries(bodies)) {
      expect(await caller.call("POST", path, { body })).toMatchObject({
        status: 422,
        body: { errors: [{ message: expect.stringContaining("nested") }] },
      });
    }
  });

  test("numbers of versions and cursors beyond an integer are refused or find nothing", async () => {
    const { workflowId } = await publish(caller.tenant, echo);
    for (const version of [2 ** 31, 2 ** 53, 1e300]) {
      expect(
        (await caller.call("POST", `/api/v1/workflows/${workflowId}/runs`, { body: { version } })).status,
      ).toBe(422);
      expect(
        (await caller.call("POST", `/api/v1/workflows/${workflowId}/rollback`, { body: { version } })).status,
      ).toBe(422);
    }
    expect((await caller.call("GET", `/api/v1/workflows/${workflowId}/versions/4294967296`)).status).toBe(
      404,
    );
    const run = await caller.call("POST", `/api/v1/workflows/${workflowId}/runs`, {
      body: { input: { topic: "x" } },
    });
    for (const key of ["9".repeat(18), "9".repeat(16), String(2 ** 31)]) {
      const cursor = Buffer.from(`${key}_${randomUUID()}`).toString("base64url");
      for (const path of [
        "/runs",
        `/workflows/${workflowId}/versions`,
        `/runs/${run.body.id}/steps`,
        `/runs/${run.body.id}/checkpoints`,
        "/documents",
        "/api-keys",
      ]) {
        expect([200, 422]).toContain((await caller.call("GET", `/api/v1${path}?cursor=${cursor}`)).status);
      }
    }
  });

  test("still takes what is right", async () => {
    expect((await create({ kind: "direct" }, "Ä 😀")).status).toBe(201);
  });
});

describe("addresses and methods that there are not", () => {
  test("are answered by a problem document", async () => {
    expect(await call(`${api.url}/api/v1/nothing`, "GET")).toMatchObject({
      status: 404,
      body: { code: "not-found" },
    });
    expect(await call(`${api.url}/api/metrics`, "GET")).toMatchObject({
      status: 401,
      body: { code: "unauthenticated" },
    });
    expect(await call(`${api.url}/api/queue/run`, "POST")).toMatchObject({
      status: 401,
      body: { code: "unauthenticated" },
    });
    expect(await call(`${api.url}/api/queue/ensure`, "GET")).toMatchObject({
      status: 401,
      body: { code: "unauthenticated" },
    });
  });

  test("every address refuses every other method, and says which it takes", async () => {
    for (const route of routePaths().filter((path) => !path.includes("..."))) {
      const path = route.replaceAll(/\[\w+\]/g, randomUUID());
      const allow = (await call(api.url + path, "OPTIONS")).headers.get("allow")?.split(", ") ?? [];
      expect({ route, allow }).toMatchObject({ allow: expect.arrayContaining(["OPTIONS"]) });
      for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE"].filter((it) => !allow.includes(it))) {
        const answer = await call(api.url + path, method);
        expect({ route, method, ...answer }).toMatchObject({
          route,
          method,
          status: 405,
          body: { code: "method-not-allowed" },
        });
        expect(answer.headers.get("allow")).toBe(allow.join(", "));
      }
    }
  });
});

describe("requests of other sites", () => {
  const person = () => ({
    kind: "person",
    role: "admin",
    userId: caller.userId,
    workspaceId: caller.workspaceId,
    clerkUserId: "user_1",
    clerkOrgId: "org_1",
    slug: "test",
    toldAt: Date.now(),
  });
  const change = (headers: Record<string, string>) =>
    call(`${api.url}/api/v1/workflows`, "POST", {
      body: { name: `W ${randomUUID()}`, definition: echo },
      headers,
    });

  test("are refused by how the caller was identified, whatever else the request carries", async () => {
    session.person = person();
    const evil = { origin: "https://evil.example" };
    for (const authorization of ["Basic x", "Bearer something", "Bearer eyJ.eyJ.sig"]) {
      expect(await change({ ...evil, authorization })).toMatchObject({
        status: 403,
        body: { code: "cross-origin" },
      });
      expect((await change({ authorization })).status).toBe(403);
    }
  });

  test("are compared with our own address, and not with the host that they name", async () => {
    session.person = person();
    const { port } = new URL(api.url);
    for (const origin of [`http://localhost:${port}`, api.url.replace("http:", "https:"), "null"]) {
      expect(
        (await change({ origin, host: new URL(origin === "null" ? api.url : origin).host })).status,
      ).toBe(403);
    }
    expect((await change({ origin: api.url })).status).toBe(201);
  });

  test("with an API key come from anywhere", async () => {
    expect(
      (await change({ origin: "https://somewhere.example", authorization: `Bearer ${caller.key}` })).status,
    ).toBe(201);
  });
});

test("a key of idempotency means the same workflow however its id is spelled", async () => {
  const { workflowId } = await publish(caller.tenant, echo);
  const headers = { "idempotency-key": "once" };
  const body = { input: { topic: "x" } };
  const first = await caller.call("POST", `/api/v1/workflows/${workflowId}/runs`, { body, headers });
  const second = await caller.call("POST", `/api/v1/workflows/${workflowId.toUpperCase()}/runs`, {
    body,
    headers,
  });
  expect(second).toMatchObject({ status: 202, body: { id: first.body.id } });
  const retried = await caller.call("GET", `/api/v1/runs?workflow=${workflowId.toUpperCase()}`);
  expect(retried.body.items).toHaveLength(1);
});

describe("a key of idempotency", () => {
  test("makes each thing once, however often and at once it is sent", async () => {
    const { workflowId } = await publish(caller.tenant, echo);
    const bodies: Readonly<Record<string, unknown>> = {
      "/workflows": { name: "Once", definition: echo },
      "/schedules": { workflowId, cron: "0 0 1 1 *", input: { topic: "x" } },
      "/webhooks": { workflowId, name: "Once" },
      "/events": { key: "once", payload: { a: 1 } },
      [`/workflows/${workflowId}/runs`]: { input: { topic: "x" } },
    };
    for (const [path, body] of Object.entries(bodies)) {
      const headers = { "idempotency-key": randomUUID() };
      const answers = await Promise.all(
        Array.from({ length: 3 }, () => caller.call("POST", `/api/v1${path}`, { body, headers })),
      );
      expect({
        path,
        ids: new Set(answers.map((answer) => answer.body.id)).size,
        statuses: new Set(answers.map(({ status }) => status)).size,
      }).toEqual({ path, ids: 1, statuses: 1 });
      expect(new Set(answers.map((answer) => answer.body.secret)).size).toBe(1);
    }
  });

  test("is refused with another body, and free again after a refusal", async () => {
    const { workflowId } = await publish(caller.tenant, echo);
    const headers = { "idempotency-key": randomUUID() };
    const start = (body: unknown) =>
      caller.call("POST", `/api/v1/workflows/${workflowId}/runs`, { body, headers });
    expect((await start({ input: {} })).body.code).toBe("invalid-input");
    const first = await start({ input: { topic: "x" } });
    expect(first.status).toBe(202);
    expect(await start({ input: { topic: "y" } })).toMatchObject({
      status: 422,
      body: { code: "idempotency-key-reused" },
    });
    expect(await start({ priority: "normal", input: { topic: "x" } })).toMatchObject({
      status: 202,
      body: { id: first.body.id },
    });
    const other = await publish(caller.tenant, echo);
    expect(
      (
        await caller.call("POST", `/api/v1/workflows/${other.workflowId}/runs`, {
          body: { input: { topic: "y" } },
          headers,
        })
      ).status,
    ).toBe(202);
  });
});
