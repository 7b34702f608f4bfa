import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import type { NamedContract } from "#/operations/contracts.ts";
import type { Person } from "#/lib/auth/principal.ts";
import { call, type Caller, openApi, type TestApi } from "#/tests/support/api.ts";
import { echo } from "#/tests/support/definitions.ts";
import { readRows } from "#/tests/support/owner.ts";
import { eventually } from "#/tests/support/eventually.ts";
import { fillWorkspace } from "#/tests/support/filled-workspace.ts";

const session = vi.hoisted((): { person: unknown } => ({ person: undefined }));
vi.mock("#/lib/auth/principal.ts", async (original) => ({
  ...(await original<object>()),
  currentPrincipal: async () => session.person,
}));

let api: TestApi;
let ours: Caller;
let theirs: Caller;
let contracts: readonly NamedContract[];
beforeAll(async () => {
  api = await openApi();
  [ours, theirs] = await Promise.all([api.workspace(), api.workspace()]);
  contracts = (await import("#/operations/contracts.ts")).CONTRACTS.filter(({ contract }) =>
    contract.path.startsWith("/api/v1/"),
  );
});
afterEach(() => {
  session.person = undefined;
});
afterAll(() => api.stop());

const makePerson = (caller: Caller, role: Person["role"] = "admin"): Person => ({
  kind: "person",
  role,
  userId: caller.userId,
  workspaceId: caller.workspaceId,
  clerkUserId: "user_1",
  clerkOrgId: "org_1",
  slug: "test",
  toldAt: Date.now(),
});
/** A body that fits any of the contracts, so that only the address is wrong. */
const BODIES: Record<string, unknown> = {
  forkRun: { step: "s" },
  startRuns: { inputs: [{}] },
  decideApproval: { action: "approve" },
  rollback: { version: 1 },
  updateWorkflow: { name: "Stolen" },
  updateWebhook: { name: "Stolen" },
  updateSchedule: { enabled: false },
  updateConnection: { name: "stolen" },
  updateMemory: { text: "stolen" },
  changeMcpTools: { tools: [{ name: "t", isChosen: true }] },
};

describe("strangers", () => {
  test("are refused on every route, before their body is read", async () => {
    for (const { name, contract } of contracts) {
      const path = contract.path.replaceAll(/\{\w+\}/g, randomUUID());
      const answer = await call(
        api.url + path,
        contract.method,
        contract.method === "GET" ? {} : { body: "{" },
      );
      expect({ name, ...answer }).toMatchObject({ name, status: 401, body: { code: "unauthenticated" } });
      expect(answer.headers.get("www-authenticate")).toContain("Bearer");
    }
  });

  test.each([
    ["a key nobody made", `Bearer cairn_${"x".repeat(43)}`],
    ["half a key", "Bearer cairn_abc"],
    ["another scheme", "Basic Y2Fpcm46Y2Fpcm4="],
  ])("with %s are refused", async (_what, authorization) => {
    expect((await call(`${api.url}/api/v1/me`, "GET", { headers: { authorization } })).status).toBe(401);
  });
});

