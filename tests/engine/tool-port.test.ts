import * as v from "valibot";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { storeDecision } from "#/db/decisions.ts";
import { defineTool } from "#/agents/tools/builtin/define-tool.ts";
import { builtInTools } from "#/agents/tools/builtin/source.ts";
import { joinSources, type ToolSource } from "#/agents/tools/source.ts";
import type { Tool, ToolContext, ToolLimits } from "#/agents/tools/tool.ts";
import { NotConnected } from "#/lib/outbound.ts";
import { publish } from "#/tests/support/publish.ts";
import { openEngine, type ScriptedModel, type TestEngine } from "#/tests/support/engine.ts";

let engine: TestEngine;
let script: ScriptedModel = () => "done";
let own: Tool[] = [];
let paced: { readonly allowed: boolean; readonly retryAfterS: number };

const workspaces: ToolSource = {
  find: async (names) => own.filter(({ name }) => names.includes(name)),
  names: async () => own.map(({ name }) => name),
};

beforeAll(async () => {
  engine = await openEngine({
    model: (prompt, call) => script(prompt, call),
    ports: { tools: joinSources([builtInTools, workspaces]), limitCalls: async () => paced },
  });
});
beforeEach(() => {
  script = askFor("probe");
  paced = { allowed: true, retryAfterS: 0 };
});
afterAll(() => engine.close());

/** Calls a tool once, and answers with what it said. */
const askFor =
  (tool: string): ScriptedModel =>
  (prompt) =>
    prompt.includes('"tool-result"') ? "done" : { tool, input: {} };

interface Probe extends Partial<Pick<Tool, "effect" | "policy" | "inParts">> {
  readonly limits?: Partial<ToolLimits>;
  readonly run: (context: ToolContext) => Promise<unknown>;
}

function probe({ effect = "read", policy, run, ...rest }: Probe): Tool {
  const tool = defineTool({
    name: "probe",
    description: "A tool of this workspace.",
    input: v.object({}),
    effect,
    capabilities: [],
    run: async (_input, context) => run(context),
    ...rest,
  });
  return Object.assign({}, tool, { policy });
}

const agent = (rest: object = {}) => ({ type: "agent", role: "r", goal: "g", tools: ["probe"], ...rest });

async function runWith(tool: Tool, step: object = agent(), rest: object = {}): Promise<string> {
  own = [tool];
  const runId = await engine.start({
    format: "cairn/v1",
    name: "tools",
    kind: "graph",
    steps: { ask: step },
    edges: [
      { from: "start", to: "ask" },
      { from: "ask", to: "end" },
    ],
    ...rest,
  });
  await engine.settle();
  return runId;
}

const answersIn = async (runId: string) =>
  (await engine.rows("agent_logs", runId))
    .filter((row) => row["kind"] === "tool" && row["status"] === "succeeded")
    .map((row) => row["output"]);
const openQuestion = async (runId: string) =>
  (await engine.rows("approvals", runId)).find((row) => row["status"] === "open");

async function answer(runId: string, action: string): Promise<void> {
  const asked = await openQuestion(runId);
  await storeDecision(engine.tenant, runId, {
    approvalId: String(asked?.["id"]),
    action,
    by: { kind: "person", id: "ada" },
  });
  await engine.deliver(runId);
  await engine.settle();
}

describe("the policy of a workspace", () => {
  const write = (policy?: Tool["policy"]) => probe({ effect: "write", policy, run: async () => "sent" });

  test.each([
    ["asks for a write that nobody speaks of", undefined, {}, "waiting"],
    ["lets a write pass that it calls auto", "auto", {}, "succeeded"],
    ["asks where its condition holds", { when: "run.version == 1" }, {}, "waiting"],
    ["asks nobody where its condition does not hold", { when: "run.version == 2" }, {}, "succeeded"],
    ["gives way to the definition", "approve", { toolPolicy: { probe: "auto" } }, "succeeded"],
  ] as const)("%s", async (_what, policy, rest, status) => {
    const runId = await runWith(write(policy), agent(rest));
    expect(await engine.run(runId)).toMatchObject({ status });
  });

  test("denies what no definition can allow: neither is it offered, nor is it called", async () => {
    const runId = await runWith(write("deny"), agent({ toolPolicy: { probe: "auto" } }));
    expect(await engine.run(runId)).toMatchObject({ status: "succeeded" });
    expect(await answersIn(runId)).toEqual([
      { error: expect.stringContaining("There is no tool named probe here") as string },
    ]);
  });

  test("holds for a step that names the tool itself", async () => {
    const denied = await runWith(write("deny"), { type: "tool", tool: "probe" });
    expect(await engine.run(denied)).toMatchObject({ status: "failed", error: { code: "denied" } });
    const asked = await runWith(write("approve"), { type: "tool", tool: "probe" });
    expect(await engine.run(asked)).toMatchObject({ status: "waiting" });
    const passed = await runWith(write(), { type: "tool", tool: "probe" });
    expect(await engine.run(passed)).toMatchObject({ status: "succeeded" });
  });
});

