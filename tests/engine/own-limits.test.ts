import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ModelPrice } from "#/agents/definition/check/model-prices.ts";
import { insertFork } from "#/db/forks.ts";
import { agent, chain, crew as crewWith, task } from "#/tests/support/definitions.ts";
import { openEngine, type ScriptedModel, type TestEngine } from "#/tests/support/engine.ts";
import { publishable } from "#/tests/support/publish.ts";

let engine: TestEngine;
let script: ScriptedModel = () => "done";
let prompts: string[] = [];
let price: ModelPrice | undefined;
beforeAll(async () => {
  engine = await openEngine({
    model: (prompt, call) => {
      prompts.push(prompt);
      return script(prompt, call);
    },
    priceOf: () => price,
  });
});
beforeEach(() => {
  prompts = [];
  price = { input: 1, output: 2 };
});
afterAll(() => engine.close());

const results = (prompt: string) => prompt.split('"type":"tool-result"').length - 1;
const speaker = (prompt: string) => /You are ([A-Za-z ]+)\./.exec(prompt)?.[1] ?? "";
const calculate = { tool: "calculator", input: { expression: "1+1" } };
/** Asks for a tool so many times, and is done then. */
const after =
  (calls: number): ScriptedModel =>
  (prompt) =>
    results(prompt) < calls ? calculate : `done after ${results(prompt)}`;

const clerk = (rest: object = {}) =>
  publishable(
    chain({
      work: {
        type: "agent",
        role: "Clerk",
        goal: "Add up",
        tools: ["calculator"],
        maxIterations: 2,
        onLimit: "ask",
        ...rest,
      },
    }),
  );

type Action = "raise" | "take_last_answer" | "stop";
async function decide(runId: string, action: Action, added: number | object = 1, which = 0): Promise<void> {
  const asked = await engine.openApprovals(runId);
  const values = typeof added === "number" ? { turns: added } : added;
  await engine.decide(runId, { approvalId: asked[which]?.["id"], action, values });
  await engine.settle();
}

test("an agent that has used its turns asks, and goes on where it was with those that are added, as often as it takes", async () => {
  script = after(4);
  const runId = await engine.begin(clerk());
  expect(await engine.run(runId)).toMatchObject({ status: "waiting" });
  expect(await engine.openApprovals(runId)).toMatchObject([
    {
      subject: "turns",
      title: "The agent “Clerk” has used its 2 turns. Raise by how many, or stop?",
      actions: ["raise", "stop"],
      form: { required: ["turns"], properties: { turns: { minimum: 1, default: 2 } } },
      shown: { "turns used": 2, "called last": "calculator" },
    },
  ]);
  expect(prompts.length).toBe(2);
  await decide(runId, "raise", 2);
  expect(await engine.openApprovals(runId)).toMatchObject([
    { title: "The agent “Clerk” has used its 4 turns. Raise by how many, or stop?" },
  ]);
  expect(prompts.length).toBe(4);
  await decide(runId, "raise", 1);
  expect(await engine.run(runId)).toMatchObject({ status: "succeeded", output: { work: "done after 4" } });
  expect(prompts.length).toBe(5);
  expect(prompts.join()).not.toContain("step limit");
});

test("stopped, its step fails, and goes the way that the step has for that", async () => {
  script = after(9);
  const failing = await engine.begin(clerk());
  await decide(failing, "stop");
  expect(await engine.run(failing)).toMatchObject({
    status: "failed",
    error: { code: "turn-limit", step: "work", message: expect.stringContaining("2 turns and was stopped") },
  });
  const going = await engine.begin(clerk({ onError: { continue: "nothing" } }));
  await decide(going, "stop");
  expect(await engine.run(going)).toMatchObject({ status: "succeeded", output: { work: "nothing" } });
  expect(prompts.length).toBe(4);
});

