import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { Person } from "#/lib/auth/principal.ts";
import { type Caller, openApi, type TestApi } from "#/tests/support/api.ts";
import { type GuardedApi, startGuardedApi } from "#/tests/support/guarded-api.ts";
import { readRows } from "#/tests/support/owner.ts";

const session = vi.hoisted((): { person: unknown } => ({ person: undefined }));
vi.mock("#/lib/auth/principal.ts", async (original) => ({
  ...(await original<object>()),
  currentPrincipal: async () => session.person,
}));

// Somebody presses Connect, signs in at an API, and runs may use it from then on, in every process.
let api: TestApi;
let ours: Caller;
let guarded: GuardedApi;
beforeAll(async () => {
  api = await openApi({ variables: { HTTP_ALLOW_HOSTS: "127.0.0.1" } });
  guarded = await startGuardedApi();
  const redirectUri = `${api.url}/api/mcp-sign-in`;
  guarded.authority.register({ id: "cairn", secret: "s3cret: of ours", redirectUri });
  ours = await api.workspace();
});
beforeEach(() => void guarded.heard.splice(0));
afterAll(async () => {
  await guarded.stop();
  await api.stop();
});

const person = (caller = ours): Person => ({
  kind: "person",
  role: "admin",
  userId: caller.userId,
  workspaceId: caller.workspaceId,
  clerkUserId: "user_1",
  clerkOrgId: "org_1",
  slug: "acme",
  toldAt: Date.now(),
});
let count = 0;
const create = async (fields: object = {}) => {
  const { origin } = guarded;
  const answer = await ours.call("POST", "/api/v1/connections", {
    body: {
      name: `orders-${(count += 1)}`,
      kind: "http",
      fields: {
        signIn: "oauth2-code",
        url: `${origin}/data`,
        authorizationUrl: `${origin}/authorize?access_type=offline`,
        tokenUrl: `${origin}/token`,
        clientId: "cairn",
        clientSecret: "s3cret: of ours",
        scopes: "orders",
        ...fields,
      },
    },
  });
  expect(answer.status).toBe(201);
  return answer.body as { readonly id: string; readonly name: string };
};
const begin = (id: string) => ours.call("POST", `/api/v1/connections/${id}/sign-in`);
const read = async (id: string) => (await ours.call("GET", `/api/v1/connections/${id}`)).body;
const tryOut = async (id: string) => (await ours.call("POST", `/api/v1/connections/${id}/test`)).body;

/** The person presses a button at the authority, and is sent back. */
async function press(url: string, say: "yes" | "no" = "yes"): Promise<URL> {
  expect((await fetch(url)).status).toBe(200);
  const back = await fetch(url, { method: "POST", body: new URLSearchParams({ say }), redirect: "manual" });
  return new URL(back.headers.get("location") ?? "");
}
async function comeBack(address: URL, who: Person = person()): Promise<URL> {
  session.person = who;
  const answer = await fetch(address, { redirect: "manual" });
  session.person = undefined;
  expect(answer.status).toBe(303);
  return new URL(answer.headers.get("location") ?? "");
}
async function connected() {
  const connection = await create();
  const page = await comeBack(await press((await begin(connection.id)).body.url));
  expect(page.href).toBe(`${api.url}/acme/settings/connections?connection=${connection.id}`);
  return connection;
}
/** A step of a process that has never seen the connection. */
async function ask(name: string): Promise<number | undefined> {
  const { openConnection } = await import("#/operations/connections/open.ts");
  const connection = await openConnection(ours.tenant, name);
  return (await connection?.fetch({ url: `${guarded.origin}/data` }))?.status;
}

