import { afterAll, beforeAll, expect, test } from "vitest";
import { advanceRun, type Runner } from "#/agents/runner/advance.ts";
import { readLimits } from "#/db/limits.ts";
import { storeDecision, tellMissedBudgets } from "#/db/decisions.ts";
import { storeCancel, storePause, storeResume } from "#/db/run-lifecycle.ts";
import { getRun } from "#/db/runs.ts";
import { chain } from "#/tests/support/definitions.ts";
import { openEngine, type TestEngine } from "#/tests/support/engine.ts";
import { publish } from "#/tests/support/publish.ts";
import { seededRandom } from "#/tests/support/random.ts";

const SEED = Number(process.env["SEED"] ?? Math.floor(Math.random() * 1e9));
/** What a call asks for at most is about 117 tokens; it uses 15. */
const ask = () => ({ type: "llm", prompt: "hello", maxOutputTokens: 100, retry: { attempts: 1 } });
const items = (count: number) => {
  const steps = { call: ask(), again: ask() };
  return {
    type: "map",
    items: Array(count).fill(0),
    parallel: count,
    do: { steps, edges: chain(steps).edges },
  };
};
const wide = (count: number, limits: object) => {
  const names = Array.from({ length: count }, (_, index) => `s${index}`);
  return {
    ...chain(Object.fromEntries(names.map((name) => [name, ask()])), { limits }),
    edges: names.flatMap((name) => [
      { from: "start", to: name },
      { from: name, to: "end" },
    ]),
  };
};

let engine: TestEngine;
beforeAll(async () => {
  engine = await openEngine({ poolSize: 10 });
});
afterAll(() => engine.close());

/** What is asked about the budget of a run, or of the month. */
const questions = (of = "workspace") =>
  engine.owner(`select * from approvals where status = 'open' and subject_id like '%${of}%'`);
const statusOf = async (runId: string) => (await engine.run(runId))["status"];

/** Decides the one question that is open. */
async function decide(of: string, action: "raise" | "stop", more = 0): Promise<void> {
  const [question, ...others] = await questions(of);
  expect(others).toEqual([]);
  const { properties } = (question?.["form"] ?? {}) as {
    properties: Record<string, { minimum: number }>;
  };
  const [limit, { minimum }] = Object.entries(properties)[0] ?? ["", { minimum: 0 }];
  await engine.decide(String(question?.["run_id"]), {
    approvalId: question?.["id"],
    action,
    values: { [limit]: minimum + more },
  });
}
/** What the tick does for budgets. */
async function tick(): Promise<void> {
  engine.queued.push(...(await tellMissedBudgets(engine.db, 100)));
  await engine.sweep();
}

test("twenty branches that hit the limit at once are one question, and the answer is for all of them", async () => {
  const runId = await engine.begin(wide(20, { maxTokens: 250 }));
  expect(await statusOf(runId)).toBe("waiting");
  expect(await questions(runId)).toMatchObject([
    {
      title: "Budget reached: 250 tokens. Go on?",
      subject_id: `run:${runId}:maxTokens`,
      actions: ["raise", "stop"],
      form: { required: ["maxTokens"] },
    },
  ]);
  const before = engine.counts.modelCalls;
  await decide(runId, "raise", 5000);
  await engine.settle();
  expect(await statusOf(runId)).toBe("succeeded");
  expect(engine.counts.modelCalls - before).toBe(18);
});

test("a limit that is raised for some of them is asked about again, once, by the others", async () => {
  const runId = await engine.begin(wide(6, { maxTokens: 120 }));
  for (let round = 0; (await questions(runId)).length > 0; round += 1) {
    expect(round).toBeLessThan(10);
    await decide(runId, "raise");
    await engine.settle();
  }
  expect(await statusOf(runId)).toBe("succeeded");
});

test("stopping ends the run with all its branches, and nobody is asked any more", async () => {
  const runId = await engine.begin(wide(5, { maxTokens: 120 }));
  await decide(runId, "stop");
  await engine.settle();
  expect(await engine.run(runId)).toMatchObject({ status: "cancelled", error: { code: "budget" } });
  expect(await questions(runId)).toEqual([]);
});