test("with onLimit: fail nobody is asked, and the step fails", async () => {
  script = after(9);
  const runId = await engine.begin(clerk({ onLimit: "fail" }));
  expect(await engine.run(runId)).toMatchObject({ status: "failed", error: { code: "turn-limit" } });
  expect(await engine.rows("approvals", runId)).toEqual([]);
  expect(prompts.length).toBe(2);
});

test("nobody is asked about an answer that comes in the last turn", async () => {
  script = after(1);
  const runId = await engine.begin(clerk());
  expect(await engine.run(runId)).toMatchObject({ status: "succeeded", output: { work: "done after 1" } });
});

test("a question that nobody answers in its time stops the agent", async () => {
  script = after(9);
  const runId = await engine.begin(clerk({ askTimeout: "24h" }));
  const [asked] = await engine.openApprovals(runId);
  expect(asked?.["due_at"]).toEqual(expect.any(Date));
  await engine.owner(
    `update waits set due_at = now() where run_id = '${runId}'; update agent_sessions set due_at = now() where id = '${runId}'`,
  );
  await engine.sweep();
  await engine.settle();
  expect(await engine.run(runId)).toMatchObject({
    status: "failed",
    error: { code: "turn-limit", message: expect.stringContaining("nobody has given it more") },
  });
  expect(await engine.rows("approvals", runId)).toMatchObject([{ status: "expired", action: "stop" }]);
});

test("what a check sends back has the turns of the definition again, and no others", async () => {
  script = (prompt) => (prompt.includes("did not pass") ? after(9)(prompt, 0) : after(2)(prompt, 0));
  const runId = await engine.begin(clerk({ guardrail: { regex: "after 9" } }));
  await decide(runId, "raise", 5);
  expect(await engine.openApprovals(runId)).toMatchObject([{ shown: { "turns used": 2 } }]);
  expect(prompts.length).toBe(5);
});

/** What a run that is retried or forked from another goes on as. */
async function fork(origin: string, rest: object = {}): Promise<string> {
  const forked = await insertFork(engine.tenant, {
    id: randomUUID(),
    origin,
    superstep: null,
    fresh: false,
    state: {},
    reuses: true,
    trigger: { kind: "fork" },
    ...rest,
  });
  if (!("runId" in forked)) throw new Error(JSON.stringify(forked));
  engine.queued.push({ workspaceId: engine.tenant.workspaceId, ...forked });
  await engine.settle();
  return forked.runId;
}

describe("a run that continues from one", () => {
  test("which waits at the limit asks for itself, and asks no model for what is there", async () => {
    script = after(3);
    const origin = await engine.begin(clerk());
    const forked = await fork(origin);
    expect(prompts.length).toBe(2);
    await decide(forked, "raise", 5);
    expect(await engine.run(forked)).toMatchObject({ status: "succeeded", output: { work: "done after 3" } });
    expect(await engine.run(origin)).toMatchObject({ status: "waiting" });
    expect(prompts.length).toBe(4);
  });

  test("which was stopped there asks again; which had turns added has them", async () => {
    script = after(3);
    const stopped = await engine.begin(clerk());
    await decide(stopped, "stop");
    const retried = await fork(stopped);
    expect(await engine.openApprovals(retried)).toMatchObject([{ subject: "turns" }]);
    await decide(retried, "raise", 1);
    // The question at three turns.
    const again = await fork(retried);
    expect(await engine.openApprovals(again)).toMatchObject([{ shown: { "turns used": 3 } }]);
    await decide(again, "raise", 1);
    expect(await engine.run(again)).toMatchObject({ status: "succeeded", output: { work: "done after 3" } });
    expect(prompts.length).toBe(4);
  });
});

