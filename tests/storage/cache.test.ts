import { randomUUID } from "node:crypto";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type * as pipeline from "#/db/pipeline.ts";
import { createCache } from "#/lib/cloud/cache.ts";
import { KEPT, type Keepable } from "#/lib/cloud/kept.ts";
import { connectKv } from "#/lib/cloud/kv.ts";
import { hashApiKey } from "#/lib/auth/api-key.ts";
import { CONTRACTS } from "#/operations/contracts.ts";
import { type Caller, openApi, type TestApi } from "#/tests/support/api.ts";
import { chain } from "#/tests/support/definitions.ts";
import { eventually } from "#/tests/support/eventually.ts";
import { publish } from "#/tests/support/publish.ts";

const trips = vi.hoisted(() => ({ database: 0, kv: 0 }));

vi.mock("#/db/pipeline.ts", async (importOriginal) => {
  const original = await importOriginal<typeof pipeline>();
  const runPipeline: typeof original.runPipeline = (...statements) => {
    trips.database += 1;
    return original.runPipeline(...statements);
  };
  return { ...original, runPipeline };
});

let api: TestApi;
let store: ReturnType<typeof connectKv>;
beforeAll(async () => {
  api = await openApi();
  const url = String(process.env["KV_REST_API_URL"]);
  store = connectKv({ url, token: "kv" });
  const send = globalThis.fetch;
  vi.stubGlobal("fetch", (...request: Parameters<typeof fetch>) => {
    const [address, body] = [request[0], request[1]?.body];
    // Metrics are handed on every two seconds, whatever is going on.
    const isMetrics = typeof body === "string" && /hincrbyfloat/i.test(body);
    if (typeof address === "string" && address.startsWith(url) && !isMetrics) trips.kv += 1;
    return send(...request);
  });
});
afterAll(async () => {
  vi.unstubAllGlobals();
  await api.stop();
});

/** Counts what `work` asks of the database and of KV. */
async function count(work: () => Promise<unknown>) {
  Object.assign(trips, { database: 0, kv: 0 });
  await work();
  return { ...trips };
}

/** A process that knows nothing yet: modules of its own. */
async function startProcess({ tenant, key }: Caller) {
  vi.resetModules();
  const [launch, keys, runs, prices, engine, client] = await Promise.all([
    import("#/operations/runs/launch.ts"),
    import("#/operations/api-keys/known.ts"),
    import("#/db/runs.ts"),
    import("#/operations/prices/read.ts"),
    import("#/db/engine.ts"),
    import("#/db/client.ts"),
  ]);
  const own = client.database().tenant({ workspaceId: tenant.workspaceId, userId: tenant.userId });
  return {
    start: (workflowId: string) => launch.launchRun(own, { workflowId, input: {}, trigger: { kind: "api" } }),
    listByKey: async () => {
      await keys.knownKeys.find(hashApiKey(key));
      return runs.listRuns(own, { limit: 25 });
    },
    price: () => prices.priceOfModel(own, "gpt-5-mini"),
    claim: (runId: string) =>
      engine
        .runStore(client.database())
        .claim({ workspaceId: tenant.workspaceId, runId }, { messageId: randomUUID(), retried: 0 }, 60_000),
    end: () => client.database().close(),
  };
}

