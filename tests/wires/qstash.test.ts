import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { createServer, type IncomingHttpHeaders } from "node:http";
import { join } from "node:path";
import { Client, QstashError, Receiver } from "@upstash/qstash";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { closeServer, listenOnLoopback } from "#/local/loopback.ts";
import { type Qstash, startQstash } from "#/local/qstash/serve.ts";
import { scratchDirectory } from "#/tests/support/scratch-directory.ts";

const TOKEN = "qstash-contract-token";
const KEYS = { currentSigningKey: "sig_current_of_the_contract", nextSigningKey: "sig_next_of_the_contract" };
const directory = scratchDirectory();
const receiver = new Receiver({ ...KEYS, devMode: false });

type Delivery = {
  readonly path: string;
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly verified: unknown;
};
/** Status 0 breaks the connection instead of answering. */
type Reply = { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string };

let deliveries: Delivery[] = [];
let reply: (delivery: Delivery) => Reply | Promise<Reply>;
let appPort: number;
let qstash: Qstash;
let client: Client;

const app = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on("data", (part: Buffer) => parts.push(part));
  request.on("end", () => {
    void (async () => {
      const body = Buffer.concat(parts).toString();
      const signature = String(request.headers["upstash-signature"]);
      const verified = await receiver
        .verify({ signature, body, url: to(request.url ?? "") })
        .catch((error: Error) => error.message);
      const delivery = {
        path: request.url ?? "",
        method: request.method ?? "",
        headers: request.headers,
        body,
        verified,
      };
      deliveries.push(delivery);
      const { status, headers = {}, body: text = "" } = await reply(delivery);
      if (status === 0) request.socket.destroy();
      else response.writeHead(status, headers).end(text);
    })();
  });
});

beforeAll(async () => {
  appPort = await listenOnLoopback(app, 0);
  qstash = await startQstash({ port: 0, file: join(directory, "contract.db"), token: TOKEN, ...KEYS });
  client = connect(qstash.port);
});
beforeEach(() => {
  deliveries = [];
  reply = () => ({ status: 200 });
});
afterAll(async () => {
  await qstash.stop();
  await closeServer(app);
  rmSync(directory, { recursive: true, force: true });
});

describe("publish", () => {
  test("delivers body, query and forwarded headers, with a signature that the Receiver accepts", async () => {
    const { messageId } = await client.publishJSON({
      url: to("/a?x=1&y=2"),
      body: { a: 1 },
      headers: { "x-my": "1" },
      label: ["one", "two"],
    });
    const delivery = await delivered("/a?x=1&y=2");
    expect(delivery).toMatchObject({ method: "POST", verified: true, body: '{"a":1}' });
    expect(delivery.headers).toMatchObject({
      "x-my": "1",
      "content-type": "application/json",
      "user-agent": "Upstash-QStash",
      "upstash-message-id": messageId,
      "upstash-retried": "0",
    });
  });

  test("keeps escapes and an empty body as they are", async () => {
    await client.publish({ url: to("/p%20q?next=https%3A%2F%2Fx.test%2Fa"), method: "POST" });
    expect(await delivered("/p%20q?next=https%3A%2F%2Fx.test%2Fa")).toMatchObject({
      body: "",
      verified: true,
    });
  });

  test("signs so that another key, body or url is refused", async () => {
    await client.publishJSON({ url: to("/signed"), body: 1 });
    const { headers, body } = await delivered("/signed");
    const signature = String(headers["upstash-signature"]);
    const stranger = new Receiver({ currentSigningKey: "other", nextSigningKey: "another", devMode: false });
    await expect(stranger.verify({ signature, body })).rejects.toThrow(/signature/);
    await expect(receiver.verify({ signature, body: `${body} ` })).rejects.toThrow(/body hash/);
    await expect(receiver.verify({ signature, body, url: to("/other") })).rejects.toThrow(/subject/);
  });

  test("holds a delayed message back until it is due", async () => {
    await client.publishJSON({ url: to("/later"), body: {}, delay: 1 });
    await client.publishJSON({ url: to("/now"), body: {} });
    await delivered("/later");
    expect(deliveries.map(({ path }) => path)).toEqual(["/now", "/later"]);
  });

  test("refuses an Upstash header that it does not understand, instead of ignoring it", async () => {
    const headers = { "Upstash-Redact-Fields": "body", "Upstash-Dealy": "1d" };
    for (const [name, value] of Object.entries(headers)) {
      const response = await fetch(`http://127.0.0.1:${qstash.port}/v2/publish/${to("/never")}`, {
        method: "POST",
        headers: { authorization: `Bearer ${TOKEN}`, [name]: value },
      });
      expect([response.status, await response.text()]).toEqual([
        400,
        expect.stringContaining(name.toLowerCase()),
      ]);
    }
  });

  test("refuses malformed options with the reason", async () => {
    expect(
      await refusal(client.publishJSON({ url: to("/x"), body: {}, retryDelay: "process.exit()" })),
    ).toEqual(because(400, /retry delay/));
    expect(
      await refusal(client.publishJSON({ url: to("/x"), body: {}, headers: { "Upstash-Delay": "soon" } })),
    ).toEqual(because(400, /duration/));
    expect(
      await refusal(
        client.publishJSON({ url: to("/x"), body: {}, flowControl: { key: "k", parallelism: 0 } }),
      ),
    ).toEqual(because(400, /positive/));
    expect(await refusal(client.publishJSON({ urlGroup: "nobody", body: {} }))).toEqual(
      because(404, /url group nobody not found/),
    );
  });
});