describe("API keys", () => {
  test("are shown once, work, note their use, and stop when they are revoked", async () => {
    const made = await ours.call("POST", "/api/v1/api-keys", { body: { name: "CI", scopes: ["read"] } });
    expect(made).toMatchObject({
      status: 201,
      body: {
        name: "CI",
        scopes: ["read"],
        workspaceId: ours.workspaceId,
        lastUsedAt: null,
        revokedAt: null,
      },
    });
    const { key, id, prefix } = made.body;
    expect(key).toMatch(/^cairn_/);
    expect(key.startsWith(prefix)).toBe(true);
    const headers = { authorization: `Bearer ${key}` };
    expect(await call(`${api.url}/api/v1/me`, "GET", { headers })).toMatchObject({
      status: 200,
      body: { kind: "key", id, name: "CI", role: null, workspace: { id: ours.workspaceId } },
    });
    const list = await ours.call("GET", "/api/v1/api-keys");
    const listed = list.body.items.find((it: { id: string }) => it.id === id);
    expect(listed.lastUsedAt).not.toBeNull();
    expect(JSON.stringify(list.body)).not.toContain(key);
    expect((await ours.call("DELETE", `/api/v1/api-keys/${id}`)).status).toBe(204);
    expect((await call(`${api.url}/api/v1/me`, "GET", { headers })).status).toBe(401);
  });

  test("asked for twice under an Idempotency-Key are made once, and shown again", async () => {
    const make = (name: string) =>
      ours.call("POST", "/api/v1/api-keys", {
        body: { name, scopes: ["read"] },
        headers: { "idempotency-key": "one key" },
      });
    const [first, second] = await Promise.all([make("Once"), make("Once")]);
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.body).toEqual(first.body);
    const headers = { authorization: `Bearer ${first.body.key}` };
    expect((await call(`${api.url}/api/v1/me`, "GET", { headers })).status).toBe(200);
    const { body } = await ours.call("GET", "/api/v1/api-keys");
    expect(body.items.filter((it: { name: string }) => it.name === "Once")).toHaveLength(1);
    expect(await make("Another")).toMatchObject({ status: 422, body: { code: "idempotency-key-reused" } });
    expect(
      (await ours.call("POST", "/api/v1/api-keys", { body: { name: "Once", scopes: ["read"] } })).body.key,
    ).not.toBe(first.body.key);
  });

  test("may do what their scopes say and nothing else", async () => {
    const read = { authorization: `Bearer ${await ours.keyWith("read")}` };
    const one = { authorization: `Bearer ${await ours.keyWith("workflows:write")}` };
    const create = { body: { name: "W", definition: echo } };
    expect((await ours.call("GET", "/api/v1/runs", { headers: read })).status).toBe(200);
    expect(await ours.call("POST", "/api/v1/workflows", { ...create, headers: read })).toMatchObject({
      status: 403,
      body: { code: "forbidden", detail: expect.stringContaining("workflows:write") },
    });
    expect((await ours.call("POST", "/api/v1/workflows", { ...create, headers: one })).status).toBe(201);
    expect((await ours.call("GET", "/api/v1/workflows", { headers: one })).status).toBe(403);
    expect(
      (await ours.call("POST", "/api/v1/api-keys", { body: { name: "x", scopes: ["root"] } })).status,
    ).toBe(422);
  });
});

describe("keys and the people who made them", () => {
  const as = (key: string) => ({ headers: { authorization: `Bearer ${key}` } });

  test("a key may never do more than its maker, and stops when they leave", async () => {
    const caller = await api.workspace();
    const member = await caller.colleague("member");
    expect((await caller.call("GET", "/api/v1/runs", as(member.key))).status).toBe(200);
    expect((await caller.call("GET", "/api/v1/api-keys", as(member.key))).status).toBe(403);
    expect((await caller.call("GET", "/api/v1/me", as(member.key))).body.permissions).not.toContain(
      "keys:write",
    );
    await readRows(api.ownerUrl, "delete from members where user_id = $1", [member.userId]);
    const { knownKeys } = await import("#/operations/api-keys/known.ts");
    const { body } = await caller.call("GET", "/api/v1/api-keys");
    for (const { id } of body.items) await knownKeys.forget(id);
    expect((await caller.call("GET", "/api/v1/runs", as(member.key))).status).toBe(401);
  });

  test("a key makes no key that may do more than itself", async () => {
    const narrow = await ours.keyWith("keys:write", "runs:read");
    const make = (scopes: string[]) =>
      ours.call("POST", "/api/v1/api-keys", { body: { name: "K", scopes }, ...as(narrow) });
    expect(await make(["runs:read", "admin"])).toMatchObject({
      status: 403,
      body: { errors: [{ path: "/scopes/1" }] },
    });
    const made = await make(["runs:read"]);
    expect(made.status).toBe(201);
    expect((await ours.call("GET", "/api/v1/runs", as(made.body.key))).status).toBe(200);
  });

  test("verbs of admins ask the members table, whatever a token or a remembered key says", async () => {
    const caller = await api.workspace();
    const admin = await caller.colleague("admin");
    expect((await caller.call("GET", "/api/v1/secrets", as(admin.key))).status).toBe(200);
    await readRows(api.ownerUrl, "update members set role = 'member' where user_id = $1", [admin.userId]);
    expect((await caller.call("GET", "/api/v1/secrets", as(admin.key))).status).toBe(403);
    session.person = { ...makePerson(caller), userId: admin.userId };
    const { database } = await import("#/db/client.ts");
    expect((await call(`${api.url}/api/v1/secrets`, "GET")).status).toBe(403);
    await database().system.transaction(
      async (trx) => void (await trx.deleteFrom("members").where("user_id", "=", admin.userId).execute()),
    );
    expect(
      (
        await call(`${api.url}/api/v1/workflows`, "POST", {
          body: { name: "W", definition: echo },
          headers: { origin: api.url },
        })
      ).status,
    ).toBe(403);
  });

  test("a session whose organization is gone changes nothing, and is told so", async () => {
    const caller = await api.workspace();
    session.person = makePerson(caller);
    expect((await call(`${api.url}/api/v1/me`, "GET")).status).toBe(200);
    await api.db.system.transaction(
      async (trx) => void (await trx.deleteFrom("workspaces").where("id", "=", caller.workspaceId).execute()),
    );
    for (const { contract } of contracts.filter(
      (it) => it.contract.method !== "GET" && !it.contract.path.includes("{"),
    )) {
      expect(
        (
          await call(api.url + contract.path, contract.method, {
            body: { name: "W", definition: echo },
            headers: { origin: api.url },
          })
        ).status,
      ).toBe(403);
    }
  });
});