describe("what hot requests ask", () => {
  test("a start asks the database once: a process that knows nothing finds the rest in KV with one question, a warm one asks nobody else", async () => {
    const caller = await api.workspace();
    const { workflowId } = await publish(caller.tenant, chain({ only: { type: "set", values: {} } }));
    const first = await startProcess(caller);
    // Version and limits are read, the run is stored; KV is asked first and then told.
    expect((await count(() => first.start(workflowId))).database).toBe(3);
    expect(await count(() => first.start(workflowId))).toEqual({ database: 1, kv: 0 });
    await eventually(async () =>
      (await store.exists(versionKey(caller, workflowId))) === 1 ? true : undefined,
    );
    // On a busy machine KV may take longer than a start waits for it.
    const second = await eventually(async () => {
      const process = await startProcess(caller);
      const asked = await count(() => process.start(workflowId));
      expect(asked.kv).toBeLessThanOrEqual(1);
      if (asked.database === 1 && asked.kv === 1) return process;
      await process.end();
      return undefined;
    });
    expect(await count(() => second.start(workflowId))).toEqual({ database: 1, kv: 0 });
    await Promise.all([first.end(), second.end()]);
  });

  test("a list by API key asks for the list alone once the key is known; a model call asks for no price again; a claim asks once, and KV never", async () => {
    const caller = await api.workspace();
    const { workflowId } = await publish(caller.tenant, chain({ only: { type: "set", values: {} } }));
    const process = await startProcess(caller);
    expect(await count(process.listByKey)).toEqual({ database: 2, kv: 0 });
    expect(await count(process.listByKey)).toEqual({ database: 1, kv: 0 });
    expect(await count(process.price)).toEqual({ database: 1, kv: 0 });
    expect(await count(process.price)).toEqual({ database: 0, kv: 0 });
    // What is started is delivered in this process as well, and what that asks in the meantime is not the claim's.
    await eventually(async () => {
      const started = await process.start(workflowId);
      if (!started.ok) throw new Error(started.reason);
      const asked = await count(() => process.claim(started.runId));
      return (asked.database === 1 && asked.kv === 0) || undefined;
    });
    await process.end();
  });
});

const versionKey = ({ workspaceId }: Caller, workflowId: string) =>
  `kept:${workspaceId} version ${workflowId} published`;

