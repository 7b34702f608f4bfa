import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { validateDefinition } from "#/agents/definition/check/validate.ts";
import { advanceRun } from "#/agents/runner/advance.ts";
import type { StorePort } from "#/agents/tools/store-port.ts";
import { makeStore } from "#/operations/tools/store.ts";
import { chain } from "#/tests/support/definitions.ts";
import { dyingAt } from "#/tests/support/dying.ts";
import { openEngine, type TestEngine } from "#/tests/support/engine.ts";

let engine: TestEngine;
let kept: StorePort;

beforeAll(async () => {
  const store: StorePort = {
    get: (...asked) => kept.get(...asked),
    put: (...asked) => kept.put(...asked),
    delete: (...asked) => kept.delete(...asked),
    list: (...asked) => kept.list(...asked),
  };
  engine = await openEngine({ ports: { store } });
  kept = makeStore(engine.tenant);
});
afterAll(() => engine.close());

const store = (action: string, rest: object = {}) => ({
  type: "store",
  action,
  namespace: "orders",
  ...rest,
});
const put = (rest: object = {}) => store("put", { key: "{{ input.id }}", ...rest });

async function outputOf(steps: Parameters<typeof chain>[0], input: Record<string, unknown>) {
  const run = await engine.run(await engine.begin(chain(steps), input));
  if (run["status"] !== "succeeded") throw new Error(JSON.stringify(run["error"]));
  return run["output"] as Record<string, unknown>;
}

test("a run finds what another has kept, by its key and by the beginning of its key", async () => {
  await outputOf({ keep: put({ value: { total: "{{ input.total }}" } }) }, { id: "a/1", total: 7 });
  await outputOf({ keep: put({ value: 8 }) }, { id: "a/2" });
  expect(
    await outputOf(
      {
        one: store("get", { key: "{{ input.id }}" }),
        none: store("get", { key: "nobody" }),
        all: store("list", { prefix: "a/" }),
        gone: store("delete", { key: "a/2" }),
        left: store("list", { prefix: "a/", limit: 10 }),
      },
      { id: "a/1" },
    ),
  ).toEqual({
    one: { key: "a/1", value: { total: 7 }, revision: 1 },
    none: null,
    all: [
      { key: "a/1", value: { total: 7 }, revision: 1 },
      { key: "a/2", value: 8, revision: 1 },
    ],
    gone: { deleted: true },
    left: [{ key: "a/1", value: { total: 7 }, revision: 1 }],
  });
});

test("of writers that expect the same revision one is stored, and the others are told which one is there", async () => {
  await outputOf({ keep: put({ value: 1, revision: 0 }) }, { id: "race" });
  const outputs = await Promise.all(
    [2, 3, 4].map((value) =>
      outputOf(
        { keep: put({ value: "{{ input.value }}", revision: "{{ input.seen }}" }) },
        { id: "race", value, seen: 1 },
      ),
    ),
  );
  const ends = outputs.map(({ keep }) => keep as { stored: boolean; revision: number });
  expect(ends.filter(({ stored }) => stored)).toHaveLength(1);
  expect(ends.map(({ revision }) => revision)).toEqual([2, 2, 2]);
});

test("a value is gone when its time is over", async () => {
  await outputOf({ keep: put({ value: 1, ttl: "1s" }) }, { id: "short" });
  await engine.owner("update store set expires_at = now() - interval '1 second' where key = 'short'");
  expect(await outputOf({ one: store("get", { key: "short" }) }, {})).toEqual({ one: null });
});

test("a put that is repeated because its process died is stored once, and says so", async () => {
  for (let point = 0, ended = false; !ended; point += 1) {
    const key = `dies-${point}`;
    const runId = await engine.start(chain({ keep: put({ value: 1, revision: 0 }) }), { id: key });
    engine.queued.length = 0;
    const mortal = dyingAt(engine.runner, point);
    const messageId = randomUUID();
    for (let retried = 0; retried < 4; retried += 1) {
      const ref = { workspaceId: engine.tenant.workspaceId, runId };
      await advanceRun(mortal.runner, ref, { messageId, retried }).catch(() => undefined);
      mortal.rest();
    }
    expect(await engine.run(runId)).toMatchObject({ output: { keep: { stored: true, revision: 1 } } });
    expect(await kept.get("orders", key)).toMatchObject({ revision: 1 });
    ended = !mortal.hasEverDied();
  }
});

test.each([
  ["an empty key", { id: "  " }, "The key is empty."],
  [
    "a value that is too large",
    { id: "large", value: "x".repeat(300_000) },
    "The value has more than 262144 characters as JSON",
  ],
  ["a revision that is none", { id: "none", seen: "soon" }, "The revision is no number."],
])("%s fails the step and says why", async (_what, input, message) => {
  const steps = { keep: put({ value: "{{ input.value }}", revision: "{{ input.seen }}" }) };
  const run = await engine.run(await engine.begin(chain(steps), { value: 1, seen: 0, ...input }));
  expect(run).toMatchObject({ status: "failed", error: { code: "store-input" } });
  expect(JSON.stringify(run["error"])).toContain(message);
});

test.each([
  [store("put", { key: "a" }), "put needs a value."],
  [store("get"), "get needs a key."],
  [store("get", { key: "a", ttl: "1d" }), "get has no ttl. It takes namespace, key."],
  [store("list", { key: "a" }), "list has no key. It takes namespace, prefix, limit."],
])("%j is not published: %s", (step, message) => {
  const checked = validateDefinition(chain({ keep: step }), { tools: [] });
  expect(checked.ok ? [] : checked.problems.map((problem) => problem.message)).toContain(message);
});
