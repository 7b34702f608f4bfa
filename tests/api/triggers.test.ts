import { createHash, createHmac, randomUUID } from "node:crypto";
import { gzipSync } from "node:zlib";
import { Webhook } from "standardwebhooks";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { call, type Caller, openApi, type TestApi } from "#/tests/support/api.ts";
import { echo } from "#/tests/support/definitions.ts";
import { readRows } from "#/tests/support/owner.ts";
import { publish } from "#/tests/support/publish.ts";

let api: TestApi;
let caller: Caller;
let workflowId: string;
beforeAll(async () => {
  api = await openApi();
  caller = await api.workspace();
  ({ workflowId } = await publish(caller.tenant, { ...echo, input: {} }));
});
afterAll(() => api.stop());

async function readPriority(runId: string): Promise<unknown> {
  const [row] = await readRows(api.ownerUrl, "select priority from agent_sessions where id = $1", [runId]);
  return row?.["priority"];
}

describe("webhooks", () => {
  let hook: { id: string; url: string; secret: string };
  beforeAll(async () => {
    hook = (await caller.call("POST", "/api/v1/webhooks", { body: { workflowId, name: "Orders" } })).body;
  });

  interface Delivery {
    readonly body?: string;
    readonly messageId?: string;
    readonly at?: Date;
    readonly secret?: string;
    readonly url?: string;
    readonly headers?: Record<string, string>;
  }
  const deliver = ({
    body = '{"topic":"order 7"}',
    messageId = randomUUID(),
    at = new Date(),
    secret = hook.secret,
    url = hook.url,
    headers = {},
  }: Delivery = {}) =>
    call(url, "POST", {
      body,
      headers: {
        "webhook-id": messageId,
        "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
        "webhook-signature": new Webhook(secret).sign(messageId, at, body),
        ...headers,
      },
    });
  const pass = async (ms: number) => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + ms });
    await Promise.resolve();
  };
  afterEach(() => void vi.useRealTimers());
  const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);

  test("show their address and secret when they are made", () => {
    expect(hook).toMatchObject({
      name: "Orders",
      workflowName: "test",
      enabled: true,
      lastDeliveryAt: null,
      secret: expect.stringMatching(/^whsec_/),
    });
    expect(hook.url.startsWith(`${api.url}/api/hooks/`)).toBe(true);
  });

  test("start a run with the body as input", async () => {
    const { status, body } = await deliver({ messageId: "m-1" });
    expect(status).toBe(202);
    expect(body).toEqual({ runId: expect.any(String), url: `${api.url}/api/v1/runs/${body.runId}` });
    expect((await caller.call("GET", `/api/v1/runs/${body.runId}`)).body).toMatchObject({
      input: { topic: "order 7" },
      trigger: { kind: "webhook", webhookId: hook.id, messageId: "m-1" },
    });
  });

  test("answer a repeated message with the run of the first, also at the same moment", async () => {
    const answers = await Promise.all(Array.from({ length: 4 }, () => deliver({ messageId: "m-2" })));
    expect(new Set(answers.map(({ body }) => body.runId)).size).toBe(1);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
    expect((await deliver({ messageId: "m-2" })).status).toBe(200);
    const { body } = await caller.call("GET", `/api/v1/webhooks/${hook.id}/deliveries`);
    expect(body.items.filter((it: { messageId: string }) => it.messageId === "m-2")).toHaveLength(1);
  });

  test.each([
    ["a list", "[1,2]", { body: [1, 2] }],
    ["text", "plain text", { body: "plain text" }],
    ["nothing", "", { body: "" }],
  ])("take %s under body", async (_what, sent, input) => {
    const { body } = await deliver({ body: sent });
    expect((await caller.call("GET", `/api/v1/runs/${body.runId}`)).body.input).toEqual(input);
  });

  const signedBytes = (bytes: Uint8Array, headers: Record<string, string>) => {
    const [id, seconds] = [randomUUID(), String(Math.floor(Date.now() / 1000))];
    const key = Buffer.from(hook.secret.slice("whsec_".length), "base64");
    const signature = createHmac("sha256", key).update(`${id}.${seconds}.`).update(bytes).digest("base64");
    return fetch(hook.url, {
      method: "POST",
      body: bytes as BodyInit,
      headers: {
        ...headers,
        "webhook-id": id,
        "webhook-timestamp": seconds,
        "webhook-signature": `v1,${signature}`,
      },
    });
  };
  const inputFor = async (response: Response) =>
    (await caller.call("GET", `/api/v1/runs/${(await response.json()).runId}`)).body.input;
  const latin1 = Buffer.from('{"name":"Müller, café"}', "latin1");
  const png = Buffer.from("89504e470d0a1a0a0000000d49484452", "hex");

  test.each<[string, Uint8Array, Record<string, string>, unknown]>([
    [
      "Latin-1 that its header names",
      latin1,
      { "content-type": "application/json; charset=iso-8859-1" },
      { name: "Müller, café" },
    ],
    ["Latin-1 that nobody names", latin1, { "content-type": "application/json" }, { name: "Müller, café" }],
    [
      "gzip",
      gzipSync('{"name":"packed"}'),
      { "content-type": "application/json", "content-encoding": "gzip" },
      { name: "packed" },
    ],
    [
      "a byte order mark",
      Buffer.from('\uFEFF{"name":"marked"}'),
      { "content-type": "application/json" },
      { name: "marked" },
    ],
    [
      "a number beyond 2^53",
      Buffer.from('{"id":12345678901234567890,"n":9007199254740991}'),
      { "content-type": "application/json" },
      { id: "12345678901234567890", n: 9007199254740991 },
    ],
    [
      "a picture",
      png,
      { "content-type": "image/png" },
      {
        body: {
          contentType: "image/png",
          bytes: 16,
          sha256: createHash("sha256").update(png).digest("hex"),
          base64: png.toString("base64"),
        },
      },
    ],
  ])(
    "are verified over their bytes and read as their headers say: %s",
    async (_what, bytes, headers, input) => {
      const response = await signedBytes(bytes, headers);
      expect(response.status).toBe(202);
      expect(await inputFor(response)).toEqual(input);
    },
  );

  test.each<[string, Uint8Array, Record<string, string>, number]>([
    ["packed tighter than the limit", gzipSync("x".repeat(1_000_001)), { "content-encoding": "gzip" }, 413],
    ["not packed at all", Buffer.from("{}"), { "content-encoding": "gzip" }, 415],
    ["packed in a way nobody knows", Buffer.from("{}"), { "content-encoding": "compress" }, 415],
  ])("are refused with the reason when they are %s", async (_what, bytes, headers, status) => {
    expect((await signedBytes(bytes, headers)).status).toBe(status);
  });

  test("take a signature made while the secret was rotated", async () => {
    const messageId = randomUUID();
    const at = new Date();
    const good = new Webhook(hook.secret).sign(messageId, at, "{}");
    expect(
      (
        await deliver({
          body: "{}",
          messageId,
          at,
          headers: { "webhook-signature": `v1,${"A".repeat(43)}= ${good}` },
        })
      ).status,
    ).toBe(202);
  });

  test("do not say why they refuse a delivery", async () => {
    const refused = await Promise.all([
      deliver({ secret: `whsec_${Buffer.from("another secret").toString("base64")}` }),
      deliver({ at: minutesAgo(6) }),
      deliver({ at: minutesAgo(-6) }),
      deliver({ headers: { "webhook-signature": "v1,nonsense" } }),
      deliver({ headers: { "webhook-id": "another" } }),
      deliver({ headers: { "webhook-timestamp": "yesterday" } }),
      call(hook.url, "POST", { body: "{}" }),
    ]);
    expect(refused.map(({ status }) => status)).toEqual(Array.from({ length: 7 }, () => 401));
    expect(new Set(refused.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect((await deliver({ at: minutesAgo(4) })).status).toBe(202);
  });

  test("that do not exist answer 404", async () => {
    expect((await deliver({ url: `${api.url}/api/hooks/${"x".repeat(32)}` })).status).toBe(404);
  });

  test("refuse a body that is too large", async () => {
    expect((await deliver({ body: "x".repeat(1_000_001) })).status).toBe(413);
  });

  test("show their address and secret again, and write that down", async () => {
    const shown = await caller.call("POST", `/api/v1/webhooks/${hook.id}/reveal`);
    expect(shown.body).toEqual({ id: hook.id, url: hook.url, secret: hook.secret });
    const list = JSON.stringify((await caller.call("GET", "/api/v1/webhooks")).body);
    expect(list).not.toContain(hook.secret);
    expect(list).not.toContain(hook.url.split("/").at(-1));
    expect(
      await readRows(
        api.ownerUrl,
        "select 1 from audit_log where action = 'webhook.revealed' and target_id = $1",
        [hook.id],
      ),
    ).toHaveLength(1);
    const stored = JSON.stringify(await readRows(api.ownerUrl, "select * from webhooks"));
    expect(stored).not.toContain(hook.secret.slice(6));
    expect(stored).not.toContain(hook.url.split("/").at(-1));
  });

  test("start their runs with their priority, also when a delivery is sent again", async () => {
    const made = await caller.call("POST", "/api/v1/webhooks", {
      body: { workflowId, name: "Alarms", priority: "high" },
    });
    expect(made.body).toMatchObject({ priority: "high" });
    const urgent = { url: made.body.url, secret: made.body.secret };
    const { body: first } = await deliver({ ...urgent, messageId: "alarm-1" });
    expect(await readPriority(first.runId)).toBe("high");
    expect(
      (await caller.call("PATCH", `/api/v1/webhooks/${made.body.id}`, { body: { priority: "low" } })).body,
    ).toMatchObject({ priority: "low", name: "Alarms", enabled: true });
    const { body: deliveries } = await caller.call("GET", `/api/v1/webhooks/${made.body.id}/deliveries`);
    const again = await caller.call(
      "POST",
      `/api/v1/webhooks/${made.body.id}/deliveries/${deliveries.items[0].id}/redeliver`,
    );
    expect(await readPriority(again.body.id)).toBe("low");
    expect(
      (await caller.call("PATCH", `/api/v1/webhooks/${made.body.id}`, { body: { priority: "urgent" } }))
        .status,
    ).toBe(422);
    expect(await readPriority((await deliver()).body.runId)).toBe("normal");
  });

  test("keep what they received, and start a new run with it when asked to", async () => {
    const { body: first } = await deliver({ messageId: "again", body: '{"topic":"once more"}' });
    const { body } = await caller.call("GET", `/api/v1/webhooks/${hook.id}/deliveries`);
    const delivery = body.items.find((it: { messageId: string }) => it.messageId === "again");
    expect(delivery).toMatchObject({ runId: first.runId, sizeBytes: 21, preview: '{"topic":"once more"}' });
    const again = await caller.call(
      "POST",
      `/api/v1/webhooks/${hook.id}/deliveries/${delivery.id}/redeliver`,
    );
    expect(again.status).toBe(202);
    expect(again.body.id).not.toBe(first.runId);
    expect((await caller.call("GET", `/api/v1/runs/${again.body.id}`)).body).toMatchObject({
      input: { topic: "once more" },
      trigger: { kind: "webhook" },
    });
  });

  test("keep a delivery that could start nothing", async () => {
    const { workflowId: strict } = await publish(caller.tenant, echo);
    const { body: strictHook } = await caller.call("POST", "/api/v1/webhooks", {
      body: { workflowId: strict, name: "Strict" },
    });
    expect(await deliver({ url: strictHook.url, secret: strictHook.secret, body: "{}" })).toMatchObject({
      status: 422,
      body: { code: "invalid-input" },
    });
    const [delivery] = (await caller.call("GET", `/api/v1/webhooks/${strictHook.id}/deliveries`)).body.items;
    expect((await caller.call("GET", `/api/v1/runs/${delivery.runId}`)).body).toMatchObject({
      status: "failed",
      error: { code: "invalid-input" },
    });
  });

  test("that could start nothing leave one failed run that says why, and start when the sender tries again later", async () => {
    const { workflowId: strict } = await publish(caller.tenant, echo);
    const { body: made } = await caller.call("POST", "/api/v1/webhooks", {
      body: { workflowId: strict, name: "Later" },
    });
    const message = { url: made.url, secret: made.secret, body: "{}", messageId: "later-1" };
    for (const _ of [1, 2]) expect((await deliver(message)).status).toBe(422);
    const runs = () => caller.call("GET", `/api/v1/runs?workflow=${strict}`).then(({ body }) => body.items);
    expect(await runs()).toMatchObject([
      {
        status: "failed",
        version: 1,
        trigger: { kind: "webhook", messageId: "later-1" },
        error: { code: "invalid-input", message: expect.stringContaining("/topic: is missing") },
      },
    ]);
    await readRows(
      api.ownerUrl,
      "update workflow_versions set definition = definition - 'input' where workflow_id = $1",
      [strict],
    );
    await pass(16_000);
    expect((await caller.call("GET", `/api/v1/runs?workflow=${strict}`)).body.items).toHaveLength(1);
    const { status, body } = await deliver(message);
    expect(status).toBe(202);
    expect((await caller.call("GET", `/api/v1/webhooks/${made.id}/deliveries`)).body.items).toMatchObject([
      { messageId: "later-1", runId: body.runId },
    ]);
    expect(await runs()).toHaveLength(2);
  });

  test("answer 404 while they are switched off, and when they are gone", async () => {
    expect(
      await caller.call("PATCH", `/api/v1/webhooks/${hook.id}`, { body: { enabled: false } }),
    ).toMatchObject({ status: 200, body: { enabled: false, name: "Orders" } });
    expect((await deliver()).status).toBe(404);
    await caller.call("PATCH", `/api/v1/webhooks/${hook.id}`, { body: { enabled: true } });
    expect((await deliver()).status).toBe(202);
    expect((await caller.call("DELETE", `/api/v1/webhooks/${hook.id}`)).status).toBe(204);
    expect((await deliver()).status).toBe(404);
  });
});