test("the items of a map and child runs that hit the limit of the run above at the same moment are one question", async () => {
  const child = {
    type: "workflow",
    workflow: (await publish(engine.tenant, chain({ call: ask() }))).workflowId,
  };
  const runId = await engine.start({
    ...chain({ all: items(8), child }, { limits: { maxTokens: 240 } }),
    edges: [
      { from: "start", to: "all" },
      { from: "start", to: "child" },
      { from: "all", to: "end" },
      { from: "child", to: "end" },
    ],
  });
  await engine.deliver(runId);
  const due = engine.queued.splice(0);
  await Promise.all(due.map((wake) => engine.deliver(wake.runId)));
  await engine.settle();
  expect(await questions(runId)).toMatchObject([{ subject_id: `run:${runId}:maxTokens` }]);
  await decide(runId, "raise", 10_000);
  await engine.settle();
  expect(await statusOf(runId)).toBe("succeeded");
});

test("a question that goes with its run is asked by another one that waits for the same", async () => {
  await engine.owner(`update workspaces set limits = '{"monthly": {"maxTokens": 50}}'`);
  const first = await engine.begin(chain({ only: ask() }));
  const second = await engine.begin(chain({ only: ask() }));
  expect(await questions()).toMatchObject([{ run_id: first, subject_id: "workspace:maxTokens" }]);
  await storeCancel(engine.tenant, first, "enough");
  expect(await questions()).toEqual([]);
  await tick();
  await engine.settle();
  expect(await questions()).toMatchObject([{ run_id: second }]);
  await decide("workspace", "raise", 100_000);
  await engine.settle();
  expect(await statusOf(second)).toBe("succeeded");
  expect((await readLimits(engine.tenant, null))?.limits.monthly?.maxTokens).toBeGreaterThan(100_000);
  await engine.owner("update workspaces set limits = '{}'");
});

test("what is asked about a month that is over is looked at anew by all that wait for it", async () => {
  await engine.owner(`update workspaces set limits = '{"monthly": {"maxTokens": 50}}'`);
  const runs = [await engine.begin(chain({ only: ask() })), await engine.begin(chain({ only: ask() }))];
  await engine.owner(`update workspaces set limits = '{"monthly": {"maxTokens": 100000}}'`);
  await tick();
  await engine.settle();
  expect(await questions()).toHaveLength(1);
  await engine.owner("update approvals set requested_at = now() - interval '32 days' where status = 'open'");
  await tick();
  await engine.settle();
  expect(await Promise.all(runs.map(statusOf))).toEqual(["succeeded", "succeeded"]);
  expect(await questions()).toEqual([]);
  await engine.owner("update workspaces set limits = '{}'");
});

test("runs that wait for a decided budget are told by the tick when the process that decided died", async () => {
  await engine.owner(`update workspaces set limits = '{"monthly": {"maxTokens": 50}}'`);
  const [first, second] = [
    await engine.begin(chain({ only: ask() })),
    await engine.begin(chain({ only: ask() })),
  ];
  const [question] = await questions();
  const owed = await storeDecision(engine.tenant, first, {
    approvalId: String(question?.["id"]),
    action: "raise",
    values: { maxTokens: 100_000 },
    by: { kind: "person", id: "ada" },
  });
  if (owed) engine.queued.push({ workspaceId: engine.tenant.workspaceId, ...owed });
  await engine.settle();
  expect([await statusOf(first), await statusOf(second)]).toEqual(["succeeded", "waiting"]);
  await tick();
  await engine.settle();
  expect(await statusOf(second)).toBe("succeeded");
  await engine.owner("update workspaces set limits = '{}'");
});

test("a run above that is stopped at its budget ends with all it has started, though the process that decided dies at once", async () => {
  const runId = await engine.begin(chain({ all: items(4) }, { limits: { maxTokens: 130 } }));
  const [question] = await questions(runId);
  const asking = String(question?.["run_id"]);
  expect(asking).not.toBe(runId);
  await storeDecision(engine.tenant, asking, {
    approvalId: String(question?.["id"]),
    action: "stop",
    by: { kind: "person", id: "ada" },
  });
  engine.queued.length = 0;
  expect(await engine.run(runId)).toMatchObject({ status: "cancelled", error: { code: "budget" } });
  expect(
    await engine.owner(`select id from agent_sessions where parent_id = '${runId}' and finished_at is null`),
  ).toEqual([]);
  expect(await questions(runId)).toEqual([]);
  await tick();
  await engine.settle();
  expect(await engine.owner("select * from reservations")).toEqual([]);
});