describe("repeated messages", () => {
  test("with one deduplication id are accepted once, and answered with the first id", async () => {
    const first = await client.publishJSON({ url: to("/once"), body: {}, deduplicationId: "key" });
    const second = await client.publishJSON({
      url: to("/once"),
      body: { other: true },
      deduplicationId: "key",
    });
    await client.publishJSON({ url: to("/once-more"), body: {}, deduplicationId: "key-2" });
    await delivered("/once-more");
    expect(second).toMatchObject({ messageId: first.messageId, deduplicated: true });
    expect(deliveriesTo("/once")).toHaveLength(1);
  });

  test("with one content are accepted once when asked for", async () => {
    const publish = (body: unknown) =>
      client.publishJSON({ url: to("/content"), body, contentBasedDeduplication: true });
    const [one, same, other] = [await publish({ n: 1 }), await publish({ n: 1 }), await publish({ n: 2 })];
    expect(same.messageId).toBe(one.messageId);
    expect(other.messageId).not.toBe(one.messageId);
  });

  test("with a colon in the id are refused, as the real service does", async () => {
    expect(await refusal(client.publishJSON({ url: to("/x"), body: {}, deduplicationId: "run:1" }))).toEqual(
      because(400, /cannot contain ':'/),
    );
  });
});

describe("a failing destination", () => {
  test("is tried again after the retry delay, then the message is a dead letter, and the failure callback tells", async () => {
    reply = ({ path }) => ({ status: path === "/fail" ? 500 : 200, body: "nope" });
    const { messageId } = await client.publishJSON({
      url: to("/fail"),
      body: { z: 1 },
      retries: 2,
      retryDelay: "10 * (1 + retried)",
      failureCallback: to("/failure"),
    });
    const callback = JSON.parse((await delivered("/failure")).body);
    expect(deliveriesTo("/fail").map(({ headers }) => headers["upstash-retried"])).toEqual(["0", "1", "2"]);
    expect(callback).toMatchObject({ status: 500, sourceMessageId: messageId, retried: 2, maxRetries: 2 });
    expect([atob(callback.body), atob(callback.sourceBody)]).toEqual(["nope", '{"z":1}']);
    const { messages } = await client.dlq.listMessages({ filter: { url: to("/fail") } });
    expect(messages).toMatchObject([
      { dlqId: callback.dlqId, responseStatus: 500, responseBody: "nope", body: '{"z":1}' },
    ]);
  });

  test("gets a dead letter again when asked, as a new message", async () => {
    reply = () => ({ status: 500 });
    await client.publishJSON({ url: to("/revive"), body: { keep: "me" }, retries: 0 });
    const dlqId = await vi.waitFor(
      async () => (await client.dlq.listMessages({ filter: { url: to("/revive") } })).messages[0]!.dlqId,
    );
    reply = () => ({ status: 200 });
    await client.dlq.retry(dlqId);
    await vi.waitFor(() =>
      expect(deliveriesTo("/revive").map(({ body }) => body)).toEqual(['{"keep":"me"}', '{"keep":"me"}']),
    );
    expect((await client.dlq.listMessages({ filter: { url: to("/revive") } })).messages).toEqual([]);
  });

  test("that says 489 is not tried again", async () => {
    reply = () => ({ status: 489, headers: { "Upstash-NonRetryable-Error": "true" } });
    await client.publishJSON({ url: to("/never"), body: {}, retries: 3, retryDelay: "1" });
    const { messages } = await vi.waitFor(async () => {
      const listed = await client.dlq.listMessages({ filter: { url: to("/never") } });
      expect(listed.messages).toHaveLength(1);
      return listed;
    });
    expect(deliveriesTo("/never")).toHaveLength(1);
    expect(await client.dlq.delete(messages[0]!.dlqId)).toEqual({ deleted: 1 });
  });

  test("decides the wait with Retry-After", async () => {
    reply = ({ headers }) =>
      headers["upstash-retried"] === "0" ? { status: 503, headers: { "Retry-After": "0" } } : { status: 200 };
    await client.publishJSON({ url: to("/busy"), body: {}, retryDelay: "86400000" });
    await vi.waitFor(() => expect(deliveriesTo("/busy")).toHaveLength(2));
  });

  test("that dies at work on a kept connection has failed: the message comes again at once, as a later attempt", async () => {
    await client.publishJSON({ url: to("/before"), body: {} });
    await delivered("/before");
    reply = ({ headers }) => ({ status: headers["upstash-retried"] === "0" ? 0 : 200 });
    await client.publishJSON({ url: to("/dies"), body: {}, retries: 2, retryDelay: "10" });
    await vi.waitFor(() =>
      expect(deliveriesTo("/dies").map(({ headers }) => headers["upstash-retried"])).toEqual(["0", "1"]),
    );
  });

  test("that cannot be reached is a failure with a reason", async () => {
    await client.publishJSON({ url: "http://127.0.0.1:1/", body: {}, retries: 0 });
    await vi.waitFor(async () => {
      const { messages } = await client.dlq.listMessages({ filter: { url: "http://127.0.0.1:1/" } });
      expect(messages).toMatchObject([
        { responseStatus: 0, responseBody: expect.stringContaining("ECONNREFUSED") },
      ]);
    });
  });

  test("that takes longer than the timeout is a failure", async () => {
    reply = ({ path }) => (path === "/slow" ? new Promise<Reply>(() => {}) : { status: 200 });
    await client.publishJSON({
      url: to("/slow"),
      body: {},
      retries: 0,
      timeout: 1,
      failureCallback: to("/too-slow"),
    });
    expect(JSON.parse((await delivered("/too-slow")).body)).toMatchObject({
      status: 0,
      body: btoa("timeout"),
    });
  });

  test("is heard of by the callback, as success is", async () => {
    reply = ({ path, headers }) =>
      path === "/asked" && headers["upstash-retried"] === "0"
        ? { status: 503 }
        : { status: 200, body: "pong" };
    await client.publishJSON({ url: to("/asked"), body: {}, callback: to("/callback"), retryDelay: "1" });
    await vi.waitFor(() => expect(deliveriesTo("/callback")).toHaveLength(2));
    const statuses = deliveriesTo("/callback").map(({ body }) => JSON.parse(body).status);
    expect(statuses).toEqual([503, 200]);
  });
});

