import { readFileSync } from "node:fs";
import tls from "node:tls";
import { Client } from "pg";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { makePushKey } from "#/lib/push/vapid.ts";
import { type Caller, call, openApi, type TestApi } from "#/tests/support/api.ts";
import { reviewed } from "#/tests/support/definitions.ts";
import { eventually } from "#/tests/support/eventually.ts";
import { publish } from "#/tests/support/publish.ts";
import { PUSH_CERTIFICATE, startPushService } from "#/tests/support/push-service.ts";

let api: TestApi;
let service: Awaited<ReturnType<typeof startPushService>>;
let owner: Client;

beforeAll(async () => {
  const certificate = readFileSync(PUSH_CERTIFICATE, "utf8");
  tls.setDefaultCACertificates([...tls.getCACertificates("default"), certificate]);
  service = await startPushService();
  api = await openApi({
    variables: {
      VAPID_PRIVATE_KEY: makePushKey(),
      VAPID_SUBJECT: "mailto:ops@cairn.test",
      HTTP_ALLOW_HOSTS: service.host,
    },
  });
  owner = new Client({ connectionString: api.ownerUrl });
  await owner.connect();
});
afterEach(() => void service.received.splice(0));
afterAll(async () => {
  await owner.end();
  await api.stop();
  await service.stop();
});

let devices = 0;
/** Subscribes a browser. @returns its name at the push service, and the device that it is to us */
async function addDevice(by: Caller, key = by.key, browser = `device-${(devices += 1)}`) {
  const { body, status } = await call(`${api.url}/api/v1/notifications/devices`, "POST", {
    body: { name: "Chrome on Android", ...service.subscribe(browser) },
    headers: { authorization: `Bearer ${key}` },
  });
  expect(status).toBe(201);
  return { browser, id: body.id as string };
}

const asking = (title: string, more: object = {}) => ({
  ...reviewed,
  steps: { ...reviewed.steps, review: { type: "approval", title, ...more } },
});

/** Runs a workflow until it waits. @returns its open question */
async function ask(by: Caller, title: string, more: object = {}): Promise<string> {
  const { workflowId } = await publish(by.tenant, asking(title, more));
  const { body } = await by.call("POST", `/api/v1/workflows/${workflowId}/runs`, { body: { input: {} } });
  const open = await eventually(
    async () => (await by.call("GET", `/api/v1/approvals?run=${body.id}`)).body.items[0],
  );
  return open.id;
}

async function tick(): Promise<void> {
  const { tick: run } = await import("#/operations/execution/tick.ts");
  await run();
}

const messagesTo = (browser: string) => service.received.filter(({ device }) => device === browser);
const whenTold = (browser: string, count = 1) =>
  eventually(() => (messagesTo(browser).length >= count ? messagesTo(browser) : undefined));
/** Lets a device be told again at once: it hears something once in a while only. */
const passTime = (workspaceId: string) =>
  owner.query(
    "update push_subscriptions set delivered_at = delivered_at - interval '1 hour' where workspace_id = $1",
    [workspaceId],
  );

test("a question is told once to each device of everybody who may answer it, signed, encrypted and without what the answer rests on", async () => {
  const caller = await api.workspace();
  const other = await caller.colleague("member");
  const [mine, second, theirs] = [
    await addDevice(caller),
    await addDevice(caller),
    await addDevice(caller, other.key),
  ];
  const id = await ask(caller, "Publish the summary?", {
    description: "very private words",
    show: "{{ 'the whole document' }}",
  });
  for (const { browser } of [mine, second, theirs]) await whenTold(browser);
  await tick();
  await tick();
  expect(service.received).toHaveLength(3);
  const [told] = messagesTo(mine.browser);
  expect(told?.message).toMatchObject({
    web_push: 8030,
    notification: { title: "Publish the summary?", tag: id },
    app_badge: 1,
  });
  expect(told?.message.notification.navigate).toMatch(new RegExp(`^${api.url}/[^/]+/inbox\\?item=${id}$`));
  expect(JSON.stringify(told?.message)).not.toMatch(/private|whole document/);
  expect(told?.size).toBeLessThan(1_000);
  expect(told?.sender).toMatchObject({ aud: service.origin, sub: "mailto:ops@cairn.test" });
  expect(Number(told?.sender["exp"]) * 1_000 - Date.now()).toBeLessThan(24 * 3_600_000);
  expect(told?.headers).toMatchObject({ topic: id.replaceAll("-", ""), urgency: "high" });
});