test("a question that nobody answers in its time stops the run", async () => {
  const runId = await engine.begin(chain({ only: ask() }, { limits: { maxTokens: 50, askTimeout: "24h" } }));
  expect(await questions(runId)).toHaveLength(1);
  await engine.owner(
    `update waits set due_at = now() where run_id = '${runId}'; update agent_sessions set due_at = now() where id = '${runId}'`,
  );
  await engine.sweep();
  await engine.settle();
  expect(await engine.run(runId)).toMatchObject({ status: "cancelled", error: { code: "budget" } });
  expect(await engine.rows("approvals", runId)).toMatchObject([{ status: "expired", action: "stop" }]);
});

/** Lets the time of what is asked about a budget be over. */
const passTime = (runId: string) =>
  engine.owner(
    `update approvals set due_at = now() - interval '1 second' where status = 'open' and subject_id like 'run:${runId}:%'`,
  );
const familyOf = (runId: string) =>
  engine.owner(`select status, finished_at from agent_sessions where parent_id = '${runId}'`);

test("what is asked below and nobody answers in time stops the run whose budget it is, with all that it has started", async () => {
  const other = await engine.begin(chain({ only: ask() }, { limits: { maxTokens: 50 } }));
  const runId = await engine.begin(
    chain({ all: items(3) }, { limits: { maxTokens: 130, askTimeout: "24h" } }),
  );
  const [question] = await questions(runId);
  expect(question).toMatchObject({ subject_id: `run:${runId}:maxTokens`, due_at: expect.any(Date) });
  expect(question?.["run_id"]).not.toBe(runId);
  await tick();
  await engine.settle();
  expect(await questions(runId)).toHaveLength(1);
  await passTime(runId);
  await tick();
  await engine.settle();
  expect(await engine.run(runId)).toMatchObject({
    status: "cancelled",
    error: { code: "budget", message: expect.stringContaining("nobody has raised it in the time") },
  });
  const below = await familyOf(runId);
  expect(below).toHaveLength(3);
  expect(below.every((child) => child["finished_at"] !== null)).toBe(true);
  expect(await engine.rows("approvals", String(question?.["run_id"]))).toMatchObject([
    { status: "expired", action: "stop" },
  ]);
  expect(await engine.owner("select * from reservations")).toEqual([]);
  expect(await statusOf(other)).toBe("waiting");
  await storeCancel(engine.tenant, other, "enough");
});

test("the time of a family that is paused is over when it goes on", async () => {
  const runId = await engine.begin(
    chain({ all: items(2) }, { limits: { maxTokens: 50, askTimeout: "24h" } }),
  );
  await storePause(engine.tenant, runId);
  await passTime(runId);
  await tick();
  expect(await statusOf(runId)).toBe("paused");
  await storeResume(engine.tenant, runId);
  await tick();
  expect(await statusOf(runId)).toBe("cancelled");
});

test("an answer and the end of its time at the same moment are one of the two", async () => {
  const runId = await engine.begin(
    chain({ all: items(3) }, { limits: { maxTokens: 50, askTimeout: "24h" } }),
  );
  const [question] = await questions(runId);
  await passTime(runId);
  const [answered] = await Promise.all([
    engine.decide(String(question?.["run_id"]), {
      approvalId: question?.["id"],
      action: "raise",
      values: { maxTokens: 10_000 },
    }),
    tick(),
  ]);
  await engine.settle();
  expect(await statusOf(runId)).toBe(answered ? "succeeded" : "cancelled");
  expect(await engine.rows("approvals", String(question?.["run_id"]))).toMatchObject([
    answered ? { status: "decided", action: "raise" } : { status: "expired", action: "stop" },
  ]);
  expect(await questions(runId)).toEqual([]);
});

/** Turns what is asked about a run's budget into what versions before have stored: a question of one call, which names the limit alone. */
const asBefore = (runId: string) =>
  engine.owner(`
    update waits set budget = null where budget = 'run:${runId}:maxTokens';
    update approvals set subject_id = 'maxTokens', title = 'The budget of this run is used up',
      form = '{"type": "object", "properties": {"maxTokens": {"type": "number", "title": "maxTokens", "default": 300}}}'
    where subject_id = 'run:${runId}:maxTokens' and status = 'open'`);

