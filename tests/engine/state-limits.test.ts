import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { advanceRun } from "#/agents/runner/advance.ts";
import { insertFork } from "#/db/forks.ts";
import { describeOnEachEngine, postgresUnavailable } from "#/tests/support/database.ts";
import { openEngine, type TestEngine } from "#/tests/support/engine.ts";
import { chain, graph } from "#/tests/support/definitions.ts";

const MEGABYTE = 1024 * 1024;
const single = (step: object, rest: object = {}) => chain({ only: step }, { output: {}, ...rest });
const text = { type: "http", url: "https://text.test/", retry: { attempts: 1 } };
const growing = graph(
  { more: { ...text, save: "all" } },
  [
    { from: "start", to: "more" },
    { from: "more", when: [{ if: "size(state.all) < 20", to: "more" }], else: "end" },
  ],
  { state: { all: { reduce: "append", default: [] } }, output: {} },
);
const page = single(
  { type: "http", url: "https://page.test/", retry: { attempts: 1 } },
  { output: { body: "{{ state.only.body }}" } },
);

describeOnEachEngine("what a step has made", (kind) => {
  let engine: TestEngine;
  let body = "";
  beforeAll(async () => {
    engine = await openEngine({
      engine: kind,
      ports: {
        fetch: async ({ url }) => ({
          url,
          status: 200,
          headers: { "content-type": url.includes("text.") ? "text/plain" : "application/json" },
          body,
        }),
      },
    });
  });
  afterAll(() => engine.close());

  /** Megabytes take PGlite long, and are the same there. */
  const isSlow = kind === "pglite" && postgresUnavailable === undefined;

  async function ended(definition: unknown): Promise<string> {
    const runId = await engine.start(definition);
    await engine.settle();
    return runId;
  }

  test.skipIf(isSlow)(
    "fails its step when no run could keep it, within seconds, and the error policy counts",
    async () => {
      body = "x".repeat(21 * MEGABYTE);
      const runId = await ended(single(text));
      expect(await engine.run(runId)).toMatchObject({
        status: "failed",
        error: {
          code: "result-too-large",
          step: "only",
          message: expect.stringMatching(/has 22 MB.* 20 MB/),
        },
      });
      const kept = await ended(
        single({ ...text, onError: { continue: "too much" } }, { output: { only: "{{ state.only }}" } }),
      );
      expect(await engine.run(kept)).toMatchObject({ status: "succeeded", output: { only: "too much" } });
    },
  );

  test.skipIf(isSlow)(
    "fails the step that makes the state more than it can be, and nothing before it is lost",
    async () => {
      body = "y".repeat(6 * MEGABYTE);
      const runId = await ended(growing);
      expect(await engine.run(runId)).toMatchObject({
        status: "failed",
        step: 3,
        error: {
          code: "state-too-large",
          step: "more",
          message: expect.stringContaining("“state.all” with 25 MB"),
        },
      });
      const lines = (await engine.rows("agent_logs", runId)).map(
        ({ status, output }) => `${String(status)} ${output === null ? "without" : "with"} output`,
      );
      expect(lines.toSorted((a, b) => a.localeCompare(b))).toEqual([
        "failed without output",
        ...[1, 2, 3].map(() => "succeeded with output"),
      ]);
      const forked = await insertFork(engine.tenant, {
        id: randomUUID(),
        origin: runId,
        superstep: null,
        fresh: false,
        state: {},
        reuses: false,
        trigger: { kind: "manual" },
      });
      if (!("runId" in forked)) throw new Error(forked.refused);
      expect(await engine.run(forked.runId)).toMatchObject({
        status: "queued",
        step: 3,
        state: { all: [{}, {}, {}].map(() => expect.any(Object) as object) },
      });
    },
  );

  test.skipIf(isSlow)("is kept up to the limit", async () => {
    body = "z".repeat(15 * MEGABYTE);
    expect((await engine.run(await ended(single(text))))["error"]).toBeNull();
  });

  test("is kept without what no database stores, in texts and keys alike, and so everywhere", async () => {
    body = String.raw`{"a\u0000b":"before \u0000 after \ud800","list":[{"\udc00":1}]}`;
    const runId = await ended(page);
    const clean = { ab: "before  after \ufffd", list: [{ "\ufffd": 1 }] };
    expect(await engine.run(runId)).toMatchObject({
      status: "succeeded",
      output: { body: clean },
      state: { only: { body: clean } },
    });
    const forked = await insertFork(engine.tenant, {
      id: randomUUID(),
      origin: runId,
      superstep: 1,
      fresh: false,
      state: {},
      reuses: false,
      trigger: { kind: "manual" },
    });
    if (!("runId" in forked)) throw new Error(forked.refused);
    expect(await engine.run(forked.runId)).toMatchObject({ state: { only: { body: clean } } });
  });

  test("fails its step when it is nested more deeply than a database reads", async () => {
    body = `${"[".repeat(5000)}${"]".repeat(5000)}`;
    expect(await engine.run(await ended(page))).toMatchObject({
      status: "failed",
      error: { code: "result-too-deep", step: "only" },
    });
    body = `${"[".repeat(400)}${"]".repeat(400)}`;
    expect(await engine.run(await ended(page))).toMatchObject({ status: "succeeded" });
  });

  test("fails its step when it is the key of an event that nobody could send", async () => {
    const waiting = single({ type: "wait", event: { key: "{{ input.key }}" } });
    const runId = await engine.start(waiting, { key: "k".repeat(5000) });
    await engine.settle();
    expect(await engine.run(runId)).toMatchObject({
      status: "failed",
      error: { code: "bad-key", step: "only" },
    });
  });

  test("fails the run when the database refuses it all the same: it is not delivered again and again", async () => {
    const runId = await engine.start(single({ type: "set", values: { n: 1 } }));
    const refused = Object.assign(new Error("unsupported Unicode escape sequence"), { code: "22P05" });
    let commits = 0;
    const store: typeof engine.store = {
      ...engine.store,
      commit: async (...change) =>
        (commits += 1) === 1 ? Promise.reject(refused) : engine.store.commit(...change),
    };
    expect(
      await advanceRun(
        { ...engine.runner, store },
        { workspaceId: engine.tenant.workspaceId, runId },
        { messageId: "1", retried: 0 },
      ),
    ).toEqual({ status: 200 });
    expect(await engine.run(runId)).toMatchObject({
      status: "failed",
      error: { code: "unstorable", message: expect.stringContaining("Unicode") },
    });
  });
});
