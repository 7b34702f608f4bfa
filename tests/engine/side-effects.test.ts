import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { advanceRun } from "#/agents/runner/advance.ts";
import { insertFork } from "#/db/forks.ts";
import { storeDecision } from "#/db/decisions.ts";
import { storeCancel } from "#/db/run-lifecycle.ts";
import { NotConnected, type OutboundRequest, type OutboundResponse } from "#/lib/outbound.ts";
import { describeOnPostgres } from "#/tests/support/database.ts";
import { openEngine, type TestEngine } from "#/tests/support/engine.ts";
import { chain } from "#/tests/support/definitions.ts";

const single = (step: unknown, rest: Record<string, unknown> = {}) => chain({ pay: step }, rest);
const post = (rest: Record<string, unknown> = {}) =>
  single({ type: "http", method: "POST", url: "https://pay.test/charge", body: { amount: 5 }, ...rest });

/** What the other side does with each request: an answer, or an error of the network. */
type Server = (request: OutboundRequest, call: number) => OutboundResponse | Error;
const answer = (status: number): OutboundResponse => ({
  url: "https://pay.test/charge",
  status,
  headers: { "content-type": "application/json" },
  body: '{"id":"ch_1"}',
});
const failing = (code: string) => Object.assign(new Error(code), { code });