describe("a connection that is signed in in the browser", () => {
  test("says that it needs a sign-in, is signed in by a person, and then lets steps in", async () => {
    const { id, name } = await create();
    expect(await read(id)).toMatchObject({ isSignedIn: false });
    expect(await tryOut(id)).toMatchObject({ ok: false, message: expect.stringContaining("press Connect") });
    await expect(ask(name)).rejects.toMatchObject({ code: "connection-signed-out" });
    const { url } = (await begin(id)).body;
    expect(new URL(url).searchParams.get("access_type")).toBe("offline");
    expect(new URL(url).searchParams.get("code_challenge_method")).toBe("S256");
    await comeBack(await press(url));
    expect(await read(id)).toMatchObject({ isSignedIn: true, test: { ok: true } });
    expect(await ask(name)).toBe(200);
  });

  test("keeps its tokens sealed, and leaves a line in the audit log", async () => {
    const { id } = await connected();
    const rows = await readRows(api.ownerUrl, "select * from sign_ins where connection_id = $1", [id]);
    expect(rows).toHaveLength(1);
    const token = guarded.heard.at(-1)?.replace("Bearer ", "") ?? "";
    expect(token).not.toBe("");
    expect(JSON.stringify(rows)).not.toMatch(new RegExp(`access|refresh_token|Bearer|${token}`));
    expect(JSON.stringify(await read(id))).not.toContain(token);
    const audit = await readRows(api.ownerUrl, "select action from audit_log where target_id = $1", [id]);
    expect(audit.map((row) => row["action"])).toContain("connection.signed-in");
  });

  test("is refreshed after a refusal, once for all that ask at that moment, and is over when the authority says so", async () => {
    const { id, name } = await connected();
    guarded.authority.expireTokens();
    const before = guarded.authority.given();
    expect(await ask(name)).toBe(401);
    const all = await Promise.all([1, 2, 3, 4, 5].map(() => ask(name)));
    expect(all).toEqual([200, 200, 200, 200, 200]);
    expect(guarded.authority.given()).toBe(before + 1);
    guarded.authority.expireTokens();
    guarded.authority.faults.endsSignIns = true;
    expect(await ask(name)).toBe(401);
    await expect(ask(name)).rejects.toMatchObject({ code: "connection-signed-out" });
    expect(await read(id)).toMatchObject({ isSignedIn: false });
    delete guarded.authority.faults.endsSignIns;
  });

  test("is not signed in by the answer of another authority, by a person who says no, or twice by one state", async () => {
    const { id } = await create();
    guarded.authority.faults.issuer = "https://evil.test";
    const mixedUp = await comeBack(await press((await begin(id)).body.url));
    expect(mixedUp.pathname).toBe("/acme/settings/connections");
    expect(mixedUp.searchParams.get("problem")).toContain("does not come from http://127.0.0.1");
    delete guarded.authority.faults.issuer;
    const denied = await comeBack(await press((await begin(id)).body.url, "no"));
    expect(denied.searchParams.get("problem")).toContain("The person said no.");
    expect(await read(id)).toMatchObject({ isSignedIn: false });
    const back = await press((await begin(id)).body.url);
    expect((await comeBack(back)).searchParams.get("problem")).toBeNull();
    expect((await comeBack(back)).searchParams.get("problem")).toContain("This sign-in is over");
    expect(await read(id)).toMatchObject({ isSignedIn: true });
  });

  test("that is changed while a person signs in is not signed in: the token was got for what it was", async () => {
    const { id } = await create();
    const back = await press((await begin(id)).body.url);
    guarded.authority.faults.beforeToken = () =>
      ours.call("PATCH", `/api/v1/connections/${id}`, { body: { fields: { scopes: "other" } } });
    expect((await comeBack(back)).searchParams.get("problem")).toContain("changed while you signed in");
    delete guarded.authority.faults.beforeToken;
    expect(await read(id)).toMatchObject({ isSignedIn: false });
  });

  test("is signed in by an admin of its workspace and by nobody else", async () => {
    const { id } = await create();
    const back = await press((await begin(id)).body.url);
    const stranger = await api.workspace();
    expect((await comeBack(back, person(stranger))).searchParams.get("problem")).toContain("is over");
    const member = { ...person(), userId: (await ours.colleague("member")).userId };
    expect((await comeBack(back, member)).searchParams.get("problem")).toContain("Only an admin");
    expect((await comeBack(back)).searchParams.get("problem")).toBeNull();
  });

  test("says why where the client is refused, and stays signed out", async () => {
    const { id } = await create({ clientSecret: "another" });
    const page = await comeBack(await press((await begin(id)).body.url));
    expect(page.searchParams.get("problem")).toContain("invalid_client");
    expect(await read(id)).toMatchObject({ isSignedIn: false });
  });

  test.each<[string, object, boolean]>([
    ["a scope", { scopes: "orders more" }, false],
    [
      "another address at other hosts",
      { url: "https://api.test/data", clientSecret: "s3cret: of ours" },
      false,
    ],
    ["nothing of its sign-in", {}, true],
  ])("that is changed in %s is signed in still or not", async (_what, fields, isSignedIn) => {
    const { id } = await connected();
    const changed = await ours.call("PATCH", `/api/v1/connections/${id}`, {
      body: { name: `renamed-${(count += 1)}`, fields },
    });
    expect(changed).toMatchObject({ status: 200 });
    expect(await read(id)).toMatchObject({ isSignedIn });
  });

  test("is not begun where the secret would go to a host that the connection is not bound to, or by another kind", async () => {
    const { id } = await create();
    const hosts = ["elsewhere.test"];
    const fields = { clientSecret: "s3cret: of ours" };
    await ours.call("PATCH", `/api/v1/connections/${id}`, { body: { hosts, fields } });
    expect(await begin(id)).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining("not bound") },
    });
    const { body } = await ours.call("POST", "/api/v1/connections", {
      body: { name: `plain-${(count += 1)}`, kind: "github", fields: { token: "t" } },
    });
    expect(body).toMatchObject({ isSignedIn: null });
    expect(await begin(body.id)).toMatchObject({ status: 409, body: { code: "wrong-status" } });
  });
});

test("a token of a client is sealed in the same place: every process uses the one that was got", async () => {
  const { id, name } = await create({ signIn: "oauth2-client", authorizationUrl: undefined });
  const before = guarded.authority.given();
  expect([await ask(name), await ask(name)]).toEqual([200, 200]);
  expect(guarded.authority.given()).toBe(before + 1);
  const [row] = await readRows(api.ownerUrl, "select * from sign_ins where connection_id = $1", [id]);
  expect(row?.["tokens_sealed"]).toEqual(expect.any(String));
  expect(JSON.stringify(row)).not.toContain(guarded.heard.at(-1)?.replace("Bearer ", ""));
  expect(await read(id)).toMatchObject({ isSignedIn: null });
});