describe("pending messages", () => {
  test("can be read and cancelled, one by one and by filter", async () => {
    const one = await client.publishJSON({ url: to("/never"), body: { q: 1 }, delay: "1d", label: "first" });
    const two = await client.publishJSON({ url: to("/never"), body: { q: 2 }, delay: "1d", label: "second" });
    expect(await client.messages.get(one.messageId)).toMatchObject({
      url: to("/never"),
      labels: ["first"],
      body: '{"q":1}',
    });
    expect(await client.messages.cancel({ filter: { label: "second" } })).toEqual({ cancelled: 1 });
    expect(await client.messages.cancel(one.messageId)).toEqual({ cancelled: 1 });
    expect(await refusal(client.messages.get(one.messageId))).toEqual(because(404, /not found/));
    expect(await refusal(client.messages.get(two.messageId))).toEqual(because(404, /not found/));
  });

  test("that were cancelled while under way are not tried again", async () => {
    let answer: (reply: Reply) => void = () => {};
    reply = () => new Promise<Reply>((resolve) => (answer = resolve));
    const { messageId } = await client.publishJSON({ url: to("/under-way"), body: {}, retryDelay: "0" });
    await delivered("/under-way");
    await client.messages.cancel(messageId);
    answer({ status: 500 });
    await vi.waitFor(() => expect(client.messages.get(messageId)).rejects.toThrow(/not found/));
    expect(deliveriesTo("/under-way")).toHaveLength(1);
  });
});

