import type { MockLanguageModelV4 } from "ai/test";
import { afterAll, beforeAll, expect, test } from "vitest";
import { advanceRun, type Runner } from "#/agents/runner/advance.ts";
import { readLimits } from "#/db/limits.ts";
import { storeDecision } from "#/db/decisions.ts";
import { storeCancel } from "#/db/run-lifecycle.ts";
import { describeOnPostgres } from "#/tests/support/database.ts";
import { openEngine, type TestEngine } from "#/tests/support/engine.ts";
import { publish } from "#/tests/support/publish.ts";
import { chain } from "#/tests/support/definitions.ts";

/** Asks for 112 tokens and uses 15. */
const ask = (rest: Record<string, unknown> = {}) => ({
  type: "llm",
  prompt: "hello",
  maxOutputTokens: 100,
  retry: { attempts: 1 },
  ...rest,
});
const items = (
  count: number,
  steps: Record<string, unknown> = { call: ask(), done: { type: "set", values: {} } },
) => {
  const { edges } = chain(steps);
  return {
    type: "map",
    items: Array.from({ length: count }, (_, index) => index),
    parallel: count,
    onItemError: "collect",
    do: { steps, edges },
  };
};

/** Resolves for everybody when so many have come. */
function gate(count: number): () => Promise<void> {
  let come = 0;
  const { promise, resolve } = Promise.withResolvers<void>();
  return () => {
    come += 1;
    if (come === count) resolve();
    return promise;
  };
}

/** The runner, for so many who all ask at the same moment whether they may call the model, and call it when all have their answer. */
function gathered(runner: Runner, count: number): Runner {
  const [asking, answered] = [gate(count), gate(count)];
  let everybody: Promise<void> | undefined;
  const reserve: Runner["store"]["reserve"] = async (...asked) => {
    await asking();
    const answer = await runner.store.reserve(...asked);
    everybody = answered();
    return answer;
  };
  const language = (model: MockLanguageModelV4) => {
    const doStream: MockLanguageModelV4["doStream"] = async (options) => {
      await everybody;
      return model.doStream(options);
    };
    return new Proxy(model, {
      get: (target, name) => (name === "doStream" ? doStream : (Reflect.get(target, name) as unknown)),
    });
  };
  const makePorts: Runner["makePorts"] = (ref) => {
    const ports = runner.makePorts(ref);
    return {
      ...ports,
      models: {
        ...ports.models,
        language: (id) => language(ports.models.language(id) as MockLanguageModelV4),
      },
    };
  };
  return { ...runner, makePorts, store: { ...runner.store, reserve } };
}