describe("what is kept", () => {
  const Shape = v.object({ concurrency: v.number() });
  const pace = (workspaceId: string): Keepable<v.InferOutput<typeof Shape>> => ({
    kept: "pace",
    workspaceId,
    shape: Shape,
  });
  const here = (kvStore = store, clock = Date as { now: () => number }) => {
    const answers: string[] = [];
    const warnings: string[] = [];
    const cache = createCache({
      store: kvStore,
      observe: (kept, from) => answers.push(`${kept} ${from}`),
      warn: (message) => warnings.push(message),
      clock,
    });
    return { cache, answers, warnings };
  };
  /** Keeps it in KV by a process that ends. */
  async function keep(workspaceId: string, value: { readonly concurrency: number }) {
    (await here().cache.look(pace(workspaceId))).keep(value);
    return eventually(async () => (await store.get<object>(`kept:${workspaceId} pace `)) ?? undefined);
  }
  const lookAnew = async (workspaceId: string) => {
    const { cache, answers } = here();
    return { value: (await cache.look(pace(workspaceId))).value, answers };
  };

  test("is found by other processes until something of the workspace changes, and the process that changes it forgets at once", async () => {
    const workspaceId = randomUUID();
    await keep(workspaceId, { concurrency: 3 });
    const { cache, answers } = here();
    expect((await cache.look(pace(workspaceId))).value).toEqual({ concurrency: 3 });
    expect((await cache.look(pace(workspaceId))).value).toEqual({ concurrency: 3 });
    await cache.forgetAfter("document.deleted", workspaceId);
    expect((await cache.look(pace(workspaceId))).value).toEqual({ concurrency: 3 });
    await cache.forgetAfter("limits.changed", workspaceId);
    expect((await cache.look(pace(workspaceId))).value).toBeUndefined();
    expect(answers).toEqual(["pace store", "pace process", "pace process", "pace database"]);
    expect((await lookAnew(workspaceId)).value).toBeUndefined();
  });

  test("what was read before a change is not kept after it, neither here nor in KV", async () => {
    const workspaceId = randomUUID();
    const [slow, changing] = [here(), here()];
    const [there, beside] = await Promise.all([
      slow.cache.look(pace(workspaceId)),
      changing.cache.look(pace(workspaceId)),
    ]);
    await changing.cache.forget(workspaceId);
    there.keep({ concurrency: 1 });
    beside.keep({ concurrency: 1 });
    await eventually(async () => (await store.get(`kept:${workspaceId} pace `)) ?? undefined);
    expect((await changing.cache.look(pace(workspaceId))).value).toBeUndefined();
    expect((await lookAnew(workspaceId)).value).toBeUndefined();
  });

  test.each<[string, (stored: object, other: object) => unknown]>([
    ["no JSON that anybody knows", () => "garbage"],
    ["a list", () => [1, 2]],
    ["a value of another shape", (stored) => ({ ...stored, value: { concurrency: "many" } })],
    ["another workspace's value", (_stored, other) => other],
    ["a value of another state of the workspace", (stored) => ({ ...stored, revision: "before" })],
    ["a value from an hour ago", (stored) => ({ ...stored, at: Date.now() - 3_600_000 })],
    ["a value from tomorrow", (stored) => ({ ...stored, at: Date.now() + 86_400_000 })],
  ])("KV that answers with %s is not believed", async (_lie, lie) => {
    const [workspaceId, other] = [randomUUID(), randomUUID()];
    const [stored, theirs] = [
      await keep(workspaceId, { concurrency: 3 }),
      await keep(other, { concurrency: 9 }),
    ];
    expect((await lookAnew(workspaceId)).value).toEqual({ concurrency: 3 });
    await store.set(`kept:${workspaceId} pace `, lie(stored, theirs));
    expect(await lookAnew(workspaceId)).toEqual({ value: undefined, answers: ["pace database"] });
  });

  test("KV that is away costs one question in five seconds, and nothing fails", async () => {
    const clock = { at: 0, now: () => clock.at };
    const { cache, warnings } = here(connectKv({ url: "http://127.0.0.1:9", token: "kv" }), clock);
    const workspaceId = randomUUID();
    const looked = await cache.look(pace(workspaceId));
    looked.keep({ concurrency: 3 });
    expect((await cache.look(pace(workspaceId))).value).toEqual({ concurrency: 3 });
    expect((await cache.look(pace(randomUUID()))).value).toBeUndefined();
    expect(warnings.length).toBe(1);
    clock.at += KEPT.pace.inProcessMs;
    expect((await cache.look(pace(workspaceId))).value).toBeUndefined();
    await cache.forget(workspaceId);
    expect(warnings.length).toBe(3);
  });

  test("a change that did not reach KV is noticed elsewhere when the copy is as old as it may be", async () => {
    const clock = { at: Date.now(), now: () => clock.at };
    const workspaceId = randomUUID();
    await keep(workspaceId, { concurrency: 3 });
    await here(connectKv({ url: "http://127.0.0.1:9", token: "kv" })).cache.forget(workspaceId);
    expect((await here(store, clock).cache.look(pace(workspaceId))).value).toEqual({ concurrency: 3 });
    clock.at += KEPT.pace.inStoreMs + 5_000;
    expect((await here(store, clock).cache.look(pace(workspaceId))).value).toBeUndefined();
  });

  test("each end is a line of the audit log that some operation writes, or what the identity provider tells", () => {
    const audits = new Set(CONTRACTS.flatMap(({ contract }) => contract.audit ?? []));
    const ends = Object.values(KEPT).flatMap<string>(({ endedBy }) => endedBy);
    expect(ends.filter((end) => !audits.has(end))).toEqual([
      "organization-known",
      "organization-gone",
      "member-known",
    ]);
  });
});

test("what the API changes counts for the next start and the next model call of the same process", async () => {
  const caller = await api.workspace();
  const { workflowId } = await publish(caller.tenant, chain({ only: { type: "set", values: {} } }));
  const start = () => caller.call("POST", `/api/v1/workflows/${workflowId}/runs`, { body: { input: {} } });
  expect((await start()).status).toBe(202);
  await caller.call("PATCH", `/api/v1/workflows/${workflowId}/limits`, { body: { startsPerMinute: 1 } });
  expect([(await start()).status, (await start()).status]).toEqual([202, 429]);
  await caller.call("PATCH", `/api/v1/workflows/${workflowId}/limits`, { body: { startsPerMinute: null } });
  expect((await start()).status).toBe(202);
  const { priceOfModel } = await import("#/operations/prices/read.ts");
  expect(await priceOfModel(caller.tenant, "own-model")).toBeUndefined();
  const price = { model: "own-model", since: "2026-01-01", input: 1, output: 2 };
  expect((await caller.call("PUT", "/api/v1/prices", { body: price })).status).toBe(200);
  expect(await priceOfModel(caller.tenant, "own-model")).toMatchObject({ input: 1, output: 2 });
});