describeOnPostgres("writes to the outside", (kind) => {
  let engine: TestEngine;
  let server: Server = () => answer(200);
  let requests: OutboundRequest[] = [];
  beforeAll(async () => {
    engine = await openEngine({
      engine: kind,
      ports: {
        fetch: async (request) => {
          requests.push(request);
          const said = server(request, requests.length);
          if (said instanceof Error) throw said;
          return said;
        },
      },
    });
  });
  afterAll(() => engine.close());

  async function start(definition: unknown, behaviour: Server): Promise<string> {
    server = behaviour;
    requests = [];
    const runId = await engine.start(definition);
    await engine.settle();
    return runId;
  }
  const effects = (runId: string) => engine.rows("side_effects", runId);
  const question = async (runId: string) => (await engine.openApprovals(runId))[0];
  async function say(runId: string, action: string, values?: unknown) {
    const approval = await question(runId);
    await storeDecision(engine.tenant, runId, {
      approvalId: String(approval?.["id"]),
      action,
      values,
      by: { kind: "person", id: "ada" },
    });
    await engine.deliver(runId);
  }

  test("carry an idempotency key and are on record as sent", async () => {
    const runId = await start(post(), () => answer(200));
    expect(await engine.run(runId)).toMatchObject({
      status: "succeeded",
      output: { pay: { body: { id: "ch_1" } } },
    });
    expect(requests).toHaveLength(1);
    expect(requests[0]?.headers?.["idempotency-key"]).toBe(`${runId}.0.pay`);
    expect(await effects(runId)).toMatchObject([
      { state: "sent", target: "POST https://pay.test/charge", attempts: 1 },
    ]);
  });

  test("that ended without an answer are not repeated: the run waits until somebody says that it was sent", async () => {
    const runId = await start(post(), () => failing("ECONNRESET"));
    expect(await engine.run(runId)).toMatchObject({ status: "waiting", waiting_on: "approval" });
    expect(await effects(runId)).toMatchObject([{ state: "unknown" }]);
    expect(await question(runId)).toMatchObject({
      subject: "side_effect",
      actions: ["sent", "not_sent", "retry"],
    });
    await say(runId, "sent", { response: { id: "ch_7" } });
    expect(await engine.run(runId)).toMatchObject({
      status: "succeeded",
      output: { pay: { assumed: true, response: { id: "ch_7" } } },
    });
    expect(requests).toHaveLength(1);
    expect(await effects(runId)).toMatchObject([{ state: "assumed", decided_by: { id: "ada" } }]);
  });

  test("that somebody says were not sent fail their step", async () => {
    const runId = await start(post({ onError: { continue: "by hand" } }), () => answer(504));
    await say(runId, "not_sent");
    expect(await engine.run(runId)).toMatchObject({ status: "succeeded", output: { pay: "by hand" } });
    expect(await effects(runId)).toMatchObject([{ state: "not_sent" }]);
  });

  test("are sent again with the same key when somebody says so, and are in doubt again if need be", async () => {
    const runId = await start(post(), (_request, call) => (call < 3 ? failing("ECONNRESET") : answer(201)));
    await say(runId, "retry");
    expect(await engine.run(runId)).toMatchObject({ status: "waiting" });
    await say(runId, "retry");
    expect(await engine.run(runId)).toMatchObject({ status: "succeeded", output: { pay: { status: 201 } } });
    expect(requests).toHaveLength(3);
    expect(new Set(requests.map((request) => request.headers?.["idempotency-key"])).size).toBe(1);
    expect(await effects(runId)).toMatchObject([{ state: "sent" }]);
  });

  test("that certainly did nothing are tried again by themselves", async () => {
    const runId = await start(post(), (_request, call) =>
      call === 1 ? new NotConnected(failing("ECONNREFUSED")) : call === 2 ? answer(429) : answer(200),
    );
    await engine.tenant.batch((query) => [
      query.updateTable("agent_sessions").set({ due_at: new Date() }).where("id", "=", runId),
    ]);
    await engine.deliver(runId);
    await engine.tenant.batch((query) => [
      query.updateTable("agent_sessions").set({ due_at: new Date() }).where("id", "=", runId),
    ]);
    await engine.deliver(runId);
    expect(await engine.run(runId)).toMatchObject({ status: "succeeded" });
    expect(requests).toHaveLength(3);
  });

  test("whose time is over before a connection was made are not in doubt, and tried again", async () => {
    const behaviour: Server = (_request, call) =>
      call === 1 ? new NotConnected(new DOMException("late", "TimeoutError")) : answer(200);
    const runId = await start(post({ retry: { attempts: 2, backoff: "0s" } }), behaviour);
    expect(await engine.run(runId)).toMatchObject({ status: "succeeded" });
    expect(await effects(runId)).toMatchObject([{ state: "sent", attempts: 2 }]);
  });

  test("that were refused fail, once", async () => {
    const runId = await start(post(), () => answer(500));
    expect(await engine.run(runId)).toMatchObject({ status: "failed", error: { code: "http-500" } });
    expect(requests).toHaveLength(1);
    expect(await effects(runId)).toMatchObject([{ state: "failed" }]);
  });

  test("whose process died on the way are in doubt for the next one", async () => {
    const runId = await engine.start(post());
    engine.queued.length = 0;
    requests = [];
    server = () => answer(200);
    const died = {
      ...engine.runner,
      store: {
        ...engine.store,
        journal: () => Promise.reject(new Error("the process died")),
        commit: () => Promise.reject(new Error("the process died")),
      },
    };
    await expect(
      advanceRun(died, { workspaceId: engine.tenant.workspaceId, runId }, { messageId: "m", retried: 0 }),
    ).rejects.toThrow("died");
    await engine.deliver(runId, { messageId: "m", retried: 1 });
    expect(await engine.run(runId)).toMatchObject({ status: "waiting" });
    expect(requests).toHaveLength(1);
    await say(runId, "sent");
    expect(await engine.run(runId)).toMatchObject({ status: "succeeded" });
    expect(requests).toHaveLength(1);
  });

  test("are sent once for one answer to try again: when that try leaves no answer, somebody is asked again", async () => {
    const runId = await start(post(), () => failing("ECONNRESET"));
    server = () => answer(200);
    const approval = await question(runId);
    await storeDecision(engine.tenant, runId, {
      approvalId: String(approval?.["id"]),
      action: "retry",
      by: { kind: "person" },
    });
    const died = {
      ...engine.runner,
      store: {
        ...engine.store,
        journal: () => Promise.reject(new Error("the process died")),
        commit: () => Promise.reject(new Error("the process died")),
      },
    };
    await expect(
      advanceRun(died, { workspaceId: engine.tenant.workspaceId, runId }, { messageId: "m", retried: 0 }),
    ).rejects.toThrow("died");
    expect(requests).toHaveLength(2);
    await engine.deliver(runId, { messageId: "m", retried: 1 });
    expect(await engine.run(runId)).toMatchObject({ status: "waiting" });
    expect(requests).toHaveLength(2);
    await say(runId, "retry");
    expect(await engine.run(runId)).toMatchObject({ status: "succeeded" });
    expect(requests).toHaveLength(3);
  });

  test("are on record as whoever holds the run has settled them, whatever an earlier holder says later", async () => {
    const runId = await start(post(), () => failing("ECONNRESET"));
    server = () => answer(200);
    const approval = await question(runId);
    await storeDecision(engine.tenant, runId, {
      approvalId: String(approval?.["id"]),
      action: "retry",
      by: { kind: "person" },
    });
    const [reached, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const settleSideEffect: typeof engine.store.settleSideEffect = async (...call) => {
      reached.resolve();
      await released.promise;
      return engine.store.settleSideEffect(...call);
    };
    const overtaken = advanceRun(
      { ...engine.runner, store: { ...engine.store, settleSideEffect } },
      { workspaceId: engine.tenant.workspaceId, runId },
      { messageId: "m", retried: 0 },
    );
    await reached.promise;
    await engine.deliver(runId, { messageId: "m", retried: 1 });
    released.resolve();
    await overtaken;
    expect(requests).toHaveLength(2);
    expect(await effects(runId)).toMatchObject([{ state: "sent" }]);
    expect(await engine.run(runId)).toMatchObject({ status: "succeeded" });
  });

  test("that are in doubt are not sent by a retry of their run either, before somebody has said so", async () => {
    const origin = await start(post(), () => failing("ECONNRESET"));
    await storeCancel(engine.tenant, origin, "enough");
    server = () => answer(200);
    const makeFork = async (runId: string, reuses: boolean) => {
      const forked = await insertFork(engine.tenant, {
        id: randomUUID(),
        origin: runId,
        superstep: null,
        fresh: !reuses,
        state: {},
        reuses,
        trigger: { kind: "manual" },
      });
      const id = "runId" in forked ? forked.runId : "";
      await engine.deliver(id);
      return id;
    };
    const retried = await makeFork(origin, true);
    expect(await engine.run(retried)).toMatchObject({ status: "waiting", waiting_on: "approval" });
    expect(requests).toHaveLength(1);
    await storeCancel(engine.tenant, retried, "enough");
    const again = await makeFork(retried, true);
    await say(again, "retry");
    expect(await engine.run(again)).toMatchObject({ status: "succeeded" });
    expect(requests).toHaveLength(2);
    await makeFork(origin, false);
    expect(requests).toHaveLength(3);
  });

  test("are not sent by an invocation that has lost its run", async () => {
    const runId = await engine.start(post());
    engine.queued.length = 0;
    requests = [];
    const slow = {
      ...engine.runner,
      store: {
        ...engine.store,
        beginSideEffect: async (...call: Parameters<typeof engine.store.beginSideEffect>) => {
          await engine.store.claim(call[0], { messageId: "late", retried: 1 }, 60_000);
          return engine.store.beginSideEffect(...call);
        },
      },
    };
    await advanceRun(
      slow,
      { workspaceId: engine.tenant.workspaceId, runId },
      { messageId: "late", retried: 0 },
    );
    expect(requests).toHaveLength(0);
    expect(await engine.run(runId)).toMatchObject({ status: "running" });
  });

  test("are repeated without asking where the author says that it does no harm", async () => {
    const repeat = async (rest: Record<string, unknown>) => {
      const runId = await start(post(rest), (_request, call) =>
        call === 1 ? failing("ECONNRESET") : answer(200),
      );
      await engine.tenant.batch((query) => [
        query.updateTable("agent_sessions").set({ due_at: new Date() }).where("id", "=", runId),
      ]);
      await engine.deliver(runId);
      return engine.run(runId);
    };
    expect(await repeat({ idempotent: true })).toMatchObject({ status: "succeeded" });
    expect(await repeat({ retry: { attempts: 2, backoff: "0s" } })).toMatchObject({ status: "succeeded" });
  });

  test("a failed try is repeated or not as the author's condition says", async () => {
    const only503 = { retry: { attempts: 3, backoff: "0s", if: "error.code == 'http-418' && attempt < 2" } };
    const runId = await start(post(only503), () => answer(418));
    await engine.settle();
    expect(await engine.run(runId)).toMatchObject({ status: "failed", error: { code: "http-418" } });
    expect(requests).toHaveLength(2);
    await start(post({ retry: { attempts: 3, backoff: "0s", if: "error.code == 'http-503'" } }), () =>
      answer(500),
    );
    expect(requests).toHaveLength(1);
  });

  test("that time out are in doubt", async () => {
    const hanging = () => new Promise<never>(() => undefined);
    const other = await openEngine({
      engine: kind,
      ports: {
        fetch: ({ signal }) =>
          Promise.race([
            hanging(),
            new Promise<never>((_resolve, reject) =>
              signal?.addEventListener("abort", () => reject(new DOMException("stopped", "AbortError"))),
            ),
          ]),
      },
    });
    const runId = await other.start(post({ timeout: "1s" }));
    await other.settle();
    expect(await other.run(runId)).toMatchObject({ status: "waiting" });
    await other.close();
  });

  test.each(["sent", "not_sent"])(
    "what a person has said (%s) is not forgotten when the process dies before it is stored",
    async (action) => {
      const runId = await start(post(), () => failing("ECONNRESET"));
      const approval = await question(runId);
      await storeDecision(engine.tenant, runId, {
        approvalId: String(approval?.["id"]),
        action,
        by: { kind: "person", id: "ada" },
      });
      const dying = {
        ...engine.runner,
        store: {
          ...engine.store,
          journal: () => Promise.reject(new Error("the process died")),
          commit: () => Promise.reject(new Error("the process died")),
        },
      };
      await expect(
        advanceRun(dying, { workspaceId: engine.tenant.workspaceId, runId }, { messageId: "m", retried: 0 }),
      ).rejects.toThrow("died");
      await engine.deliver(runId, { messageId: "m", retried: 1 });
      expect(await engine.run(runId)).toMatchObject(
        action === "sent"
          ? { status: "succeeded", output: { pay: { assumed: true } } }
          : { status: "failed", error: { code: "not-sent" } },
      );
      expect(requests).toHaveLength(1);
    },
  );

  test("what an earlier holder gets an answer to, after the run was claimed anew, is not sent again", async () => {
    const runId = await start(post(), () => failing("ECONNRESET"));
    const approval = await question(runId);
    await storeDecision(engine.tenant, runId, {
      approvalId: String(approval?.["id"]),
      action: "retry",
      by: { kind: "person", id: "ada" },
    });
    server = () => answer(200);
    const ref = { workspaceId: engine.tenant.workspaceId, runId };
    const late = {
      key: `${runId}.0.pay:http`,
      superstep: 0,
      result: { status: 200, headers: {}, body: { id: "ch_1" } },
    };
    const overtaken = {
      ...engine.runner,
      store: {
        ...engine.store,
        beginSideEffect: async (...asked: Parameters<typeof engine.store.beginSideEffect>) => {
          await engine.store.journal(ref, late);
          return engine.store.beginSideEffect(...asked);
        },
      },
    };
    await expect(advanceRun(overtaken, ref, { messageId: "m", retried: 0 })).rejects.toThrow(
      "earlier holder",
    );
    await engine.deliver(runId, { messageId: "m", retried: 1 });
    expect(await engine.run(runId)).toMatchObject({
      status: "succeeded",
      output: { pay: { body: { id: "ch_1" } } },
    });
    expect(requests).toHaveLength(1);
  });

  test("an answer that comes when the step has ended otherwise is on record: the write was sent", async () => {
    const runId = await start(post(), () => failing("ECONNRESET"));
    await say(runId, "not_sent");
    expect(await effects(runId)).toMatchObject([{ state: "not_sent" }]);
    const result = { status: 200, headers: {}, body: { id: "ch_1" } };
    const ref = { workspaceId: engine.tenant.workspaceId, runId };
    await engine.store.journal(ref, { key: `${runId}.0.pay:http`, superstep: 0, result });
    expect(await effects(runId)).toMatchObject([{ state: "sent" }]);
  });
});