describe("lists", () => {
  const lists = [
    "DELETE /v2/messages",
    "DELETE /v2/dlq",
    "POST /v2/dlq/retry",
    "GET /v2/dlq",
    "GET /v2/events",
  ];

  test.each(lists)(
    "%s refuses a filter that it does not know instead of choosing everything",
    async (list) => {
      const { messageId } = await client.publishJSON({ url: to("/never"), body: {}, delay: "1d" });
      const [method = "", path = ""] = list.split(" ");
      for (const query of ["lable=x", "tag=x", "count=many", "fromDate=yesterday"]) {
        const response = await call(method, `${path}?${query}`);
        expect([query, response.status]).toEqual([query, 400]);
      }
      expect(await client.messages.cancel(messageId)).toEqual({ cancelled: 1 });
    },
  );

  test("of dead letters know neither host nor path, as the real service", async () => {
    expect((await call("DELETE", "/v2/dlq?host=example.com")).status).toBe(400);
    expect((await call("GET", "/v2/dlq?path=/x")).status).toBe(400);
  });

  test("take at most as many as count says", async () => {
    for (const q of [1, 2, 3])
      await client.publishJSON({ url: to("/never"), body: { q }, delay: "1d", label: "counted" });
    expect(await client.messages.cancel({ filter: { label: "counted" }, count: 2 })).toEqual({
      cancelled: 2,
    });
    expect(await client.messages.cancel({ filter: { label: "counted" } })).toEqual({ cancelled: 1 });
  });

  test("can be chosen by the caller's address", async () => {
    const { messageId } = await client.publishJSON({ url: to("/never"), body: {}, delay: "1d" });
    expect(await client.messages.cancel({ filter: { callerIp: "203.0.113.9" } })).toEqual({ cancelled: 0 });
    const { callerIP } = (await client.messages.get(messageId)) as { callerIP?: string };
    expect(await client.messages.cancel({ filter: { callerIp: String(callerIP) } })).toEqual({
      cancelled: 1,
    });
  });
});

describe("batches and url groups", () => {
  test("answer each item for itself", async () => {
    await client.urlGroups.addEndpoints({
      name: "group",
      endpoints: [{ url: to("/g1"), name: "one" }, { url: to("/g2") }],
    });
    const answers: unknown[] = await client.batchJSON([
      { url: to("/b1"), body: {} },
      { urlGroup: "group", body: {} },
      { urlGroup: "missing", body: {} },
    ]);
    expect(answers).toMatchObject([
      { messageId: expect.stringMatching(/^msg_/) },
      [{ url: to("/g1") }, { url: to("/g2") }],
      { error: expect.any(String) },
    ]);
    await Promise.all(["/b1", "/g1", "/g2"].map(delivered));
    await client.urlGroups.removeEndpoints({ name: "group", endpoints: [{ name: "one" }] });
    expect((await client.urlGroups.get("group")).endpoints).toMatchObject([{ url: to("/g2") }]);
    await client.urlGroups.delete("group");
    expect(await client.urlGroups.list()).toEqual([]);
  });
});