test("whoever may not answer is told nothing, nor is another workspace, nor a device of what was asked before it was there", async () => {
  const [caller, stranger] = [await api.workspace(), await api.workspace()];
  const other = await caller.colleague();
  await ask(caller, "Asked before?");
  const [mine, theirs, alien] = [
    await addDevice(caller),
    await addDevice(caller, other.key),
    await addDevice(stranger),
  ];
  await ask(caller, "Four eyes?", { selfApproval: false });
  await whenTold(theirs.browser);
  await tick();
  expect(messagesTo(theirs.browser).map(({ message }) => message.notification.title)).toEqual(["Four eyes?"]);
  expect([...messagesTo(mine.browser), ...messagesTo(alien.browser)]).toEqual([]);
});

test("in quiet hours nothing is told, and what is still open afterwards comes in one message", async () => {
  const caller = await api.workspace();
  const { browser } = await addDevice(caller);
  const clock = (hours: number) =>
    `${String((new Date().getUTCHours() + hours + 24) % 24).padStart(2, "0")}:00`;
  const quiet = (quietHours: object | null) =>
    caller.call("PUT", "/api/v1/notifications/quiet-hours", { body: { quietHours } });
  expect(await quiet({ from: clock(-1), to: clock(2), timeZone: "UTC" })).toMatchObject({ status: 200 });
  await ask(caller, "First of the night?");
  await ask(caller, "Second of the night?");
  await tick();
  expect(messagesTo(browser)).toEqual([]);
  await quiet(null);
  await tick();
  const [told] = await whenTold(browser);
  await tick();
  expect(messagesTo(browser)).toHaveLength(1);
  expect(told?.message).toMatchObject({
    notification: { title: "2 questions wait for you", tag: "questions" },
    app_badge: 2,
  });
});

test("a busy push service is asked again, a device that is gone is removed, and one that says no says why", async () => {
  const caller = await api.workspace();
  const { browser, id } = await addDevice(caller);
  service.answers.push({ status: 429, retryAfter: "1" });
  await ask(caller, "Again?");
  const show = async () => (await caller.call("GET", "/api/v1/notifications")).body.devices;
  await eventually(async () => ((await show())[0]?.problem ? true : undefined));
  expect(await show()).toMatchObject([{ id, problem: "The push service answered 429.", deliveredAt: null }]);
  await owner.query("update push_deliveries set due_at = now() where workspace_id = $1", [
    caller.workspaceId,
  ]);
  await tick();
  expect(await whenTold(browser)).toHaveLength(1);
  await passTime(caller.workspaceId);
  service.answers.push({ status: 403 });
  await ask(caller, "Refused?");
  await eventually(async () => ((await show())[0]?.problem?.includes("403") ? true : undefined));
  await tick();
  expect(messagesTo(browser)).toHaveLength(1);
  await passTime(caller.workspaceId);
  service.unsubscribe(browser);
  await ask(caller, "Gone?");
  await eventually(async () => ((await show()).length === 0 ? true : undefined));
});

test("addresses inside the network, without https, and keys that are none are refused at the field", async () => {
  const caller = await api.workspace();
  const { keys } = service.subscribe("refused");
  const add = async (endpoint: string, with_: object = keys) =>
    (
      await caller.call("POST", "/api/v1/notifications/devices", {
        body: { name: "x", endpoint, keys: with_ },
      })
    ).body;
  for (const endpoint of [
    "https://127.0.0.1/push",
    "https://169.254.169.254/latest",
    "https://[::1]/push",
    "https://10.0.0.8/push",
    "http://8.8.8.8/push",
  ])
    expect(await add(endpoint)).toMatchObject({
      code: "invalid-request",
      errors: [{ path: "/endpoint" }],
    });
  expect(await add("https://8.8.8.8/push", { ...keys, auth: "c2hvcnQ" })).toMatchObject({
    errors: [{ path: "/keys" }],
  });
  const hours = (quietHours: object) =>
    caller.call("PUT", "/api/v1/notifications/quiet-hours", { body: { quietHours } });
  expect(await hours({ from: "22:00", to: "07:00", timeZone: "Mars/Olympus" })).toMatchObject({
    status: 422,
    body: { errors: [{ path: "/quietHours/timeZone" }] },
  });
  expect(await hours({ from: "22:00", to: "22:00", timeZone: "UTC" })).toMatchObject({ status: 422 });
});

