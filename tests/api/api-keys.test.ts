import * as fc from "fast-check";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hashApiKey } from "#/lib/auth/api-key.ts";
import { type Answer, call, type Caller, openApi, type TestApi } from "#/tests/support/api.ts";
import { echo } from "#/tests/support/definitions.ts";
import { readRows } from "#/tests/support/owner.ts";
import { publish } from "#/tests/support/publish.ts";

let api: TestApi;
let ours: Caller;
let theirs: Caller;
beforeAll(async () => {
  api = await openApi();
  [ours, theirs] = await Promise.all([api.workspace(), api.workspace()]);
});
afterAll(() => api.stop());

const DAY_MS = 24 * 3_600_000;
const inDays = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString();
const as = (key: string) => ({ headers: { authorization: `Bearer ${key}` } });
const make = (body: object, caller: object = {}) =>
  ours.call("POST", "/api/v1/api-keys", { body: { name: "K", scopes: ["read"], ...body }, ...caller });
const me = (key: string) => call(`${api.url}/api/v1/me`, "GET", as(key));
const listed = async (id: string) => {
  const { body } = await ours.call("GET", "/api/v1/api-keys?limit=100");
  return body.items.find((item: { id: string }) => item.id === id);
};
/** Ends a key by the database's clock, and makes this process forget it, as one that has never seen it. */
const endNow = async (id: string) => {
  await readRows(api.ownerUrl, "update api_keys set expires_at = now() where id = $1", [id]);
  const { knownKeys } = await import("#/operations/api-keys/known.ts");
  await knownKeys.forget(id);
};

describe("a key with an end", () => {
  test("is refused from then on; whoever holds it is told that it ended, and when", async () => {
    const expiresAt = inDays(30);
    const made = await make({ expiresAt });
    expect(made).toMatchObject({ status: 201, body: { expiresAt } });
    const { id, key } = made.body;
    expect((await me(key)).status).toBe(200);
    await endNow(id);
    const refused = await me(key);
    const { expiresAt: end, ...shown } = await listed(id);
    expect(refused).toMatchObject({
      status: 401,
      body: {
        code: "unauthenticated",
        detail: expect.stringContaining(`This API key expired on ${end}`) as string,
      },
    });
    expect(refused.headers.get("www-authenticate")).toContain('error="invalid_token"');
    expect(shown).toMatchObject({ revokedAt: null, lastUsedAt: expect.any(String) as string });
  });

  test("ends at its moment in a process that remembers it, too", async () => {
    const expiresAt = Date.now() + 1_500;
    const { key } = (await make({ expiresAt: new Date(expiresAt).toISOString() })).body;
    expect((await me(key)).status).toBe(200);
    const answers: { readonly at: number; readonly answer: Answer }[] = [];
    while (answers.at(-1)?.answer.status !== 401) answers.push({ answer: await me(key), at: Date.now() });
    // The answer came within one call of the end, and not before it: the memory of a process holds for five seconds.
    expect(answers.at(-1)?.at).toBeGreaterThanOrEqual(expiresAt);
    const late = answers.filter(({ at, answer }) => at > expiresAt + 1_000 && answer.status === 200);
    expect(late).toEqual([]);
  });

  test("is over in the database at the very microsecond", async () => {
    const { id, key } = (await make({ expiresAt: inDays(1) })).body;
    /** The clock of a transaction stands still. */
    const identify = (microseconds: number) =>
      ours.tenant.transaction(async (trx) => {
        await sql`update api_keys set expires_at = now() + ${microseconds}::float8 * interval '1 microsecond'
          where id = ${id}`.execute(trx);
        const { rows } = await sql<{
          key: object;
        }>`select app.identify_key(${hashApiKey(key)}) as key`.execute(trx);
        return rows[0]?.key ?? {};
      });
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.integer({ min: -3, max: 3 }), fc.integer({ min: -1e12, max: 1e12 })),
        async (offset) => {
          const found = await identify(offset);
          expect([offset, "keyId" in found, "expiredAt" in found]).toEqual([offset, offset > 0, offset <= 0]);
        },
      ),
      { examples: [[-1], [0], [1]], numRuns: 30 },
    );
  });

  test.each([
    ["the past", () => inDays(-1), "in the future"],
    ["more than five years", () => inDays(365 * 6), "within 5 years"],
    ["a day that no calendar has", () => "2027-02-30T00:00:00Z", "must be a moment"],
    ["no moment", () => "soon", ""],
    ["a number", () => 1, ""],
  ])("is not made with %s", async (_what, expiresAt, words) => {
    expect(await make({ expiresAt: expiresAt() })).toMatchObject({
      status: 422,
      body: { errors: [{ path: "/expiresAt", message: expect.stringContaining(words) as string }] },
    });
  });

  test("makes no key that outlives it", async () => {
    const short = (await make({ scopes: ["keys:write", "read"], expiresAt: inDays(2) })).body.key;
    const refused = { status: 422, body: { errors: [{ path: "/expiresAt" }] } };
    expect(await make({}, as(short))).toMatchObject(refused);
    expect(await make({ expiresAt: inDays(3) }, as(short))).toMatchObject(refused);
    expect((await make({ expiresAt: inDays(1) }, as(short))).status).toBe(201);
  });

  test("that is revoked is not said to have expired, and whoever guesses learns nothing", async () => {
    const { id, key } = (await make({ expiresAt: inDays(1) })).body;
    await ours.call("DELETE", `/api/v1/api-keys/${id}`);
    await endNow(id);
    for (const refused of [await me(key), await me(`cairn_${"x".repeat(43)}`)]) {
      expect(refused.status).toBe(401);
      expect(refused.body.detail).not.toContain("expired");
    }
  });

  test("whose maker has left is not said to have expired", async () => {
    const member = await ours.colleague("admin");
    const { id, key } = (await make({ expiresAt: inDays(1) }, as(member.key))).body;
    await endNow(id);
    expect((await me(key)).body.detail).toContain("expired");
    await readRows(api.ownerUrl, "delete from members where user_id = $1", [member.userId]);
    expect((await me(key)).body.detail).not.toContain("expired");
  });
});