describe("a queue", () => {
  test("delivers in order, waits for a retry, and stops while paused", async () => {
    const queue = client.queue({ queueName: "orders" });
    await queue.upsert({ parallelism: 1 });
    await queue.pause();
    reply = ({ path, headers }) => ({
      status: path === "/q0" && headers["upstash-retried"] === "0" ? 500 : 200,
    });
    for (let n = 0; n < 5; n += 1) await queue.enqueueJSON({ url: to(`/q${n}`), body: {}, retryDelay: "30" });
    expect(await queue.get()).toMatchObject({ lag: 5, paused: true });
    expect(deliveries).toEqual([]);
    await queue.resume();
    await delivered("/q4");
    expect(deliveries.map(({ path }) => path)).toEqual(["/q0", "/q0", "/q1", "/q2", "/q3", "/q4"]);
    await queue.delete();
  });
});

describe("flow control", () => {
  test("keeps to the parallelism of the key", async () => {
    let now = 0;
    let most = 0;
    reply = async () => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setTimeout(resolve, 10));
      now -= 1;
      return { status: 200 };
    };
    await client.batchJSON(
      Array.from({ length: 8 }, () => ({
        url: to("/two"),
        body: {},
        flowControl: { key: "two-at-once", parallelism: 2 },
      })),
    );
    await vi.waitFor(() => expect(deliveriesTo("/two")).toHaveLength(8));
    expect(most).toBe(2);
  });

  test("can be paused and resumed", async () => {
    await client.flowControl.pause("held");
    await client.publishJSON({ url: to("/held"), body: {}, flowControl: { key: "held", parallelism: 2 } });
    await client.publishJSON({ url: to("/free"), body: {} });
    await delivered("/free");
    expect(await client.flowControl.get("held")).toMatchObject({ waitListSize: 1, isPaused: true });
    await client.flowControl.resume("held");
    await delivered("/held");
  });

  test("keeps to a pinned rate, whatever the messages ask for", async () => {
    await client.flowControl.pin("rated", { rate: 2, period: 3600 });
    await client.batchJSON(
      Array.from({ length: 6 }, () => ({
        url: to("/rated"),
        body: {},
        flowControl: { key: "rated", rate: 1000 },
      })),
    );
    await vi.waitFor(async () =>
      expect(await client.flowControl.get("rated")).toMatchObject({
        waitListSize: 4,
        rateMax: 2,
        isPinnedRate: true,
      }),
    );
    await client.flowControl.resetRate("rated");
    await vi.waitFor(() => expect(deliveriesTo("/rated")).toHaveLength(4));
    await client.flowControl.unpin("rated", { rate: true });
    await vi.waitFor(() => expect(deliveriesTo("/rated")).toHaveLength(6));
  });

  test("serves keys in turn: a long line does not delay another", async () => {
    await client.flowControl.pause("greedy");
    await client.flowControl.pause("modest");
    const flow = (key: string) => ({ key, parallelism: 1 });
    await client.batchJSON(
      Array.from({ length: 50 }, () => ({ url: to("/greedy"), body: {}, flowControl: flow("greedy") })),
    );
    await client.publishJSON({ url: to("/modest"), body: {}, flowControl: flow("modest") });
    await Promise.all([client.flowControl.resume("greedy"), client.flowControl.resume("modest")]);
    await vi.waitFor(() => expect(deliveriesTo("/greedy")).toHaveLength(50));
    expect(deliveries.findIndex(({ path }) => path === "/modest")).toBeLessThan(25);
  });

  test("tells the global parallelism", async () => {
    expect(await client.flowControl.getGlobalParallelism()).toEqual({
      parallelismMax: 100,
      parallelismCount: 0,
    });
  });
});