test("quiet hours replace those that the caller has read, and no others", async () => {
  const caller = await api.workspace();
  const night = { from: "22:00", to: "07:00", timeZone: "UTC" };
  const noon = { from: "12:00", to: "13:00", timeZone: "UTC" };
  const put = (quietHours: object | null, replaces?: object | null) =>
    caller.call("PUT", "/api/v1/notifications/quiet-hours", { body: { quietHours, replaces } });
  const overtaken = { status: 409, body: { code: "settings-changed" } };
  const hours = async () => (await caller.call("GET", "/api/v1/notifications")).body.quietHours;
  expect(await put(night, noon)).toMatchObject(overtaken);
  expect(await hours()).toBeNull();
  expect(await put(night, null)).toMatchObject({ status: 200, body: { quietHours: night } });
  // Sent again, it is what it was.
  expect(await put(night, null)).toMatchObject({ status: 200 });
  expect(await put(noon, null)).toMatchObject(overtaken);
  expect(await put(null, noon)).toMatchObject(overtaken);
  expect(await put(null, null)).toMatchObject(overtaken);
  expect(await hours()).toEqual(night);
  expect(await put(noon, night)).toMatchObject({ status: 200, body: { quietHours: noon } });
  expect(await put(null, noon)).toMatchObject({ status: 200, body: { quietHours: null } });
  expect(await put(night)).toMatchObject({ status: 200, body: { quietHours: night } });
});

test("a browser belongs to whoever has subscribed it last, a device to its person, and both go with the membership", async () => {
  const caller = await api.workspace();
  const other = await caller.colleague("member");
  const { browser, id } = await addDevice(caller);
  const asOther = (method: string, path: string) =>
    call(`${api.url}/api/v1/notifications${path}`, method, {
      headers: { authorization: `Bearer ${other.key}` },
    });
  expect((await asOther("DELETE", `/devices/${id}`)).status).toBe(404);
  expect((await asOther("POST", `/devices/${id}/test`)).status).toBe(404);
  expect((await asOther("GET", "")).body.devices).toEqual([]);
  const again = await addDevice(caller, caller.key, browser);
  expect(again.id).toBe(id);
  const handed = await addDevice(caller, other.key, browser);
  expect((await caller.call("GET", "/api/v1/notifications")).body.devices).toEqual([]);
  const elsewhere = await api.workspace();
  await addDevice(elsewhere, elsewhere.key, browser);
  expect((await asOther("GET", "")).body.devices).toEqual([]);
  const last = await addDevice(caller, other.key);
  expect(handed.id).not.toBe(last.id);
  expect((await asOther("POST", `/devices/${last.id}/test`)).body).toEqual({
    isDelivered: true,
    problem: null,
  });
  const [told] = await whenTold(last.browser);
  expect(told?.message.notification.title).toBe("Notifications work");
  expect(JSON.stringify((await asOther("GET", "")).body)).not.toContain("/push/");
  await owner.query("delete from members where workspace_id = $1 and user_id = $2", [
    caller.workspaceId,
    other.userId,
  ]);
  const { rows } = await owner.query("select id from push_subscriptions where workspace_id = $1", [
    caller.workspaceId,
  ]);
  expect(rows).toEqual([]);
});

test("two who tell at the same moment tell once", async () => {
  const caller = await api.workspace();
  const { browser } = await addDevice(caller);
  await owner.query("update push_subscriptions set delivered_at = now() where workspace_id = $1", [
    caller.workspaceId,
  ]);
  await ask(caller, "Once?");
  await passTime(caller.workspaceId);
  await Promise.all([tick(), tick(), tick(), tick()]);
  await whenTold(browser);
  expect(messagesTo(browser)).toHaveLength(1);
});