describe("people", () => {
  test("act in the workspace of their session", async () => {
    session.person = makePerson(ours, "member");
    expect(await call(`${api.url}/api/v1/me`, "GET")).toMatchObject({
      status: 200,
      body: {
        kind: "person",
        id: ours.userId,
        name: "Test Person",
        role: "member",
        workspace: { id: ours.workspaceId, name: "Test" },
      },
    });
    expect(await call(`${api.url}/api/v1/api-keys`, "GET")).toMatchObject({
      status: 403,
      body: { detail: expect.stringContaining("admin") },
    });
  });

  test("change something from our own pages only", async () => {
    session.person = makePerson(ours);
    const change = (headers: Record<string, string>) =>
      call(`${api.url}/api/v1/workflows`, "POST", {
        body: { name: `W ${randomUUID()}`, definition: echo },
        headers,
      });
    expect(await change({ origin: "https://evil.example" })).toMatchObject({
      status: 403,
      body: { code: "cross-origin" },
    });
    expect((await change({ origin: "null" })).status).toBe(403);
    expect((await change({})).status).toBe(403);
    expect((await change({ origin: api.url })).status).toBe(201);
  });

  test("leave their name on what they do", async () => {
    session.person = makePerson(ours);
    const headers = { origin: api.url };
    const { body } = await call(`${api.url}/api/v1/workflows`, "POST", {
      body: { name: `W ${randomUUID()}`, definition: echo },
      headers,
    });
    await call(`${api.url}/api/v1/workflows/${body.id}/versions`, "POST", { headers });
    const { body: versions } = await call(`${api.url}/api/v1/workflows/${body.id}/versions`, "GET");
    expect(versions.items).toMatchObject([{ createdBy: "Test Person" }]);
    const audit = await readRows(
      api.ownerUrl,
      "select actor, action, target, workspace_id from audit_log where target_id = $1 order by action",
      [body.id],
    );
    const entry = {
      actor: { kind: "person", id: ours.userId },
      target: "workflow",
      workspace_id: ours.workspaceId,
    };
    expect(audit).toEqual([
      { ...entry, action: "workflow.created" },
      { ...entry, action: "workflow.published" },
    ]);
  });
});