test.each([
  ["by the run", () => chain({ one: ask(), two: ask() }, { limits: { maxTokens: 120 } })],
  ["by one below", () => chain({ all: items(1) }, { limits: { maxTokens: 120 } })],
])("what was asked %s before there was one question is answered as it was then", async (_by, define) => {
  const [raised, stopped] = [await engine.begin(define()), await engine.begin(define())];
  for (const runId of [raised, stopped]) {
    const [question] = await questions(runId);
    await asBefore(runId);
    await tick();
    await engine.decide(String(question?.["run_id"]), {
      approvalId: question?.["id"],
      ...(runId === raised ? { action: "raise", values: { maxTokens: 5000 } } : { action: "stop" }),
    });
    await engine.settle();
  }
  expect(await statusOf(raised)).toBe("succeeded");
  expect(["cancelled", "failed"]).toContain(await statusOf(stopped));
});

test("a limit that an answer of before has not raised far enough is asked about once more, as now", async () => {
  const runId = await engine.begin(chain({ only: ask() }, { limits: { maxTokens: 50 } }));
  const [question] = await questions(runId);
  await asBefore(runId);
  await engine.decide(runId, { approvalId: question?.["id"], action: "raise", values: { maxTokens: 60 } });
  await engine.settle();
  expect(await questions(runId)).toMatchObject([{ subject_id: `run:${runId}:maxTokens` }]);
  await decide(runId, "raise");
  await engine.settle();
  expect(await statusOf(runId)).toBe("succeeded");
});

test("a fork asks for itself: what was raised for the other run is not raised for it", async () => {
  const limits = { maxTokens: 120 };
  const [one, other] = [
    await engine.begin(chain({ a: ask(), b: ask() }, { limits })),
    await engine.begin(chain({ a: ask(), b: ask() }, { limits })),
  ];
  for (const id of [one, other])
    expect(await questions(id)).toMatchObject([{ subject_id: `run:${id}:maxTokens` }]);
  await storeCancel(engine.tenant, one, "enough");
  await storeCancel(engine.tenant, other, "enough");
});

/** A process that dies at random, before or after what it has just asked of the database. */
function mortal(runner: Runner, random: () => number): Runner {
  const dying =
    <Arguments extends unknown[], Answer>(verb: (...given: Arguments) => Promise<Answer>) =>
    async (...given: Arguments): Promise<Answer> => {
      if (random() < 0.06) throw new Error("the process died before");
      const answer = await verb(...given);
      if (random() < 0.06) throw new Error("the process died after");
      return answer;
    };
  const { store } = runner;
  return {
    ...runner,
    store: {
      ...store,
      commit: dying(store.commit),
      journal: dying(store.journal),
      reserve: dying(store.reserve),
      raise: dying(store.raise),
    },
  };
}

const raisedTo = async (runId: string) => (await getRun(engine.tenant, runId))?.account;

test(`nothing is spent beyond the limit of the moment, whoever dies and however often it is raised (seed ${SEED})`, async () => {
  const random = seededRandom(SEED);
  const runner = mortal(engine.runner, random);
  const definition = chain({ own: ask(), all: items(4), last: ask() }, { limits: { maxTokens: 130 } });
  const runId = await engine.start(definition);
  const tries = new Map<string, number>();
  const expectWithin = async () => {
    const account = await raisedTo(runId);
    if (!account) throw new Error("The run is gone.");
    expect(account.spent.tokens + account.aside.tokens).toBeLessThanOrEqual(account.limits.maxTokens ?? 0);
  };
  for (let turn = 0; (await engine.run(runId))["finished_at"] === null; turn += 1) {
    expect(turn).toBeLessThan(400);
    const due = engine.queued.splice(0);
    await Promise.all(
      due.map(async ({ runId: id, wakes }) => {
        const messageId = `${id}-${wakes}`;
        const retried = tries.get(messageId) ?? 0;
        tries.set(messageId, retried + 1);
        const ref = { workspaceId: engine.tenant.workspaceId, runId: id };
        await advanceRun(runner, ref, { messageId, retried }).catch(
          () => void engine.queued.push({ ...ref, wakes, priority: "normal" }),
        );
      }),
    );
    await expectWithin();
    const open = await questions(runId);
    expect(open.length, "one budget is one question").toBeLessThanOrEqual(1);
    if (open.length > 0 && random() < 0.7) await decide(runId, "raise", Math.floor(random() * 60));
    else if (due.length === 0) await tick();
  }
  expect(await engine.run(runId)).toMatchObject({ status: "succeeded", error: null });
  expect(await questions(runId)).toEqual([]);
  expect(await engine.owner("select * from reservations")).toEqual([]);
});
