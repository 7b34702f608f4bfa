import { exportPKCS8, exportSPKI, generateKeyPair, importPKCS8, SignJWT } from "jose";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { idFromClerk } from "#/lib/auth/identifier.ts";
import { type Caller, openApi, type TestApi } from "#/tests/support/api.ts";
import { sendMcp } from "#/tests/support/mcp-client.ts";
import { readRows } from "#/tests/support/owner.ts";

vi.mock("#/lib/auth/principal.ts", async (original) => ({
  ...(await original<object>()),
  currentPrincipal: async () => undefined,
}));

const ISSUER = "https://clerk.cairn.test";
const CLERK_USER = "user_2access";
let api: TestApi;
let caller: Caller;
let other: Caller;
let pem: string;

beforeAll(async () => {
  const keys = await generateKeyPair("RS256", { extractable: true });
  pem = await exportPKCS8(keys.privateKey);
  api = await openApi({
    variables: {
      CLERK_JWT_KEY: await exportSPKI(keys.publicKey),
      NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: `pk_test_${btoa("clerk.cairn.test$")}`,
    },
  });
  [caller, other] = await Promise.all([api.workspace(), api.workspace()]);
  const userId = idFromClerk(CLERK_USER);
  await readRows(api.ownerUrl, "insert into users (id, clerk_id, name) values ($1, $2, 'Ada')", [
    userId,
    CLERK_USER,
  ]);
  await join(caller, "member");
});
afterAll(() => api.stop());

const join = (where: Caller, role: string) =>
  readRows(api.ownerUrl, "insert into members (workspace_id, user_id, role) values ($1, $2, $3)", [
    where.workspaceId,
    idFromClerk(CLERK_USER),
    role,
  ]);

interface Made {
  readonly claims?: Record<string, unknown>;
  readonly header?: Record<string, unknown>;
  readonly key?: string;
}

async function makeToken({ claims = {}, header = {}, key = pem }: Made = {}): Promise<string> {
  const now = Math.floor(Date.now() / 1_000);
  const all = {
    iss: ISSUER,
    aud: `${api.url}/api/mcp`,
    sub: CLERK_USER,
    client_id: "client",
    iat: now,
    exp: now + 60,
    ...claims,
  };
  return new SignJWT(all)
    .setProtectedHeader({ alg: "RS256", typ: "at+jwt", ...header })
    .sign(await importPKCS8(key, "RS256"));
}
const list = async (token: string, query = "") => sendMcp({ url: api.url, key: token, query }, "tools/list");

test("an access token of the identity provider lets a program do what its person may", async () => {
  const { status, result } = await list(await makeToken());
  expect(status).toBe(200);
  expect(result.tools.map(({ name }: { name: string }) => name)).toEqual(
    expect.arrayContaining(["list_workflows", "start", "decide"]),
  );
});

test("of several workspaces the address says which one is meant", async () => {
  await join(other, "admin");
  const token = await makeToken();
  const refused = await list(token);
  expect(refused.status).toBe(403);
  expect(JSON.stringify(refused)).toContain("?workspace=");
  expect((await list(token, `?workspace=${other.workspaceId}`)).status).toBe(200);
  expect((await list(token, "?workspace=nobodys")).status).toBe(403);
});

test("a token of another issuer, for another address, for nobody, that is over, or of another kind is none", async () => {
  const foreign = await exportPKCS8((await generateKeyPair("RS256", { extractable: true })).privateKey);
  const wrong: readonly Made[] = [
    { claims: { iss: "https://evil.example" } },
    { claims: { aud: "https://other.example/api/mcp" } },
    { claims: { aud: undefined } },
    { claims: { sub: "org_1" } },
    { claims: { exp: 1 } },
    { claims: { exp: undefined } },
    { header: { typ: "JWT" } },
    { key: foreign },
  ];
  for (const made of wrong) {
    const { status, headers } = await list(await makeToken(made), `?workspace=${caller.workspaceId}`);
    expect({ made, status }).toEqual({ made, status: 401 });
    expect(headers.get("www-authenticate")).toContain("resource_metadata=");
  }
});

test("an access token opens the MCP server and no other door", async () => {
  const authorization = `Bearer ${await makeToken()}`;
  expect((await caller.call("GET", "/api/v1/me", { headers: { authorization } })).status).toBe(401);
});

test("whoever brings nothing is told where people sign in", async () => {
  const { status, headers } = await list("");
  expect(status).toBe(401);
  const [, address] = /resource_metadata="([^"]+)"/.exec(headers.get("www-authenticate") ?? "") ?? [];
  expect(address).toBe(`${api.url}/.well-known/oauth-protected-resource/api/mcp`);
  const { GET } = await import("#/app/.well-known/oauth-protected-resource/[[...path]]/route.ts");
  expect(await (await GET()).json()).toMatchObject({
    resource: `${api.url}/api/mcp`,
    authorization_servers: [ISSUER],
    bearer_methods_supported: ["header"],
  });
});