describe("schedules", () => {
  test("keep their zone, can be replaced, paused and deleted, and fire signed messages", async () => {
    const cron = "CRON_TZ=Europe/Berlin 0 4 * * *";
    const request = {
      destination: to("/cron"),
      scheduleId: "sweep",
      body: '{"k":1}',
      headers: { "Content-Type": "application/json", "x-my": "1" },
    };
    expect(await client.schedules.create({ ...request, cron: "0 5 * * *" })).toEqual({ scheduleId: "sweep" });
    await client.schedules.create({ ...request, cron });
    const schedule = await client.schedules.get("sweep");
    expect(schedule).toMatchObject({ cron, destination: to("/cron"), isPaused: false, body: '{"k":1}' });
    expect(
      new Date(schedule.nextScheduleTime!).toLocaleTimeString("en-GB", { timeZone: "Europe/Berlin" }),
    ).toBe("04:00:00");
    await client.schedules.pause({ schedule: "sweep" });
    expect(await client.schedules.list()).toMatchObject([{ scheduleId: "sweep", isPaused: true }]);
    await client.schedules.resume({ schedule: "sweep" });
    await call("POST", "/v2/_schedules/sweep/fire");
    const delivery = await delivered("/cron");
    expect(delivery).toMatchObject({ verified: true, body: '{"k":1}' });
    expect(delivery.headers).toMatchObject({
      "upstash-schedule-id": "sweep",
      "x-my": "1",
      "content-type": "application/json",
    });
    expect(delivery.headers).not.toHaveProperty("authorization");
    await client.schedules.delete("sweep");
    expect(await client.schedules.list()).toEqual([]);
  });

  test("come back as they were made, header names as the real service writes them", async () => {
    const headers = { "test-header": "1", "Upstash-Forward-bypass-tunnel-reminder": "2" };
    const { scheduleId } = await client.schedules.create({
      destination: to("/cron"),
      headers,
      body: '{"hello":"world"}',
      cron: "*/10 * * * * ",
    });
    const header = {
      "Bypass-Tunnel-Reminder": ["2"],
      "Content-Type": ["application/json"],
      "Test-Header": ["1"],
    };
    expect(await client.schedules.get(scheduleId)).toMatchObject({
      cron: "*/10 * * * *",
      header,
      body: '{"hello":"world"}',
    });
    await client.schedules.create({ destination: to("/cron"), scheduleId, cron: "*/10 * * * *" });
    expect((await client.schedules.get(scheduleId)).body).toBeUndefined();
    await client.schedules.delete(scheduleId);
  });

  test("that cannot work are refused", async () => {
    const destination = to("/cron");
    expect(await refusal(client.schedules.create({ destination, cron: "bogus" }))).toEqual(
      because(400, /invalid cron/),
    );
    expect(await refusal(client.schedules.create({ destination, cron: "* * * * * *" }))).toEqual(
      because(400, /invalid cron/),
    );
    expect(
      await refusal(client.schedules.create({ destination, cron: "CRON_TZ=Mars/Base 0 4 * * *" })),
    ).toEqual(because(400, /invalid cron/));
  });
});

describe("logs", () => {
  test("tell what became of a message, newest first", async () => {
    const { messageId } = await client.publishJSON({ url: to("/logged"), body: {} });
    await vi.waitFor(async () => {
      const { logs } = await client.logs({ filter: { messageId } });
      expect(logs.map(({ state }) => state)).toEqual(["DELIVERED", "ACTIVE", "CREATED"]);
    });
  });
});

describe("without a token", () => {
  const routes = [
    "publish/http://x.test/",
    "enqueue/q/http://x.test/",
    "batch",
    "messages",
    "queues",
    "topics",
    "dlq",
    "schedules",
    "events",
  ];
  const others = ["flowControl/k", "globalParallelism", "keys", "_faults", "_stats", "no-such-route"];

  test.each([...routes, ...others])("/v2/%s answers 401", async (route) => {
    for (const method of ["GET", "POST", "DELETE"]) {
      for (const authorization of ["", "Bearer wrong", `Bearer ${TOKEN}x`]) {
        const response = await fetch(`http://127.0.0.1:${qstash.port}/v2/${route}`, {
          method,
          headers: { authorization },
        });
        expect(response.status).toBe(401);
        expect(await response.json()).toEqual({ error: expect.stringContaining("Authorization: Bearer") });
      }
    }
  });

  test("the official client says so", async () => {
    const stranger = connect(qstash.port, "wrong");
    expect(await refusal(stranger.publishJSON({ url: to("/x"), body: {} }))).toEqual(
      because(401, /unauthorized/),
    );
  });
});