describe("an agent that works until a check is content", () => {
  const checked = (until: object, rest: object = {}) => clerk({ tools: [], until, ...rest });
  const rounds = { if: "output == 'round 5'", rounds: 2 };
  beforeEach(() => {
    script = (prompt) => `round ${prompt.split("not done yet").length}`;
  });

  test("asks when its rounds are used, with its answer and what it lacks, and works on for those that are added", async () => {
    const runId = await engine.begin(checked(rounds));
    expect(await engine.openApprovals(runId)).toMatchObject([
      {
        subject: "rounds",
        title: "The agent “Clerk” has used its 2 rounds. Raise by how many, or stop?",
        actions: ["raise", "take_last_answer", "stop"],
        form: { required: ["rounds"], properties: { rounds: { minimum: 1, default: 2 } } },
        shown: {
          "rounds used": 2,
          "last answer": "round 2",
          "what is lacking": "This does not hold for it: output == 'round 5'",
        },
      },
    ]);
    await decide(runId, "raise", { rounds: 1 });
    expect(await engine.openApprovals(runId)).toMatchObject([{ shown: { "last answer": "round 3" } }]);
    expect(prompts.length).toBe(3);
    await decide(runId, "raise", { rounds: 9 });
    expect(await engine.run(runId)).toMatchObject({ status: "succeeded", output: { work: "round 5" } });
    expect(prompts.length).toBe(5);
  });

  test("is done with the answer that was sent back when a person takes it; stopped, or with onLimit: fail, its step fails", async () => {
    const taken = await engine.begin(checked(rounds));
    await decide(taken, "take_last_answer", {});
    expect(await engine.run(taken)).toMatchObject({ status: "succeeded", output: { work: "round 2" } });
    const stopped = await engine.begin(checked(rounds));
    await decide(stopped, "stop", {});
    const failing = await engine.begin(checked(rounds, { onLimit: "fail" }));
    for (const id of [stopped, failing])
      expect(await engine.run(id)).toMatchObject({ status: "failed", error: { code: "round-limit" } });
    expect(await engine.rows("approvals", failing)).toEqual([]);
    expect(prompts.length).toBe(6);
  });

  // A call costs 0.00002.
  test("asks when its money is used, its judge’s with it, also in the middle of a round, and may spend what is added", async () => {
    const judged: ScriptedModel = (prompt, call) =>
      prompt.includes("You judge whether")
        ? JSON.stringify({ valid: prompt.includes("after 2"), feedback: "more" })
        : prompt.includes("not done yet")
          ? after(2)(prompt, call)
          : "nothing";
    script = judged;
    const until = { judge: "It is right", rounds: 20, maxCostUsd: 0.000_05 };
    const runId = await engine.begin(checked(until, { tools: ["calculator"], maxIterations: 9 }));
    expect(await engine.openApprovals(runId)).toMatchObject([
      {
        subject: "agent_budget",
        title: "The agent “Clerk” has used its $0.00005. Raise by how much, or stop?",
        shown: { "last answer": "nothing", "called last": "calculator" },
        form: { properties: { costUsd: { minimum: expect.closeTo(0.000_011, 6) } } },
      },
    ]);
    expect(prompts.length).toBe(3);
    await decide(runId, "raise", { costUsd: 0.000_011 });
    expect(await engine.openApprovals(runId)).toMatchObject([{ subject: "agent_budget" }]);
    expect(prompts.length).toBe(4);
    await decide(runId, "raise", { costUsd: 1 });
    expect(await engine.run(runId)).toMatchObject({ status: "succeeded", output: { work: "done after 2" } });
    expect(prompts.length).toBe(6);
  });

  test.each([
    ["asks", "ask"],
    ["fails", "fail"],
    ["lets the last answer count", undefined],
  ])(
    "asks no model without a price under a limit in dollars, where it %s at that limit",
    async (_, onLimit) => {
      price = undefined;
      const until = { if: "output == 'round 5'", rounds: 2, maxCostUsd: 1 };
      const runId = await engine.begin(checked(until, { onLimit }));
      expect(await engine.run(runId)).toMatchObject({ status: "failed", error: { code: "model-unpriced" } });
      expect(prompts.length).toBe(0);
    },
  );

  test("counts what a judge has cost that was content, before another check sends the answer back", async () => {
    script = (prompt) =>
      prompt.includes("You judge whether") ? JSON.stringify({ valid: true, feedback: "" }) : "no";
    // A round is a call of the agent and one of the judge of its guardrail: 0.00004.
    const until = { if: "output == 'yes'", rounds: 20, maxCostUsd: 0.000_07 };
    const runId = await engine.begin(checked(until, { guardrail: "It is short" }));
    expect(await engine.openApprovals(runId)).toMatchObject([{ subject: "agent_budget" }]);
    expect(prompts.length).toBe(4);
  });

  test("asks for itself in a run that continues from one that waits, and asks no model for what is there", async () => {
    const origin = await engine.begin(checked(rounds));
    const forked = await fork(origin);
    await decide(forked, "raise", { rounds: 9 });
    expect(await engine.run(forked)).toMatchObject({ status: "succeeded", output: { work: "round 5" } });
    expect(prompts.length).toBe(5);
  });
});