describe("another workspace", () => {
  test("is not found on any route, and nothing of it changes", async () => {
    const ids = await foreignIds();
    const before = await snapshot();
    for (const { name, noun, contract } of contracts) {
      if (!contract.path.includes("{id}")) continue;
      const id = contract.path.includes("/workflows/") ? ids["workflows"] : ids[noun];
      const path = contract.path
        .replace("{id}", id ?? "")
        .replace("{version}", "1")
        .replace("{deliveryId}", ids["deliveries"] ?? "");
      const answer = await ours.call(
        contract.method,
        path,
        contract.method === "GET" ? {} : { body: BODIES[name] ?? {} },
      );
      expect({ name, ...answer }).toMatchObject({ name, status: 404, body: { code: "not-found" } });
    }
    expect(await snapshot()).toEqual(before);
  });

  test("is in no list", async () => {
    for (const { name, contract } of contracts) {
      if (contract.method !== "GET" || contract.path.includes("{") || !name.startsWith("list")) continue;
      const { status, body } = await ours.call(
        "GET",
        `${contract.path}${contract.query && "limit" in contract.query.entries ? "?limit=100" : ""}`,
      );
      expect({ name, status }).toEqual({ name, status: 200 });
      const text = JSON.stringify(body);
      const leaked = [theirs.workspaceId, ...Object.values(await foreignIds())].filter((id) =>
        text.includes(id),
      );
      expect({ name, leaked }).toEqual({ name, leaked: [] });
    }
  });

  test("cannot be named in a trigger", async () => {
    const { workflows: workflowId } = await foreignIds();
    expect(await ours.call("POST", "/api/v1/webhooks", { body: { workflowId, name: "x" } })).toMatchObject({
      status: 422,
      body: { errors: [{ path: "/workflowId" }] },
    });
    expect(
      await ours.call("POST", "/api/v1/schedules", { body: { workflowId, cron: "* * * * *" } }),
    ).toMatchObject({ status: 422, body: { errors: [{ path: "/workflowId" }] } });
  });

  const TABLES: Record<string, string> = {
    workflows: "workflows",
    runs: "agent_sessions",
    approvals: "approvals",
    schedules: "schedules",
    webhooks: "webhooks",
    deliveries: "webhook_deliveries",
    documents: "documents",
    memories: "memories",
    apiKeys: "api_keys",
    connections: "connections",
    mcpServers: "connections",
  };

  async function foreignIds(): Promise<Record<string, string>> {
    const first = async (table: string) =>
      (
        await readRows(api.ownerUrl, `select id from ${table} where workspace_id = $1 order by id limit 1`, [
          theirs.workspaceId,
        ])
      )[0]?.["id"];
    if ((await first("workflows")) === undefined) await fillForeign();
    return Object.fromEntries(
      await Promise.all(
        Object.entries(TABLES).map(async ([noun, table]) => [noun, String(await first(table))]),
      ),
    );
  }

  async function fillForeign(): Promise<void> {
    const { Client } = await import("pg");
    const owner = new Client({ connectionString: api.ownerUrl });
    await owner.connect();
    await fillWorkspace(owner, theirs.workspaceId).finally(() => owner.end());
  }

  const snapshot = () =>
    Promise.all(
      Object.values(TABLES).map((table) =>
        readRows(
          api.ownerUrl,
          `select to_jsonb(t) - 'last_used_at' as row from ${table} t where workspace_id = $1 order by id`,
          [theirs.workspaceId],
        ),
      ),
    );
});

describe("addresses", () => {
  test("with something that is no id are not found", async () => {
    expect((await ours.call("GET", "/api/v1/runs/1")).status).toBe(404);
    expect((await ours.call("GET", "/api/v1/workflows/'; drop table users; --")).status).toBe(404);
  });
});

describe("the rate limit", () => {
  test("tells what is left", async () => {
    const { headers } = await ours.call("GET", "/api/v1/runs");
    expect(headers.get("ratelimit-policy")).toBe('"api";q=2000;w=4');
    expect(headers.get("ratelimit")).toMatch(/^"api";r=\d+;t=\d+$/);
  });

  test("refuses one workspace and not another, and tells when to come back", async () => {
    const { limitPolicies, limitRequests } = await import("#/lib/cloud/limits.ts");
    const greedy = await api.workspace();
    const start = (caller: Caller) =>
      caller.call("POST", `/api/v1/workflows/${randomUUID()}/runs`, { body: {} });
    // A store that is slow to answer lets a request pass, hence more than one try.
    const refused = await eventually(async () => {
      await limitRequests("runs", greedy.workspaceId, limitPolicies.runs.burst);
      const answer = await start(greedy);
      return answer.status === 429 ? answer : undefined;
    });
    expect(refused.body).toMatchObject({ code: "rate-limited" });
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
    expect(refused.headers.get("ratelimit")).toMatch(/^"runs";r=\d+;t=\d+$/);
    expect((await start(ours)).status).toBe(404);
  });
});