describe("nonsense", () => {
  test.each([
    ["POST", "/v2/batch", "{", 400],
    ["POST", "/v2/batch", '{"not":"a list"}', 400],
    ["POST", "/v2/_faults", '{"drop":2}', 400],
    ["POST", "/v2/_faults", '{"unknown":1}', 400],
    ["GET", "/v2/messages/%E0%A4%A", undefined, 400],
    ["GET", "/v2/nowhere", undefined, 404],
    ["GET", "/", undefined, 404],
  ])("%s %s %s answers %i", async (method, path, body, status) => {
    expect((await call(method, path, body)).status).toBe(status);
  });
});

describe("faults on purpose", () => {
  test("drop deliveries, double them, refuse publishers, and stop when told", async () => {
    const dropped = qstash.stats().dropped;
    await setFaults({ drop: 1 });
    await client.publishJSON({ url: to("/dropped"), body: {} });
    await vi.waitFor(() => expect(qstash.stats().dropped).toBe(dropped + 1));
    await setFaults({ duplicate: 1, delayMs: 5, seed: 7 });
    await client.publishJSON({ url: to("/doubled"), body: {} });
    await vi.waitFor(() => expect(deliveriesTo("/doubled")).toHaveLength(2));
    expect(new Set(deliveriesTo("/doubled").map(({ headers }) => headers["upstash-message-id"])).size).toBe(
      1,
    );
    await setFaults({ error: 1 });
    expect(await refusal(client.publishJSON({ url: to("/refused"), body: {} }))).toEqual(
      because(503, /fault injection/),
    );
    await setFaults({});
    await client.publishJSON({ url: to("/fine"), body: {} });
    await delivered("/fine");
    expect(deliveriesTo("/dropped")).toEqual([]);
  });
});

describe("a restart", () => {
  test("keeps schedules, settings, dead letters, deduplication, delayed messages and those under way", async () => {
    const file = join(directory, "restart.db");
    const first = await startQstash({ port: 0, file, token: TOKEN, ...KEYS });
    const before = connect(first.port);
    await before.schedules.create({ destination: to("/cron"), cron: "0 0 1 1 *", scheduleId: "keep" });
    await before.flowControl.pause("kept");
    reply = ({ path }) =>
      path === "/under-way" ? new Promise<Reply>(() => {}) : { status: path === "/dead" ? 500 : 200 };
    await before.publishJSON({ url: to("/dead"), body: {}, retries: 0 });
    await before.publishJSON({
      url: to("/under-way"),
      body: { big: "x".repeat(100_000) },
      deduplicationId: "one",
    });
    await before.publishJSON({ url: to("/later"), body: {}, delay: 1 });
    await delivered("/under-way");
    await vi.waitFor(() => expect(first.stats().deadLettered).toBe(1));
    await first.stop();

    reply = () => ({ status: 200 });
    const second = await startQstash({ port: 0, file, token: TOKEN, ...KEYS });
    const after = connect(second.port);
    await delivered("/later");
    await vi.waitFor(() => expect(deliveriesTo("/under-way")).toHaveLength(2));
    expect(deliveriesTo("/under-way")[1]).toMatchObject({
      body: deliveriesTo("/under-way")[0]!.body,
      verified: true,
    });
    expect(
      await after.publishJSON({ url: to("/under-way"), body: {}, deduplicationId: "one" }),
    ).toMatchObject({ deduplicated: true });
    expect(await after.schedules.list()).toMatchObject([{ scheduleId: "keep" }]);
    expect(await after.flowControl.get("kept")).toMatchObject({ isPaused: true });
    expect((await after.dlq.listMessages()).messages).toMatchObject([{ url: to("/dead") }]);
    await second.stop();
  });

  test("is not possible beside a running server on the same file", async () => {
    const options = { port: 0, file: join(directory, "contract.db"), token: TOKEN, ...KEYS };
    await expect(startQstash(options)).rejects.toThrow(/locked/);
  });

  test("after kill -9 delivers every message that was acknowledged", async () => {
    const file = join(directory, "killed.db");
    const acknowledged = new Set<string>();
    for (let round = 0; round < 3; round += 1) {
      const child = await startInChild(file);
      const publishing = Array.from({ length: 4 }, () => publishUntilRefused(child.port, acknowledged));
      const goal = acknowledged.size + 100;
      await vi.waitFor(() => expect(acknowledged.size).toBeGreaterThan(goal), {
        interval: 1,
        timeout: 20_000,
      });
      child.kill();
      await Promise.all(publishing);
    }
    const survivor = await startQstash({ port: 0, file, token: TOKEN, ...KEYS });
    const arrived = () => new Set(deliveries.map(({ headers }) => String(headers["upstash-message-id"])));
    await vi.waitFor(() => expect([...acknowledged].filter((id) => !arrived().has(id))).toEqual([]), {
      timeout: 20_000,
    });
    await vi.waitFor(() => expect(survivor.stats().pending).toBe(0), { timeout: 20_000 });
    await survivor.stop();
  });
});