describe("schedules", () => {
  const create = (body: Record<string, unknown>) =>
    caller.call("POST", "/api/v1/schedules", { body: { workflowId, ...body } });

  test("know their next time in their own time zone", async () => {
    const made = await create({ cron: "0 9 * * *", timezone: "Asia/Tokyo", input: { topic: "tea" } });
    expect(made).toMatchObject({
      status: 201,
      body: { workflowName: "test", enabled: true, lastFireAt: null, input: { topic: "tea" } },
    });
    expect(made.body.nextFireAt).toMatch(/T00:00:00.000Z$/);
    const changed = await caller.call("PATCH", `/api/v1/schedules/${made.body.id}`, {
      body: { timezone: "UTC", enabled: false },
    });
    expect(changed.body).toMatchObject({
      cron: "0 9 * * *",
      enabled: false,
      nextFireAt: expect.stringMatching(/T09:00:00.000Z$/),
    });
    expect((await caller.call("DELETE", `/api/v1/schedules/${made.body.id}`)).status).toBe(204);
    expect((await caller.call("GET", `/api/v1/schedules/${made.body.id}`)).status).toBe(404);
  });

  test.each([
    [{ cron: "whenever" }, "/cron", "0 9 * * 1-5"],
    [{ cron: "0 9 * * *", timezone: "Mars/Olympus" }, "/timezone", "Europe/Berlin"],
  ])("refuse %j with an example", async (body, path, example) => {
    expect(await create(body)).toMatchObject({
      status: 422,
      body: { errors: [{ path, message: expect.stringContaining(example) }] },
    });
  });

  test("start one run for one fire time, however many ticks there are, and none for times that were missed", async () => {
    const { body: schedule } = await create({ cron: "*/5 * * * *", input: { topic: "tick" } });
    const missed = new Date(Math.floor(Date.now() / 300_000) * 300_000 - 3_600_000);
    await readRows(api.ownerUrl, "update schedules set next_fire_at = $1 where id = $2", [
      missed,
      schedule.id,
    ]);
    const { tick } = await import("#/operations/execution/tick.ts");
    await Promise.all([tick(), tick(), tick()]);
    await tick();
    const { body: runs } = await caller.call("GET", "/api/v1/runs?trigger=schedule");
    expect(runs.items).toMatchObject([
      { trigger: { scheduleId: schedule.id, fireAt: missed.toISOString() } },
    ]);
    const { body: after } = await caller.call("GET", `/api/v1/schedules/${schedule.id}`);
    expect(after.lastFireAt).toBe(missed.toISOString());
    expect(Date.parse(after.nextFireAt)).toBeGreaterThan(Date.now());
  });

  test("start their runs with their priority, which can be changed and is kept by other changes", async () => {
    const { body: schedule } = await create({ cron: "0 4 * * *", priority: "low" });
    expect(schedule).toMatchObject({ priority: "low" });
    const path = `/api/v1/schedules/${schedule.id}`;
    expect((await caller.call("PATCH", path, { body: { timezone: "Europe/Berlin" } })).body).toMatchObject({
      priority: "low",
    });
    expect((await caller.call("PATCH", path, { body: { priority: "high" } })).body).toMatchObject({
      priority: "high",
      timezone: "Europe/Berlin",
    });
    await readRows(
      api.ownerUrl,
      "update schedules set next_fire_at = now() - interval '1 minute' where id = $1",
      [schedule.id],
    );
    const { tick } = await import("#/operations/execution/tick.ts");
    await tick();
    const { body: runs } = await caller.call("GET", "/api/v1/runs?trigger=schedule");
    const run = runs.items.find(
      (it: { trigger: { scheduleId: string } }) => it.trigger.scheduleId === schedule.id,
    );
    expect(await readPriority(run.id)).toBe("high");
    expect((await create({ cron: "0 4 * * *", priority: "urgent" })).status).toBe(422);
    expect((await create({ cron: "0 4 * * *" })).body).toMatchObject({ priority: "normal" });
  });

  test("do not fire while they are switched off", async () => {
    const { body: schedule } = await create({ cron: "* * * * *", enabled: false });
    await readRows(
      api.ownerUrl,
      "update schedules set next_fire_at = now() - interval '1 minute' where id = $1",
      [schedule.id],
    );
    const { tick } = await import("#/operations/execution/tick.ts");
    expect((await tick()).fired).toBe(0);
  });

  describe("that cannot start", () => {
    const tick = async () => (await import("#/operations/execution/tick.ts")).tick();
    const strictWorkflow = async () => (await publish(caller.tenant, echo)).workflowId;
    const due = (id: string) =>
      readRows(
        api.ownerUrl,
        "update schedules set next_fire_at = date_trunc('minute', now()) - interval '1 minute' where id = $1",
        [id],
      );
    const listRuns = async (id: string) =>
      (await caller.call("GET", "/api/v1/runs?trigger=schedule&limit=100")).body.items.filter(
        (it: { trigger: { scheduleId: string } }) => it.trigger.scheduleId === id,
      );

    test("are refused when they are made, changed or switched on", async () => {
      const strict = await strictWorkflow();
      const make = (body: Record<string, unknown>) =>
        create({ workflowId: strict, cron: "0 9 * * *", ...body });
      expect(await make({})).toMatchObject({
        status: 422,
        body: { code: "invalid-input", errors: [{ path: "/input/topic", message: "is missing" }] },
      });
      const { body: schedule } = await make({ input: { topic: "tea" } });
      expect(schedule).toMatchObject({ problems: [] });
      const path = `/api/v1/schedules/${schedule.id}`;
      expect(await caller.call("PATCH", path, { body: { input: { topic: 3 } } })).toMatchObject({
        status: 422,
        body: { errors: [{ path: "/input/topic" }] },
      });
      const { body: resting } = await make({ enabled: false });
      expect(resting).toMatchObject({ enabled: false, problems: [{ path: "/input/topic" }] });
      expect(
        (await caller.call("PATCH", `/api/v1/schedules/${resting.id}`, { body: { enabled: true } })).status,
      ).toBe(422);
      expect(
        (await caller.call("PATCH", `/api/v1/schedules/${resting.id}`, { body: { priority: "high" } }))
          .status,
      ).toBe(200);
      const { body: draft } = await caller.call("POST", "/api/v1/workflows", {
        body: { name: "Draft", definition: echo },
      });
      expect(await make({ workflowId: draft.id, input: { topic: "tea" } })).toMatchObject({
        status: 409,
        body: { code: "not-published" },
      });
    });

    test("because a stricter version was published are named by the draft, by publishing, and by themselves", async () => {
      const { body: made } = await caller.call("POST", "/api/v1/workflows", {
        body: { name: "Stricter", definition: { ...echo, input: {} } },
      });
      const path = `/api/v1/workflows/${made.id}`;
      await caller.call("POST", `${path}/versions`);
      const { body: schedule } = await create({
        workflowId: made.id,
        cron: "17 9 * * *",
        timezone: "Asia/Tokyo",
      });
      expect(schedule.problems).toEqual([]);
      const warning = {
        path: "/input",
        message: expect.stringMatching(/“17 9 \* \* \*” \(Asia\/Tokyo\).*\/topic is missing/),
      };
      expect((await caller.call("PATCH", path, { body: { definition: echo } })).body.warnings).toEqual([
        warning,
      ]);
      expect((await caller.call("POST", `${path}/versions`)).body).toMatchObject({
        version: 2,
        warnings: [warning],
      });
      expect((await caller.call("GET", `/api/v1/schedules/${schedule.id}`)).body.problems).toEqual([
        { path: "/input/topic", message: "is missing" },
      ]);
      expect((await caller.call("GET", `/api/v1/schedules?workflow=${made.id}`)).body.items).toMatchObject([
        { problems: [{ path: "/input/topic" }] },
      ]);
      await due(schedule.id);
      await Promise.all([tick(), tick()]);
      await tick();
      const [run] = await listRuns(schedule.id);
      expect(await listRuns(schedule.id)).toMatchObject([
        {
          status: "failed",
          workflowId: made.id,
          version: 2,
          startedAt: null,
          error: { code: "invalid-input", message: expect.stringContaining("/topic: is missing") },
        },
      ]);
      // No way around the check.
      for (const [verb, body] of [
        ["retry", {}],
        ["replay", {}],
        ["replay", { version: "published" }],
      ] as const) {
        expect(await caller.call("POST", `/api/v1/runs/${run.id}/${verb}`, { body }), verb).toMatchObject({
          status: 422,
          body: { code: "invalid-input", errors: [{ path: "/topic" }] },
        });
      }
      expect(
        (await caller.call("POST", `/api/v1/runs/${run.id}/replay`, { body: { input: { topic: "tea" } } }))
          .status,
      ).toBe(202);
    });
  });
});
