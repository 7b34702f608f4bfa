import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Person } from "#/lib/auth/principal.ts";
import type { FormAction } from "#/lib/form-state.ts";
import { type Caller, openApi, type TestApi } from "#/tests/support/api.ts";
import { readRows } from "#/tests/support/owner.ts";

let api: TestApi;
let caller: Caller;
let person: Person | undefined;
let headers: Record<string, string>;
let refreshed: number;
let saveLimits: FormAction;
let makeKey: FormAction;

beforeAll(async () => {
  api = await openApi();
  const { formDoor } = await import("#/lib/http/form-door.ts");
  const { apiPorts } = await import("#/operations/access/doors.ts");
  const { changeLimits } = await import("#/operations/limits/change.ts");
  const { changeLimitsContract } = await import("#/operations/limits/contract.ts");
  const { createApiKey } = await import("#/operations/api-keys/create.ts");
  const { createApiKeyContract } = await import("#/operations/api-keys/contract.ts");
  const { created, ok } = await import("#/lib/http/reply.ts");
  const formAction = formDoor({
    ...apiPorts,
    currentRequest: async () => new Request(api.url, { method: "POST", headers }),
    currentPerson: async () => person,
    refresh: () => void (refreshed += 1),
  });
  saveLimits = formAction(changeLimitsContract, async ({ caller: by, body }) =>
    ok(await changeLimits(by, body)),
  );
  makeKey = formAction(createApiKeyContract, async ({ caller: by, body, newId: id, idempotencyKey }) =>
    created(await createApiKey(by, { id, isRepeatable: idempotencyKey !== undefined, ...body })),
  );
});
afterAll(() => api.stop());

beforeEach(async () => {
  caller = await api.workspace();
  person = asPerson(caller);
  headers = { origin: api.url };
  refreshed = 0;
});

const asPerson = ({ workspaceId, userId }: Pick<Caller, "workspaceId" | "userId">): Person => ({
  kind: "person",
  userId,
  workspaceId,
  role: "admin",
  clerkUserId: "user_1",
  clerkOrgId: "org_1",
  slug: "acme",
  toldAt: Date.now(),
});

const send = (
  action: FormAction,
  fields: readonly (readonly [string, string])[],
  workspaceId = caller.workspaceId,
) => {
  const form = new FormData();
  for (const [name, value] of [["cairn:workspace", workspaceId], ...fields] as const)
    form.append(name, value);
  return action(null, form);
};
const limits = async () => (await caller.call("GET", "/api/v1/limits")).body.limits;
const audits = () =>
  readRows(api.ownerUrl, `select action, actor from audit_log where workspace_id = '${caller.workspaceId}'`);

describe("a form", () => {
  test("does what the API does, with a line in the audit log, and answers the same", async () => {
    const state = await send(saveLimits, [
      ["concurrency", "7"],
      ["monthly.maxTokens", "1000"],
    ]);
    expect(state).toMatchObject({ status: "done", answer: { limits: { concurrency: 7 } } });
    expect(await limits()).toMatchObject({ concurrency: 7, monthly: { maxTokens: 1000 } });
    expect(await audits()).toEqual([
      { action: "limits.changed", actor: { kind: "person", id: caller.userId } },
    ]);
    expect(refreshed).toBe(1);
  });

  test("tells all problems at their fields, and gives back every text as it was typed", async () => {
    const typed = [
      ["concurrency", "a few"],
      ["monthly.maxTokens", "0"],
      ["startsPerMinute", "9"],
    ] as const;
    const state = await send(saveLimits, typed);
    expect(state).toMatchObject({
      status: "refused",
      problems: { concurrency: "Must be a number.", "monthly.maxTokens": "Must be 1 or more." },
      values: Object.fromEntries(typed.map(([name, text]) => [name, [text]])),
    });
    expect(await limits()).toEqual({});
    expect(refreshed).toBe(0);
  });

  test("that is sent twice makes one thing, and answers the same twice", async () => {
    const fields = [
      ["cairn:key", crypto.randomUUID()],
      ["name", "Importer"],
      ["scopes", "read"],
    ] as const;
    const [first, second] = await Promise.all([send(makeKey, fields), send(makeKey, fields)]);
    expect(first).toMatchObject({ status: "done", answer: { key: expect.stringContaining("cairn_") } });
    expect(second.answer).toMatchObject({ key: (first.answer as { key: string }).key });
    const { body } = await caller.call("GET", "/api/v1/api-keys?limit=100");
    expect(body.items.filter(({ name }: { name: string }) => name === "Importer")).toHaveLength(1);
  });
});

describe("nothing is changed by a form", () => {
  const expectRefused = async (expected: RegExp, workspaceId?: string) => {
    const before = await limits();
    const state = await send(saveLimits, [["concurrency", "9"]], workspaceId);
    expect(state).toMatchObject({ status: "refused", values: { concurrency: ["9"] } });
    expect(state.message).toMatch(expected);
    expect(await limits()).toEqual(before);
    expect(refreshed).toBe(0);
  };

  test.each([
    ["another site", { origin: "https://evil.example" }],
    [
      "another site that names our host",
      { origin: "https://evil.example", "x-forwarded-host": "evil.example" },
    ],
    ["a frame without an origin", { origin: "null" }],
    ["nowhere", {}],
    ["another site of ours", { "sec-fetch-site": "same-site" }],
  ])("of %s", async (_what, given) => {
    headers = given;
    await expectRefused(/did not come from a page of ours/);
  });

  test("of somebody whose session has ended", async () => {
    person = undefined;
    await expectRefused(/session has ended/);
  });

  test("that names another workspace, whoever belongs there: neither there nor here", async () => {
    const other = await api.workspace();
    await expectRefused(/another workspace/, other.workspaceId);
    expect((await other.call("GET", "/api/v1/limits")).body.limits).toEqual({});
    await expectRefused(/another workspace/, "");
  });

  test("of somebody who is no admin any more, whatever their token says", async () => {
    const { userId } = await caller.colleague("member");
    person = asPerson({ ...caller, userId });
    await expectRefused(/Your role lacks the permission settings:write/);
  });

  test("of somebody who has left", async () => {
    const other = await api.workspace();
    person = asPerson({ workspaceId: caller.workspaceId, userId: other.userId });
    await expectRefused(/not in this workspace any more/);
  });

  test("with a field that the operation does not have", async () => {
    const state = await send(saveLimits, [
      ["concurrency", "9"],
      ["workspaceId", caller.workspaceId],
    ]);
    expect(state).toMatchObject({
      status: "refused",
      problems: { workspaceId: "This key is not known here." },
    });
    expect(await limits()).toEqual({});
  });

  test("with a field that comes twice, or with a text that no database stores", async () => {
    const twice = await send(saveLimits, [
      ["concurrency", "9"],
      ["concurrency", "8"],
    ]);
    expect(twice).toMatchObject({ status: "refused", problems: { concurrency: "Must be a number." } });
    const unstorable = await send(makeKey, [
      ["name", "a\0b"],
      ["scopes", "read"],
    ]);
    expect(unstorable).toMatchObject({
      status: "refused",
      problems: { name: expect.stringContaining("U+0000") },
    });
  });

  test.each([[null], ["text"], [{ get: "x" }], [["x"]]])("that is none: %j", async (form) => {
    expect(await saveLimits(null, form as unknown as FormData)).toMatchObject({ status: "refused" });
  });
});