describe("the limits of a tool", () => {
  test("end a call that never answers, and the model is told", async () => {
    const run = () => new Promise(() => undefined);
    const runId = await runWith(probe({ limits: { timeoutMs: 50 }, run }), agent({ retry: { attempts: 1 } }));
    await engine.owner("update agent_sessions set due_at = now()");
    for (let tries = 0; tries < 3; tries += 1) await engine.deliver(runId);
    expect(JSON.stringify(await engine.rows("agent_logs", runId))).toContain(
      "The tool probe gave no answer within 0.05 s.",
    );
  });

  test("cut what the model is given, and the log keeps the whole", async () => {
    let told = "";
    script = (prompt, call) => {
      told = prompt;
      return askFor("probe")(prompt, call);
    };
    const whole = `${"é".repeat(500)}end`;
    const runId = await runWith(probe({ limits: { bytes: 100 }, run: async () => whole }));
    expect(await answersIn(runId)).toEqual([whole]);
    expect(told).toContain(`${"é".repeat(49)}\\n[Cut here: 100 of 1005 bytes are shown`);
    expect(told).not.toContain("end");
  });

  test("of a minute hold a call back, and nothing has been sent", async () => {
    const calls: number[] = [];
    paced = { allowed: false, retryAfterS: 30 };
    const tool = probe({
      effect: "write",
      policy: "auto",
      limits: { perMinute: 1 },
      run: async () => calls.push(1),
    });
    const runId = await runWith(tool);
    expect(await engine.run(runId)).toMatchObject({ status: "retrying" });
    paced = { allowed: true, retryAfterS: 0 };
    await engine.owner(`update agent_sessions set due_at = now() where id = '${runId}'`);
    await engine.deliver(runId);
    await engine.settle();
    expect(await engine.run(runId)).toMatchObject({ status: "succeeded" });
    expect(calls).toEqual([1]);
  });
});

describe("a write without an answer", () => {
  const broken = () => Promise.reject(new Error("The stream broke."));

  test("is a question to a person", async () => {
    const runId = await runWith(probe({ effect: "write", policy: "auto", run: broken }));
    expect(await openQuestion(runId)).toMatchObject({ subject: "side_effect", title: "Was probe sent?" });
  });

  test("is an answer that the model can work with where the tool is idempotent", async () => {
    const runId = await runWith(probe({ effect: "idempotent", policy: "auto", run: broken }));
    expect(await openQuestion(runId)).toBeUndefined();
    expect(await answersIn(runId)).toEqual([{ error: "The tool failed: The stream broke." }]);
  });
});

describe("a tool that works in parts", () => {
  const part = (effect: "read" | "write", target = "a server") => ({ effect, target, request: { target } });
  const question = {
    kind: "approval",
    step: "ask",
    approval: { title: "Which one?", actions: ["first", "second"] },
  } as const;

  test("waits for a person in its middle, and what it did before is not done again", async () => {
    const done: string[] = [];
    const act = (name: string) => async () => {
      done.push(name);
      return name;
    };
    const run: Probe["run"] = async ({ once, wait }) => {
      const before = await once("before", part("write"), act("before"));
      const said = v.parse(v.looseObject({ action: v.string() }), wait(question));
      return { before, said: said.action, after: await once("after", part("read"), act("after")) };
    };
    const runId = await runWith(probe({ inParts: true, run }));
    expect(await openQuestion(runId)).toMatchObject({ title: "Which one?" });
    await answer(runId, "second");
    expect(await answersIn(runId)).toEqual([{ before: "before", said: "second", after: "after" }]);
    expect(done).toEqual(["before", "after"]);
  });

  test("accounts for each write by itself: one that never left is tried again, one without an answer is a question", async () => {
    const sent: string[] = [];
    const run: Probe["run"] = async ({ once }) => {
      const first = await once("first", part("write", "first server"), async () => sent.push("first"));
      const second = await once("second", part("write", "second server"), async () => {
        sent.push("second");
        throw sent.length < 3 ? new NotConnected("refused") : new Error("The stream broke.");
      });
      return { first, second };
    };
    const runId = await runWith(probe({ inParts: true, run }));
    await engine.owner(`update agent_sessions set due_at = now() where id = '${runId}'`);
    await engine.deliver(runId);
    await engine.settle();
    expect(sent).toEqual(["first", "second", "second"]);
    expect(await openQuestion(runId)).toMatchObject({ title: "Was second server sent?" });
    await answer(runId, "sent");
    expect(await answersIn(runId)).toEqual([{ first: 1, second: { assumed: true, response: null } }]);
  });
});

