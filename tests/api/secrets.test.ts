import { readFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import type { Person } from "#/lib/auth/principal.ts";
import { call, type Caller, openApi, type TestApi } from "#/tests/support/api.ts";
import { readRows } from "#/tests/support/owner.ts";
import { publish } from "#/tests/support/publish.ts";

const session = vi.hoisted((): { person: unknown } => ({ person: undefined }));
vi.mock("#/lib/auth/principal.ts", async (original) => ({
  ...(await original<object>()),
  currentPrincipal: async () => session.person,
}));

let api: TestApi;
let ours: Caller;
let theirs: Caller;
beforeAll(async () => {
  api = await openApi();
  [ours, theirs] = await Promise.all([api.workspace(), api.workspace()]);
});
afterEach(() => {
  session.person = undefined;
});
afterAll(() => api.stop());

const put = (caller: Caller, name: string, value: unknown, hosts: unknown = ["api.test"]) =>
  caller.call("PUT", `/api/v1/secrets/${name}`, { body: { value, hosts } });
const bind = (caller: Caller, name: string, hosts: unknown) =>
  caller.call("PATCH", `/api/v1/secrets/${name}`, { body: { hosts } });
const stored = () =>
  readRows(api.ownerUrl, "select name, value_sealed from secrets where workspace_id = $1 order by name", [
    ours.workspaceId,
  ]);

test("a secret is set, listed without its value, replaced and deleted", async () => {
  expect(await put(ours, "STRIPE_KEY", "sk_live_first")).toMatchObject({
    status: 200,
    body: { name: "STRIPE_KEY", lastUsedAt: null },
  });
  const [before] = await stored();
  const replaced = await put(ours, "STRIPE_KEY", "sk_live_second");
  expect(replaced.body.updatedAt > replaced.body.createdAt).toBe(true);
  await put(ours, "A_KEY", "sk_live_third");
  const list = await ours.call("GET", "/api/v1/secrets");
  expect(list).toMatchObject({ status: 200, body: { items: [{ name: "A_KEY" }, { name: "STRIPE_KEY" }] } });
  for (const answer of [replaced, list]) expect(JSON.stringify(answer.body)).not.toContain("sk_live");
  const after = await stored();
  expect(JSON.stringify([before, after])).not.toContain("sk_live");
  expect(after[1]?.["value_sealed"]).not.toBe(before?.["value_sealed"]);
  expect((await ours.call("DELETE", "/api/v1/secrets/A_KEY")).status).toBe(204);
  expect(await ours.call("DELETE", "/api/v1/secrets/A_KEY")).toMatchObject({
    status: 404,
    body: { code: "not-found" },
  });
  expect((await ours.call("GET", "/api/v1/secrets")).body.items).toHaveLength(1);
});

test("what is set can be used, is noted as used, and opens in its own place only", async () => {
  const { secretsForUse } = await import("#/operations/secrets/seal.ts");
  await put(ours, "USED", "the value");
  const [secret, ...others] = await secretsForUse(ours.tenant, ["USED", "NOBODY"]);
  expect([secret?.name, secret?.open(), others]).toEqual(["USED", "the value", []]);
  expect(
    (await ours.call("GET", "/api/v1/secrets")).body.items.find((it: { name: string }) => it.name === "USED")
      .lastUsedAt,
  ).not.toBeNull();
  await put(ours, "OTHER", "another value");
  await readRows(
    api.ownerUrl,
    "update secrets set value_sealed = (select s.value_sealed from secrets s where s.name = 'USED' and s.workspace_id = $1) where name = 'OTHER' and workspace_id = $1",
    [ours.workspaceId],
  );
  const [moved] = await secretsForUse(ours.tenant, ["OTHER"]);
  expect(() => moved?.open()).toThrow("cannot be opened");
});

test("a change is in the audit log, by name and without the value", async () => {
  await put(ours, "AUDITED", "sk_live_audited");
  await ours.call("DELETE", "/api/v1/secrets/AUDITED");
  const rows = await readRows(
    api.ownerUrl,
    "select action, target, target_id, audit_log::text as row from audit_log where workspace_id = $1 and target_id = 'AUDITED' order by id",
    [ours.workspaceId],
  );
  expect(rows.map(({ action, target }) => `${String(target)} ${String(action)}`).toSorted()).toEqual([
    "secret secret.deleted",
    "secret secret.set",
  ]);
  expect(JSON.stringify(rows)).not.toContain("sk_live");
});

test.each([
  ["GOOD", "", 422],
  ["GOOD", 5, 422],
  ["GOOD", "x".repeat(16_385), 422],
  ["1BAD", "value", 404],
  ["BAD-NAME", "value", 404],
  ["x".repeat(65), "value", 404],
])("the name %s with the value %j is refused", async (name, value, status) => {
  expect((await put(ours, name, value)).status).toBe(status);
});

test("a new secret says where it may be sent, and a new value of an old one does not change that", async () => {
  const unsaid = await ours.call("PUT", "/api/v1/secrets/BOUND", { body: { value: "v" } });
  expect(unsaid).toMatchObject({
    status: 422,
    body: { errors: [{ path: "/hosts", message: expect.stringContaining("missing") as string }] },
  });
  expect(
    (await put(ours, "BOUND", "v", ["API.Example.com", "*.example.org", "localhost:8080"])).body.hosts,
  ).toEqual(["api.example.com", "*.example.org", "localhost:8080"]);
  expect((await ours.call("PUT", "/api/v1/secrets/BOUND", { body: { value: "w" } })).body.hosts).toEqual([
    "api.example.com",
    "*.example.org",
    "localhost:8080",
  ]);
  expect(await bind(ours, "BOUND", ["one.test"])).toMatchObject({
    status: 200,
    body: { name: "BOUND", hosts: ["one.test"] },
  });
  expect((await bind(ours, "NOBODY", ["one.test"])).status).toBe(404);
  expect((await bind(theirs, "BOUND", ["one.test"])).status).toBe(404);
  for (const bad of [
    [],
    ["https://api.test"],
    ["api.test/path"],
    ["*"],
    ["*.com"],
    ["a..b"],
    ["user@api.test"],
    ["api.test:"],
    Array.from({ length: 51 }, (_, n) => `h${n}.test`),
  ]) {
    expect((await bind(ours, "BOUND", bad)).status).toBe(422);
  }
});

test("secrets from before go where the published versions send them, and nowhere else", async () => {
  const { workflowId } = await publish(ours.tenant, {
    format: "cairn/v1",
    name: "sends",
    kind: "graph",
    steps: {
      one: {
        type: "http",
        url: "https://API.old.test/{{ input.x }}",
        headers: { "x-key": "{{ secrets.OLD }}" },
      },
      each: {
        type: "map",
        items: "{{ [1] }}",
        do: { type: "http", url: "https://inner.test:8443", headers: { "x-key": "{{ secrets.OLD }}" } },
      },
      any: { type: "http", url: "https://{{ input.host }}/", headers: { "x-key": "{{ secrets.ANYWHERE }}" } },
    },
    edges: [
      { from: "start", to: "one" },
      { from: "one", to: "each" },
      { from: "each", to: "any" },
      { from: "any", to: "end" },
    ],
  });
  expect(workflowId).toBeDefined();
  for (const name of ["OLD", "ANYWHERE", "OLDER"]) await put(ours, name, "v");
  const migration = (direction: string) =>
    readRows(api.ownerUrl, readFileSync(`migrations/0026_secret_hosts.${direction}.sql`, "utf8"));
  await migration("down");
  await migration("up");
  const list = (await ours.call("GET", "/api/v1/secrets")).body.items as { name: string; hosts: unknown }[];
  expect(Object.fromEntries(list.map(({ name, hosts }) => [name, hosts]))).toMatchObject({
    OLD: ["api.old.test", "inner.test:8443"],
    ANYWHERE: null,
    OLDER: null,
  });
});

test("another workspace's secrets are neither seen nor touched", async () => {
  await put(theirs, "SHARED_NAME", "theirs");
  expect(
    (await ours.call("GET", "/api/v1/secrets")).body.items.map((it: { name: string }) => it.name),
  ).not.toContain("SHARED_NAME");
  expect((await ours.call("DELETE", "/api/v1/secrets/SHARED_NAME")).status).toBe(404);
  await put(ours, "SHARED_NAME", "ours");
  const { secretsForUse } = await import("#/operations/secrets/seal.ts");
  expect((await secretsForUse(theirs.tenant, ["SHARED_NAME"]))[0]?.open()).toBe("theirs");
});

test("only admins may", async () => {
  const person: Person = {
    kind: "person",
    role: "member",
    userId: ours.userId,
    workspaceId: ours.workspaceId,
    clerkUserId: "user_1",
    clerkOrgId: "org_1",
    slug: "test",
    toldAt: Date.now(),
  };
  session.person = person;
  const asMember = (method: string, path: string) =>
    call(api.url + path, method, {
      headers: { origin: api.url },
      ...(method === "PUT" && { body: { value: "x", hosts: ["api.test"] } }),
    });
  expect(await asMember("GET", "/api/v1/secrets")).toMatchObject({
    status: 403,
    body: { detail: expect.stringContaining("admin") as string },
  });
  expect((await asMember("PUT", "/api/v1/secrets/X")).status).toBe(403);
  expect((await asMember("DELETE", "/api/v1/secrets/X")).status).toBe(403);
  session.person = { ...person, role: "admin" };
  expect((await asMember("PUT", "/api/v1/secrets/X")).status).toBe(200);
  const writer = { authorization: `Bearer ${await ours.keyWith("write")}` };
  expect((await ours.call("GET", "/api/v1/secrets", { headers: writer })).status).toBe(403);
});

test("a workflow that names a secret which is not set says so, and can be published", async () => {
  const http = (text: string) => ({ type: "http", url: "https://api.test", headers: { "x-key": text } });
  await put(ours, "STRIPE_KEY", "sk_live_again");
  const steps = {
    one: http("{{ secrets.STRIPE_KEY }}"),
    each: { type: "map", items: "{{ [1] }}", do: http("{{ secrets.LATER }}") },
  };
  const definition = {
    format: "cairn/v1",
    name: "W",
    kind: "graph",
    steps,
    edges: [
      { from: "start", to: "one" },
      { from: "one", to: "each" },
      { from: "each", to: "end" },
    ],
  };
  const { body } = await ours.call("POST", "/api/v1/workflows", { body: { name: "W", definition } });
  expect(body).toMatchObject({
    problems: [],
    warnings: [{ path: "/steps/each/do/headers/x-key", message: expect.stringContaining("LATER") as string }],
  });
  expect((await ours.call("POST", `/api/v1/workflows/${body.id}/versions`)).status).toBe(201);
  await put(ours, "LATER", "now", ["other.test"]);
  expect((await ours.call("GET", `/api/v1/workflows/${body.id}`)).body.warnings).toMatchObject([
    { path: "/steps/each/do/headers/x-key", message: expect.stringContaining("other.test") as string },
  ]);
  await bind(ours, "LATER", ["other.test", "api.test"]);
  expect((await ours.call("GET", `/api/v1/workflows/${body.id}`)).body.warnings).toEqual([]);
});