describe("members of a crew", () => {
  const limited = { tools: ["calculator"], maxIterations: 1, onLimit: "ask" };
  const give = (coworker: string) => ({ tool: "delegate", input: { coworker, task: "Add up", context: "" } });
  const team = publishable(
    crewWith({
      agents: {
        lead: agent("Lead", { allowDelegation: true }),
        adder: agent("Adder", limited),
        counter: agent("Counter", limited),
      },
      tasks: [task("report", { agent: "lead" })],
    }),
  );
  const delegating: ScriptedModel = (prompt, call) => {
    if (speaker(prompt) !== "Lead") return after(1)(prompt, call);
    if (results(prompt) === 0) return [give("Adder"), give("Counter")];
    return `${prompt.split("done after 1").length - 1} answered, ${prompt.split("was stopped there").length - 1} stopped`;
  };

  test("ask at the same time, each for itself; whoever asked a stopped one is told so", async () => {
    script = delegating;
    const runId = await engine.begin(team);
    const asked = await engine.openApprovals(runId);
    expect(asked.map(({ title }) => String(title)).toSorted()).toEqual([
      "The agent “Adder” has used its 1 turn. Raise by how many, or stop?",
      "The agent “Counter” has used its 1 turn. Raise by how many, or stop?",
    ]);
    expect(asked.map(({ description }) => String(description)).join()).toContain("Asked by Adder, for Lead.");
    await decide(runId, "stop", 1, 1);
    expect(await engine.run(runId)).toMatchObject({ status: "waiting" });
    await decide(runId, "raise");
    expect(await engine.run(runId)).toMatchObject({
      status: "succeeded",
      output: { result: "1 answered, 1 stopped" },
    });
  });

  test("that do a task themselves ask too, and their task fails when they are stopped", async () => {
    script = after(2);
    const alone = publishable(
      crewWith({ agents: { a: agent("Worker", limited) }, tasks: [task("sum", { agent: "a" })] }),
    );
    const runId = await engine.begin(alone);
    await decide(runId, "raise", 1);
    await decide(runId, "stop");
    expect(await engine.run(runId)).toMatchObject({
      status: "failed",
      error: { code: "turn-limit", step: "sum" },
    });
  });
});

test("the agent of each item of a map asks for itself", async () => {
  script = after(2);
  const one = {
    type: "agent",
    role: "Clerk",
    goal: "Add up",
    tools: ["calculator"],
    maxIterations: 1,
    onLimit: "ask",
  };
  const runId = await engine.begin(publishable(chain({ all: { type: "map", items: [1, 2], do: one } })));
  const parts = await engine.owner(`select id from agent_sessions where parent_id = '${runId}'`);
  expect(parts).toHaveLength(2);
  for (const { id } of parts) await decide(String(id), "raise", 5);
  await engine.settle();
  expect(await engine.run(runId)).toMatchObject({ status: "succeeded" });
});