function to(path: string): string {
  return `http://127.0.0.1:${appPort}${path}`;
}

function deliveriesTo(path: string): readonly Delivery[] {
  return deliveries.filter((delivery) => delivery.path === path);
}

function delivered(path: string): Promise<Delivery> {
  return vi.waitFor(
    () => {
      const found = deliveries.find((delivery) => delivery.path === path);
      if (!found) throw new Error(`nothing was delivered to ${path}`);
      return found;
    },
    { timeout: 10_000, interval: 5 },
  );
}

function connect(port: number, token = TOKEN): Client {
  return new Client({ baseUrl: `http://127.0.0.1:${port}`, token, retry: false, enableTelemetry: false });
}

function call(method: string, path: string, body?: string): Promise<Response> {
  const headers = { authorization: `Bearer ${TOKEN}` };
  return fetch(`http://127.0.0.1:${qstash.port}${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body }),
  });
}

async function setFaults(faults: Record<string, number>): Promise<void> {
  expect(await (await call("POST", "/v2/_faults", JSON.stringify(faults))).json()).toMatchObject(faults);
}

/** What the client says when a request is refused. */
async function refusal(request: Promise<unknown>): Promise<unknown> {
  const error: unknown = await request.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return error instanceof QstashError ? { status: error.status, message: error.message } : error;
}

function because(status: number, reason: RegExp): unknown {
  return { status, message: expect.stringMatching(reason) };
}

/** A server in a process of its own, which ends with this one at the latest. */
async function startInChild(file: string): Promise<{ port: number; kill: () => void }> {
  const source = `
    import { startQstash } from "#/local/qstash/serve.ts";
    const { port } = await startQstash(${JSON.stringify({ port: 0, file, token: TOKEN, ...KEYS })});
    process.stdin.resume().on("end", () => process.exit());
    console.log(port);`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", source], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const [line]: unknown[] = await once(child.stdout, "data");
  return { port: Number(String(line)), kill: () => child.kill("SIGKILL") };
}

/** Publishes due and delayed messages until the server is gone, and notes what was acknowledged. */
async function publishUntilRefused(port: number, acknowledged: Set<string>): Promise<void> {
  const publisher = connect(port);
  try {
    for (let n = 0; ; n += 1) {
      const delay = n % 3 === 0 ? { delay: 1 } : {};
      const { messageId } = await publisher.publishJSON({
        url: to("/survives"),
        body: { n },
        retryDelay: "100",
        ...delay,
      });
      acknowledged.add(messageId);
    }
  } catch {
    // The server was killed; this message was never acknowledged.
  }
}