describe("a workflow as a tool", () => {
  const child = (steps: object, edges: readonly object[]) => ({
    format: "cairn/v1",
    name: "child",
    kind: "graph",
    input: { type: "object", required: ["n"], properties: { n: { type: "integer" } } },
    steps,
    edges,
    output: { doubled: "{{ input.n * 2 }}" },
  });
  const chain = (step: string) => [
    { from: "start", to: step },
    { from: step, to: "end" },
  ];
  const calling = async (definition: object, input: object = { n: 21 }) => {
    const { workflowId } = await publish(engine.tenant, definition);
    return probe({ inParts: true, run: ({ runWorkflow }) => runWorkflow(workflowId, input) });
  };

  test("gives the output of a run of its own", async () => {
    const tool = await calling(child({ one: { type: "set", values: { a: 1 } } }, chain("one")));
    const runId = await runWith(tool);
    expect(await answersIn(runId)).toEqual([{ doubled: 42 }]);
  });

  test("asks its own questions, and the agent continues when they are answered", async () => {
    const tool = await calling(child({ ok: { type: "approval", title: "Go on?" } }, chain("ok")));
    const runId = await runWith(tool);
    expect(await engine.run(runId)).toMatchObject({ status: "waiting" });
    const [started] = await engine.owner(`select id from agent_sessions where parent_id = '${runId}'`);
    await answer(String(started?.["id"]), "approve");
    await engine.deliver(runId);
    await engine.settle();
    expect(await answersIn(runId)).toEqual([{ doubled: 42 }]);
  });

  test("has the time that a tool's step gives it; the time of an agent is for each of its calls alone", async () => {
    const tool = await calling(child({ ok: { type: "approval", title: "Go on?" } }, chain("ok")));
    const limitOf = async (step: object) => {
      const runId = await runWith(tool, { timeout: "90s", ...step });
      const [limit] = await engine.owner(
        `select round(extract(epoch from deadline_at - created_at)) as s from agent_sessions where parent_id = '${runId}'`,
      );
      return limit?.["s"] ?? null;
    };
    expect(Number(await limitOf({ type: "tool", tool: "probe" }))).toBe(90);
    expect(await limitOf(agent())).toBeNull();
  });

  test("that fails is told of by the name under which it was called", async () => {
    const source = "throw new Error('no stock')";
    const runId = await runWith(await calling(child({ count: { type: "code", source } }, chain("count"))));
    expect(JSON.stringify(await answersIn(runId))).toContain(
      "The run of “probe” ended as failed: Error: no stock",
    );
  });

  test("that cannot take the arguments starts nothing, and the model is told", async () => {
    const tool = await calling(child({ one: { type: "set", values: { a: 1 } } }, chain("one")), { n: "x" });
    const runId = await runWith(tool);
    expect(JSON.stringify(await answersIn(runId))).toContain("The input of “probe” does not fit");
    expect(await engine.owner(`select id from agent_sessions where parent_id = '${runId}'`)).toEqual([]);
  });
});

test("a name belongs to the first source that has it", async () => {
  own = [Object.assign({}, probe({ run: async () => "mine" }), { name: "calculator" })];
  const [found] = await engine.runner
    .makePorts({ workspaceId: "", runId: "" })
    .tools.find(["calculator", "nothing"]);
  expect(found?.description).toContain("arithmetic");
});