describeOnPostgres("the budget of a run and all that it has started", (kind) => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await openEngine({ engine: kind, poolSize: 10 });
  });
  afterAll(() => engine.close());

  const start = async (definition: unknown) => {
    const runId = await engine.start(definition);
    await engine.settle();
    return runId;
  };
  const listChildren = (runId: string) =>
    engine.owner(
      `select * from agent_sessions where parent_id = '${runId}' order by child_index, created_at`,
    );
  const workflowStep = async (definition: unknown, rest: Record<string, unknown> = {}) => ({
    type: "workflow",
    workflow: (await publish(engine.tenant, definition)).workflowId,
    ...rest,
  });

  test("children one after the other cannot go over it together, and the text says whose limit it is", async () => {
    const child = await workflowStep(chain({ call: ask() }));
    const runId = await start(
      chain({ one: child, two: child }, { limits: { maxTokens: 120, onLimit: "fail" } }),
    );
    expect(await engine.run(runId)).toMatchObject({
      status: "failed",
      error: { code: "child-failed", step: "two" },
    });
    const [one, two] = await listChildren(runId);
    expect(one).toMatchObject({ status: "succeeded" });
    expect(two).toMatchObject({
      status: "failed",
      error: {
        code: "budget",
        message: expect.stringContaining(
          "The run that this one belongs to, with all that it has started, may use 120 tokens",
        ) as string,
      },
    });
  });

  test("children at the same moment cannot either", async () => {
    const runId = await engine.start(
      chain({ all: items(6) }, { limits: { maxTokens: 260, onLimit: "fail" } }),
    );
    await engine.deliver(runId);
    // Whoever does not take turns looks before the others have written.
    await engine.owner(
      "create function linger() returns trigger language plpgsql as 'begin perform pg_sleep(0.15); return new; end'",
    );
    await engine.owner(
      "create trigger linger before insert on reservations for each row execute function linger()",
    );
    const runner = gathered(engine.runner, 6);
    const before = engine.counts.modelCalls;
    const children = await listChildren(runId);
    await Promise.all(
      children.map(({ id }) =>
        advanceRun(
          runner,
          { workspaceId: engine.tenant.workspaceId, runId: String(id) },
          { messageId: String(id), retried: 0 },
        ),
      ),
    );
    await engine.owner("drop trigger linger on reservations");
    expect(engine.counts.modelCalls - before).toBe(2);
    const ended = await listChildren(runId);
    expect(ended.map(({ status }) => String(status)).toSorted((a, b) => a.localeCompare(b))).toEqual([
      "failed",
      "failed",
      "failed",
      "failed",
      "succeeded",
      "succeeded",
    ]);
    engine.queued.length = 0;
    await engine.deliver(runId);
    expect(await engine.run(runId)).toMatchObject({
      status: "succeeded",
      usage: { inputTokens: 0, children: { inputTokens: 20, outputTokens: 10 } },
    });
  });

  test("what children of children used counts for all above them, once they have ended too", async () => {
    const grandchild = await workflowStep(chain({ call: ask() }));
    const child = await workflowStep(chain({ own: ask(), below: grandchild }));
    const runId = await start(
      chain({ own: ask(), below: child, last: ask() }, { limits: { maxTokens: 150, onLimit: "fail" } }),
    );
    expect(await engine.run(runId)).toMatchObject({
      status: "failed",
      error: { code: "budget", step: "last" },
      usage: { inputTokens: 10, outputTokens: 5, children: { inputTokens: 20, outputTokens: 10 } },
    });
    const [below] = await listChildren(runId);
    expect(below).toMatchObject({ usage: { inputTokens: 10, children: { inputTokens: 10 } } });
  });

  test("a person who is asked by a child raises the limit of the run above, for all of it", async () => {
    const child = await workflowStep(chain({ call: ask() }));
    const runId = await start(
      chain({ one: child, two: child, own: ask() }, { limits: { maxTokens: 120, onLimit: "ask" } }),
    );
    const [, two] = await listChildren(runId);
    const asking = String(two?.["id"]);
    expect(two).toMatchObject({ status: "waiting", waiting_on: "approval" });
    const [approval] = await engine.rows("approvals", asking);
    expect(approval).toMatchObject({ subject: "budget", actions: ["raise", "stop"], shown: { run: runId } });
    const owed = await storeDecision(engine.tenant, asking, {
      approvalId: String(approval?.["id"]),
      action: "raise",
      values: { maxTokens: 1000 },
      by: { kind: "person" },
    });
    if (owed) engine.queued.push({ workspaceId: engine.tenant.workspaceId, ...owed });
    await engine.settle();
    expect(await engine.run(runId)).toMatchObject({ status: "succeeded", raised: { maxTokens: 1000 } });
    expect(await engine.run(asking)).toMatchObject({ status: "succeeded", raised: null });
  });

  test("a lower answer of somebody else takes nothing back", async () => {
    const runId = await start(chain({ call: ask() }, { limits: { maxTokens: 1000 } }));
    const ref = { workspaceId: engine.tenant.workspaceId, runId };
    await engine.store.raise(ref, { maxTokens: 5000 });
    await engine.store.raise(ref, { maxTokens: 2000, maxCostUsd: 3 });
    expect(await engine.run(runId)).toMatchObject({ raised: { maxTokens: 5000, maxCostUsd: 3 } });
  });

  test("a child's own limits hold besides", async () => {
    const child = await workflowStep(
      chain({ one: ask(), two: ask() }, { limits: { maxTokens: 120, onLimit: "fail" } }),
    );
    const runId = await start(chain({ below: child }, { limits: { maxTokens: 10_000 } }));
    const [below] = await listChildren(runId);
    expect(below).toMatchObject({
      status: "failed",
      error: {
        code: "budget",
        step: "two",
        message: expect.stringContaining("This run, with all that it has started, may use 120") as string,
      },
    });
  });

  test("costs no round trip where a run has nobody above it and no child at work", async () => {
    const before = engine.counts.reserves;
    await start(chain({ one: ask(), two: ask() }, { limits: { maxTokens: 10_000 } }));
    expect(engine.counts.reserves).toBe(before);
  });

  test("an answer that was paid for before a crash counts", async () => {
    const runId = await engine.start(
      chain({ one: ask(), two: ask() }, { limits: { maxTokens: 120, onLimit: "fail" } }),
    );
    engine.queued.length = 0;
    const ref = { workspaceId: engine.tenant.workspaceId, runId };
    const dying = {
      ...engine.runner,
      store: { ...engine.store, commit: () => Promise.reject(new Error("the process died")) },
    };
    await expect(advanceRun(dying, ref, { messageId: "m", retried: 0 })).rejects.toThrow("died");
    await engine.deliver(runId, { messageId: "m", retried: 1 });
    expect(await engine.run(runId)).toMatchObject({
      status: "failed",
      error: { code: "budget", step: "two" },
    });
  });
});

describeOnPostgres("a month's budget", (kind) => {
  test("counts what children use once, and what is answered but not yet stored, whatever becomes of its run", async () => {
    const engine = await openEngine({ engine: kind });
    await engine.owner(`update workspaces set limits = '{"monthly": {"maxTokens": 1000000}}'`);
    const used = async () => (await readLimits(engine.tenant, null))?.month.tokens;
    const runId = await engine.start(chain({ own: ask(), all: items(2) }, { limits: { maxTokens: 10_000 } }));
    await engine.settle();
    expect(await engine.run(runId)).toMatchObject({ status: "succeeded" });
    expect(await used()).toBe(45);
    const cancelled = await engine.start(chain({ call: ask() }));
    engine.queued.length = 0;
    const dying = {
      ...engine.runner,
      store: { ...engine.store, commit: () => Promise.reject(new Error("the process died")) },
    };
    await expect(
      advanceRun(
        dying,
        { workspaceId: engine.tenant.workspaceId, runId: cancelled },
        { messageId: "m", retried: 0 },
      ),
    ).rejects.toThrow("died");
    expect(await used()).toBe(60);
    await storeCancel(engine.tenant, cancelled, "enough");
    expect(await used()).toBe(60);
    await engine.close();
  });
});