test("a key without an end is valid until it is revoked, and says so", async () => {
  for (const body of [{}, { expiresAt: null }]) {
    const made = (await make(body)).body;
    expect(made.expiresAt).toBeNull();
    expect(await listed(made.id)).toMatchObject({ expiresAt: null, workflows: null });
  }
});

describe("a key for single workflows", () => {
  test("names them, reaches them alone, and ends with its time", async () => {
    const [one, other] = await Promise.all([publish(ours.tenant, echo), publish(ours.tenant, echo)]);
    const made = await make({
      scopes: ["run", `workflow:${one.workflowId.toUpperCase()}`],
      expiresAt: inDays(7),
    });
    expect(made).toMatchObject({ status: 201, body: { workflows: [{ id: one.workflowId }] } });
    const { id, key } = made.body;
    const { name } = (await ours.call("GET", `/api/v1/workflows/${one.workflowId}`)).body;
    expect((await listed(id)).workflows).toEqual([{ id: one.workflowId, name }]);
    const status = async (path: string) => (await ours.call("GET", path, as(key))).status;
    expect(await status(`/api/v1/workflows/${one.workflowId}`)).toBe(200);
    expect(await status(`/api/v1/workflows/${other.workflowId}`)).toBe(404);
    expect(await status("/api/v1/workflows")).toBe(403);
    await endNow(id);
    expect(await status(`/api/v1/workflows/${one.workflowId}`)).toBe(401);
  });

  test("cannot name one of another workspace, and says nothing of it", async () => {
    const foreign = await publish(theirs.tenant, echo);
    expect(await make({ scopes: ["run", `workflow:${foreign.workflowId}`] })).toMatchObject({
      status: 422,
      body: { errors: [{ path: "/scopes/1", message: "There is no such workflow in this workspace." }] },
    });
  });
});

test("workflows are found by words of their names, in whatever case, page after page", async () => {
  const caller = await api.workspace();
  for (const name of ["Invoices 100%", "invoice_checks", "Onboarding"])
    await caller.call("POST", "/api/v1/workflows", { body: { name, definition: echo } });
  const names = async (query: string) => {
    const { body } = await caller.call("GET", `/api/v1/workflows?${query}`);
    return body.items.map((item: { name: string }) => item.name).toSorted();
  };
  expect(await names("search=INVOICE")).toEqual(["Invoices 100%", "invoice_checks"]);
  // Not patterns of SQL.
  expect(await names("search=100%25")).toEqual(["Invoices 100%"]);
  expect(await names("search=e_c")).toEqual(["invoice_checks"]);
  const first = await caller.call("GET", "/api/v1/workflows?search=invoice&limit=1");
  expect(await names(`search=invoice&limit=1&cursor=${first.body.nextCursor}`)).toEqual(["Invoices 100%"]);
});
