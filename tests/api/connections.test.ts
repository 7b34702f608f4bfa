import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createServer as createTcpServer } from "node:net";
import { describe, afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { startMail } from "#/local/mail/serve.ts";
import { CONNECTION_KINDS } from "#/agents/vocabulary/connection.ts";
import { type Caller, openApi, type TestApi } from "#/tests/support/api.ts";
import { readRows } from "#/tests/support/owner.ts";

let api: TestApi;
let ours: Caller;
let server: Server;
let url = "";
let heard: IncomingMessage[] = [];
/** How the server of somebody else answers, by path. */
let answers: Record<string, (request: IncomingMessage, response: ServerResponse) => void> = {};

beforeAll(async () => {
  server = createServer((request, response) => {
    heard.push(request);
    const answer = answers[request.url ?? ""];
    if (answer) answer(request, response);
    else response.writeHead(404).end("no such page");
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  api = await openApi({ variables: { HTTP_ALLOW_HOSTS: "127.0.0.1" } });
  ours = await api.workspace();
});
beforeEach(() => {
  heard = [];
  answers = {};
});
afterAll(async () => {
  server.close();
  await api.stop();
});

let count = 0;
const create = (kind: string, fields: Record<string, string>, rest: Record<string, unknown> = {}) =>
  ours.call("POST", "/api/v1/connections", { body: { name: `c${(count += 1)}`, kind, fields, ...rest } });
const change = (id: string, body: unknown) => ours.call("PATCH", `/api/v1/connections/${id}`, { body });
const trial = async (id: string) => (await ours.call("POST", `/api/v1/connections/${id}/test`)).body;
const json =
  (body: unknown, status = 200) =>
  (_: IncomingMessage, response: ServerResponse) =>
    void response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
const models = json({ object: "list", data: [{ id: "gpt-5" }, { id: "gpt-5-mini" }] });

test("a connection is made, listed, changed and deleted, and what is secret of it is never shown", async () => {
  const made = await create("openai-compatible", { url: `${url}/v1`, apiKey: "sk-live-1" });
  expect(made).toMatchObject({
    status: 201,
    body: {
      kind: "openai-compatible",
      settings: { url: `${url}/v1` },
      secrets: ["apiKey"],
      hosts: [new URL(url).host],
      test: null,
      lastUsedAt: null,
    },
  });
  const { id } = made.body;
  const changed = await change(id, { name: "renamed", fields: { apiKey: "sk-live-2" } });
  expect(changed).toMatchObject({ status: 200, body: { id, name: "renamed", secrets: ["apiKey"] } });
  const list = await ours.call("GET", "/api/v1/connections");
  const one = await ours.call("GET", `/api/v1/connections/${id}`);
  const { usedBy, usedByTools, ...shown } = one.body;
  expect([usedBy, usedByTools]).toEqual([[], []]);
  expect(shown).toEqual(list.body.items.find((it: { id: string }) => it.id === id));
  const rows = await readRows(api.ownerUrl, "select * from connections where id = $1", [id]);
  expect(JSON.stringify([made, changed, list, one, rows])).not.toContain("sk-live");
  expect((await ours.call("DELETE", `/api/v1/connections/${id}`)).status).toBe(204);
  expect((await ours.call("GET", `/api/v1/connections/${id}`)).status).toBe(404);
});

test("the same creation under one Idempotency-Key makes one connection", async () => {
  const make = () =>
    ours.call("POST", "/api/v1/connections", {
      body: { name: "once", kind: "github", fields: { token: "ghp" } },
      headers: { "idempotency-key": "make once" },
    });
  const [first, second] = [await make(), await make()];
  expect([first.status, second.status]).toEqual([201, 201]);
  expect(second.body).toEqual(first.body);
});

test("every change is in the audit log, without a value", async () => {
  const { body } = await create("slack", { token: "xoxb-audited" });
  await change(body.id, { fields: { token: "xoxb-audited-2" } });
  await ours.call("DELETE", `/api/v1/connections/${body.id}`);
  const rows = await readRows(
    api.ownerUrl,
    "select action, detail from audit_log where target_id = $1 order by at",
    [body.id],
  );
  expect(rows.map((row) => row["action"])).toEqual([
    "connection.created",
    "connection.changed",
    "connection.deleted",
  ]);
  expect(JSON.stringify(rows)).not.toContain("audited");
});

test("members see connections, and only admins change them", async () => {
  const { body } = await create("github", { token: "ghp_member" });
  const member = await ours.colleague("member");
  const headers = { authorization: `Bearer ${member.key}` };
  expect((await ours.call("GET", "/api/v1/connections", { headers })).status).toBe(200);
  for (const [method, path] of [
    ["PATCH", ""],
    ["DELETE", ""],
    ["POST", "/test"],
  ] as const)
    expect(
      (await ours.call(method, `/api/v1/connections/${body.id}${path}`, { headers, body: {} })).status,
    ).toBe(403);
});

test.each([
  ["a name that is no name", { name: "My Key" }, "/name"],
  ["an unknown kind", { kind: "openia" }, "/kind"],
  ["a missing key", { fields: {} }, "/fields/apiKey"],
  ["a field that the kind does not know", { fields: { apiKey: "x", apikey: "y" } }, "/fields/apikey"],
  ["an address that is none", { fields: { apiKey: "x", url: "api.openai.com" } }, "/fields/url"],
  ["a password in the address", { fields: { apiKey: "x", url: "https://u:p@h/v1" } }, "/fields/url"],
  ["a line break in a value", { fields: { apiKey: "x\r\nevil: 1" } }, "/fields/apiKey"],
  ["a host that is none", { hosts: ["https://x.test"] }, "/hosts/0"],
])("%s is refused at its field", async (_what, body, path) => {
  const asked = { name: "fine", kind: "openai", fields: { apiKey: "x" }, ...body };
  const answer = await ours.call("POST", "/api/v1/connections", { body: asked });
  expect(answer).toMatchObject({ status: 422, body: { errors: [{ path }] } });
});

test("two connections have no name in common", async () => {
  const { body } = await create("github", { token: "a" });
  const second = await ours.call("POST", "/api/v1/connections", {
    body: { name: body.name, kind: "slack", fields: { token: "b" } },
  });
  expect(second).toMatchObject({ status: 409, body: { code: "name-taken", errors: [{ path: "/name" }] } });
});

test("credentials that were entered for one host are never taken along to another", async () => {
  const { body } = await create("openai-compatible", { url: "https://one.test/v1", apiKey: "sk-one" });
  for (const moved of [
    { fields: { url: "https://evil.test/v1" } },
    { hosts: ["evil.test"] },
    { hosts: ["one.test", "evil.test"] },
    { hosts: ["*.one.test"] },
    { fields: { url: "https://one.test:8443/v1" } },
  ])
    expect(await change(body.id, moved)).toMatchObject({
      status: 422,
      body: { errors: [{ path: "/fields/apiKey", message: expect.stringContaining("again") }] },
    });
  const moved = await change(body.id, { fields: { url: "https://two.test/v1", apiKey: "sk-two" } });
  expect(moved).toMatchObject({ status: 200, body: { hosts: ["two.test"] } });
  expect((await change(body.id, { fields: { url: "https://two.test/other" } })).status).toBe(200);
});

test("a stored credential opens in its own row only", async () => {
  const [one, other] = [await create("github", { token: "one" }), await create("github", { token: "two" })];
  await readRows(
    api.ownerUrl,
    "update connections set credentials_sealed = (select c.credentials_sealed from connections c where c.id = $1) where id = $2",
    [one.body.id, other.body.id],
  );
  const { openConnection } = await import("#/operations/connections/open.ts");
  await expect(openConnection(ours.tenant, other.body.name)).rejects.toThrow("cannot be opened");
  expect((await openConnection(ours.tenant, one.body.name))?.credentials).toEqual({ token: "one" });
  expect(await openConnection(ours.tenant, "nobody")).toBeUndefined();
});

test("an open connection signs in at its hosts only, follows no redirect away, and gives nothing back", async () => {
  answers["/echo"] = (request, response) =>
    void response.writeHead(200).end(`you sent ${request.headers.authorization}`);
  answers["/away"] = (_request, response) =>
    void response.writeHead(302, { location: "http://127.0.0.1:9/steal" }).end();
  const { body } = await create("http", { url, token: "tok-3n-abcdef" });
  const { openConnection } = await import("#/operations/connections/open.ts");
  const connection = await openConnection(ours.tenant, body.name);
  expect((await connection?.fetch({ url: `${url}/echo` }))?.body).toBe("you sent Bearer •••token");
  await expect(connection?.fetch({ url: `${url}/away` })).rejects.toThrow("another origin");
  await expect(connection?.fetch({ url: "http://127.0.0.1:9/" })).rejects.toThrow("not bound to 127.0.0.1:9");
  expect(heard.map((request) => request.headers.authorization)).toEqual([
    "Bearer tok-3n-abcdef",
    "Bearer tok-3n-abcdef",
  ]);
});

test("a key that is refused when it is used is seen on the connection, until it is taken again or another is entered", async () => {
  let isRevoked = false;
  answers["/data"] = (_request, response) => void response.writeHead(isRevoked ? 401 : 200).end("data");
  const { body } = await create("http", { url, token: "tok-4n-abcdef" });
  const { openConnection } = await import("#/operations/connections/open.ts");
  const use = async () => (await openConnection(ours.tenant, body.name))?.fetch({ url: `${url}/data` });
  const findTest = async () => (await ours.call("GET", `/api/v1/connections/${body.id}`)).body.test;
  await use();
  expect(await findTest()).toBeNull();
  isRevoked = true;
  await use();
  expect(await findTest()).toMatchObject({ ok: false, message: expect.stringContaining("enter it again") });
  isRevoked = false;
  await use();
  expect(await findTest()).toMatchObject({ ok: true });
  isRevoked = true;
  await use();
  await ours.call("PATCH", `/api/v1/connections/${body.id}`, {
    body: { fields: { token: "tok-5n-abcdef" } },
  });
  expect(await findTest()).toBeNull();
});

test("a client's token is got once, used, and got anew when the server refuses it", async () => {
  let given = 0;
  answers["/token"] = (request, response) =>
    json({ access_token: `access-token-${(given += 1)}`, expires_in: 3600 })(request, response);
  answers["/data"] = (request, response) =>
    void response.writeHead(request.headers.authorization?.endsWith("-2") ? 200 : 401).end("data");
  const { body } = await create("http", {
    signIn: "oauth2-client",
    url: `${url}/data`,
    tokenUrl: `${url}/token`,
    clientId: "us",
    clientSecret: "our secret",
  });
  expect(body).toMatchObject({ secrets: ["clientSecret"], settings: { signIn: "oauth2-client" } });
  const { openConnection } = await import("#/operations/connections/open.ts");
  const connection = await openConnection(ours.tenant, body.name);
  const ask = async () => (await connection?.fetch({ url: `${url}/data` }))?.status;
  expect([await ask(), await ask(), await ask()]).toEqual([401, 200, 200]);
  expect(given).toBe(2);
  const asked = heard.find((request) => request.url === "/token");
  expect(asked?.headers.authorization).toBe(`Basic ${Buffer.from("us:our%20secret").toString("base64")}`);
});

test("every kind can be listed with its fields, and can be tried", async () => {
  const { body } = await ours.call("GET", "/api/v1/connection-kinds");
  expect(body.items.map((it: { kind: string }) => it.kind)).toEqual(CONNECTION_KINDS);
  for (const { kind, fields } of body.items) {
    const given = fields.flatMap(
      (field: {
        name: string;
        form?: string;
        signIns?: string[];
        isRequired?: boolean;
        choices?: string[];
      }) =>
        field.signIns &&
        !field.signIns.includes(body.items.find((it: { kind: string }) => it.kind === kind).signIns[0])
          ? []
          : [[field.name, sample(field)]],
    );
    const made = await create(kind, Object.fromEntries(given));
    expect({ kind, ...made }).toMatchObject({ kind, status: 201 });
    expect(await trial(made.body.id)).toMatchObject({ ok: false, message: expect.stringMatching(/\w{3}/) });
  }
});

function sample({ form, choices }: { readonly form?: string; readonly choices?: readonly string[] }): string {
  if (form === "url") return "http://127.0.0.1:9/v1";
  if (form === "host") return "127.0.0.1";
  if (form === "port") return "9";
  return choices?.[0] ?? "something";
}

test.each([
  ["a good key", "sk-good", "", { "/v1/models": models }, true, "2 models"],
  ["a good key and model", "sk-good", "gpt-5", { "/v1/models": models }, true, "gpt-5 is one of"],
  ["an unknown model", "sk-good", "gpt-6", { "/v1/models": models }, false, "no model named “gpt-6”"],
  [
    "a wrong key",
    "sk-bad",
    "",
    { "/v1/models": json({ error: { message: "Incorrect API key provided: sk-bad." } }, 401) },
    false,
    "refuses the key",
  ],
  ["a wrong path", "sk-good", "", {}, false, "There is nothing at"],
  [
    "a page instead of a list",
    "sk-good",
    "",
    { "/v1/models": (_: IncomingMessage, r: ServerResponse) => void r.writeHead(200).end("<html>hello") },
    false,
    "not with a list of models",
  ],
  ["a broken server", "sk-good", "", { "/v1/models": json({}, 502) }, false, "answers 502"],
])("a test of a model connection tells %s", async (_what, apiKey, model, served, ok, words) => {
  answers = served;
  const { body } = await create("openai-compatible", { url: `${url}/v1`, apiKey, ...(model && { model }) });
  const found = await trial(body.id);
  expect(found).toMatchObject({ ok, message: expect.stringContaining(words) });
  expect(found.message).not.toContain("sk-");
  expect((await ours.call("GET", `/api/v1/connections/${body.id}`)).body.test).toEqual(found);
});

test.each([
  [
    "a host that there is not",
    "http://no-such-host.invalid/v1",
    /no server of this name|cannot be reached|could not be asked/,
  ],
  ["a port that nobody listens at", "http://127.0.0.1:9/v1", /Nothing listens/],
  ["an address of a private network", "http://10.0.0.1/v1", /not on the public internet/],
  ["https where http is spoken", "", /certificate or encryption/],
])("a test tells %s", async (_what, address, words) => {
  const { body } = await create("openai-compatible", { url: address || url.replace("http:", "https:") });
  expect(await trial(body.id)).toMatchObject({ ok: false, message: expect.stringMatching(words) });
});

test("a model is named by its connection, and any other name is left to the installation", async () => {
  const { openModel } = await import("#/operations/connections/models.ts");
  const { body } = await create("openai-compatible", { url: `${url}/v1`, apiKey: "sk", model: "usual" });
  const github = await create("github", { token: "t" });
  const bare = await create("anthropic", { apiKey: "sk" });
  const idOf = async (name: string | undefined) => {
    const model = await openModel(ours.tenant, name);
    return typeof model === "string" ? model : `${model.provider} ${model.modelId}`;
  };
  expect(await idOf(`${body.name}/org/gpt`)).toBe("llm.chat org/gpt");
  expect(await idOf(body.name)).toBe("llm.chat usual");
  expect(await idOf(`${bare.body.name}/claude`)).toBe("anthropic.messages claude");
  expect(await idOf("nobody/gpt")).toBe("llm.chat nobody/gpt");
  await expect(openModel(ours.tenant, bare.body.name)).rejects.toThrow("no usual model");
  await expect(openModel(ours.tenant, `${github.body.name}/x`)).rejects.toThrow("has no models");
});

test("a connection tells which workflows name it", async () => {
  const { body } = await create("openai", { apiKey: "sk" });
  const make = (name: string, model: string) =>
    ours.call("POST", "/api/v1/workflows", {
      body: {
        name,
        definition: { format: "cairn/v1", name, kind: "direct", prompt: `Not ${body.name}`, model },
      },
    });
  await Promise.all([
    make("Names it", `${body.name}/gpt-5`),
    make("Names it alone", body.name),
    make("Names another", `${body.name}x/gpt-5`),
  ]);
  const { usedBy } = (await ours.call("GET", `/api/v1/connections/${body.id}`)).body;
  expect(usedBy.map(({ name }: { name: string }) => name)).toEqual(["Names it", "Names it alone"]);
});

test("a connection tells which tools it signs in, and a tool names one that there is", async () => {
  const { body } = await create("http", { url: "https://a.test", token: "t" });
  const request = (connection: string) => ({ method: "GET", url: "https://a.test/x", connection });
  const tool = { description: "Signed in.", effect: "read", input: { type: "object" } };
  const declare = (name: string, connection: string) =>
    ours.call("POST", "/api/v1/tools", { body: { ...tool, name, request: request(connection) } });
  expect((await declare("signed_in", body.name)).status).toBe(201);
  expect(await declare("not_signed_in", `${body.name}x`)).toMatchObject({
    status: 422,
    body: { errors: [{ path: "/request/connection", suggestion: body.name }] },
  });
  const update = (changed: object) => ours.call("PATCH", "/api/v1/tools/signed_in", { body: changed });
  expect(await update({ request: request(`${body.name}x`) })).toMatchObject({
    status: 422,
    body: { errors: [{ path: "/request/connection" }] },
  });
  const uses = await ours.call("GET", `/api/v1/connections/${body.id}`);
  expect(uses.body.usedByTools).toEqual(["signed_in"]);
  expect((await ours.call("DELETE", `/api/v1/connections/${body.id}`)).status).toBe(204);
  // What says nothing of the connection can be changed without it.
  expect((await update({ description: "Signed in before." })).status).toBe(200);
});

test("another way of signing in leaves the fields of the one before behind", async () => {
  const { body } = await create("http", { url: "https://one.test", token: "t" });
  const changed = await change(body.id, { fields: { signIn: "basic", username: "u", password: "p" } });
  expect(changed).toMatchObject({
    status: 200,
    body: { secrets: ["password"], settings: { signIn: "basic", username: "u" } },
  });
});

test("a change forgets what the last test has found", async () => {
  answers["/user"] = json({ login: "octocat" });
  const { body } = await create("github", { token: "ghp", url });
  expect(await trial(body.id)).toMatchObject({ ok: true, message: "Connected as octocat." });
  expect((await change(body.id, { fields: { token: "ghp2" } })).body.test).toBeNull();
});

describe("a mail server is tried by signing in there", () => {
  const fields = (port: number, more = {}) => ({
    host: "127.0.0.1",
    port: String(port),
    security: "none",
    from: "us@example.com",
    username: "us",
    password: "hunter2",
    ...more,
  });

  test("and is connected when it lets us in", async () => {
    const mail = await startMail({ port: 0, mailboxPort: 0 });
    const { body } = await create("smtp", fields(mail.port));
    expect(body.hosts).toEqual([`127.0.0.1:${mail.port}`]);
    expect(await trial(body.id)).toMatchObject({ ok: true, message: expect.stringContaining("as us") });
    await change(body.id, { fields: { security: "starttls" } });
    expect(await trial(body.id)).toMatchObject({ ok: false, message: expect.stringContaining("encrypt") });
    await mail.stop();
  });

  test.each([
    ["refuses the password", "535 5.7.8 hunter2 is wrong", "password"],
    ["is none", "HTTP/1.1 400 Bad Request", "no mail server"],
  ])("and is not when it %s, in words and without the password", async (_what, answer, words) => {
    const tcp = createTcpServer((socket) => {
      socket.on("error", () => undefined);
      if (!answer.startsWith("5")) return void socket.end(`${answer}\r\n`);
      socket.write("220 mail.test\r\n");
      socket.on("data", (line: Buffer) =>
        socket.write(line.toString().startsWith("EHLO") ? "250 AUTH PLAIN\r\n" : `${answer}\r\n`),
      );
    });
    await new Promise<void>((resolve) => void tcp.listen(0, "127.0.0.1", resolve));
    const { body } = await create("smtp", fields((tcp.address() as AddressInfo).port));
    const found = await trial(body.id);
    expect(found).toMatchObject({ ok: false, message: expect.stringContaining(words) });
    expect(JSON.stringify(found)).not.toContain("hunter2");
    tcp.close();
  });
});
