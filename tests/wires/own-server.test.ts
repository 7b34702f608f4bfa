import { once } from "node:events";
import { createServer } from "node:http";
import path from "node:path";
import { Client, Receiver } from "@upstash/qstash";
import { afterAll, beforeAll, expect, test } from "vitest";
import { closeServer, listenOnLoopback } from "#/local/loopback.ts";
import { startQstash } from "#/local/qstash/serve.ts";
import { addPerson, clerkFor, Page, startTestIdentity, temporaryFolder } from "#/tests/support/identity.ts";

// The services that come along, as a production start on a domain of its own runs them.
const DOMAIN = "https://cairn.example.com";
const { folder, remove } = temporaryFolder();
let identity: Awaited<ReturnType<typeof startTestIdentity>>;
let person: Awaited<ReturnType<typeof addPerson>>;

beforeAll(async () => {
  identity = await startTestIdentity({
    file: path.join(folder, "people.json"),
    appUrl: DOMAIN,
    admits: "invited",
  });
  person = await addPerson(clerkFor(identity.port), "ada");
});
afterAll(async () => {
  await identity.stop();
  remove();
});

const open = () => new Page(identity.port, DOMAIN);
const signUp = (email: string) =>
  open().post("/client/sign_ups", { email_address: email, password: "long enough" });

test("only people who were invited may sign up", async () => {
  expect(await signUp("mallory@cairn.test")).toMatchObject({ errors: [{ code: "not_allowed_access" }] });
  const admin = open();
  await admin.signIn(person.email, person.password);
  await admin.post(`/organizations/${person.organization.id}/invitations`, {
    email_address: "Grace@cairn.test",
    role: "org:member",
  });
  expect(await signUp("grace@cairn.test")).toMatchObject({ response: { status: "complete" } });
});

test("cookies of a domain travel over HTTPS alone", async () => {
  const answer = await open().response("/client/sign_ins", {
    method: "POST",
    body: new URLSearchParams({ identifier: person.email, password: person.password }),
  });
  const cookies = answer.headers.getSetCookie();
  expect(cookies).not.toEqual([]);
  for (const cookie of cookies) expect(cookie).toContain("Secure");
});

test("after ten wrong passwords of a person, also at the same time, the right one does not help for a while", async () => {
  const { email, password } = await addPerson(clerkFor(identity.port), "barbara");
  const guess = (text: string) => open().post("/client/sign_ins", { identifier: email, password: text });
  const guesses = await Promise.all(Array.from({ length: 12 }, (_, index) => guess(`wrong ${index}`)));
  const codes = guesses.flatMap(({ errors = [] }) => (errors as { code: string }[]).map(({ code }) => code));
  expect(codes.filter((code) => code === "form_password_incorrect")).toHaveLength(10);
  expect(await guess(password)).toMatchObject({ errors: [{ code: "user_locked" }] });
  const other = open();
  await other.signIn(person.email, person.password);
  expect(other.sessionId).not.toBe("");
});

test("messages to the domain take the way over loopback, and say and sign the domain", async () => {
  const keys = { currentSigningKey: "sig_current", nextSigningKey: "sig_next" };
  const app = createServer();
  const port = await listenOnLoopback(app, 0);
  const qstash = await startQstash({
    port: 0,
    file: ":memory:",
    token: "token",
    ...keys,
    shortCut: { from: DOMAIN, to: `http://127.0.0.1:${port}` },
  });
  const came = once(app, "request");
  const client = new Client({ baseUrl: `http://127.0.0.1:${qstash.port}`, token: "token" });
  await client.publishJSON({ url: `${DOMAIN}/api/queue/run?x=1`, body: {} });
  const [request, response] = await came;
  response.end();
  expect([request.url, request.headers.host]).toEqual(["/api/queue/run?x=1", "cairn.example.com"]);
  const signature = String(request.headers["upstash-signature"]);
  expect(await new Receiver(keys).verify({ signature, body: "{}", url: `${DOMAIN}/api/queue/run?x=1` })).toBe(
    true,
  );
  await qstash.stop();
  await closeServer(app);
});
