import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { forkPoint } from "#/agents/engine/fork-point.ts";
import { insertFork } from "#/db/forks.ts";
import type { StepPorts } from "#/agents/steps/step-ports.ts";
import { agent, crew as crewWith, edge, graph, task } from "#/tests/support/definitions.ts";
import { openEngine, type ScriptedModel, type TestEngine } from "#/tests/support/engine.ts";
import { publishable } from "#/tests/support/publish.ts";

let engine: TestEngine;
let script: ScriptedModel = () => "done";
let fetched: string[] = [];
let prompts: string[] = [];

const fetch: StepPorts["fetch"] = async ({ url, method = "GET" }) => {
  fetched.push(`${method} ${url}`);
  return { url, status: 200, headers: {}, body: "sent" };
};

beforeAll(async () => {
  engine = await openEngine({
    model: (prompt, call) => {
      prompts.push(prompt);
      return script(prompt, call);
    },
    ports: { fetch },
  });
});
beforeEach(() => {
  [fetched, prompts] = [[], []];
});
afterAll(() => engine.close());

/** Who is asked: the role in the instructions. */
const speaker = (prompt: string) => /You are ([A-Za-z ]+)\./.exec(prompt)?.[1] ?? "";
const results = (prompt: string) => prompt.split('"type":"tool-result"').length - 1;

interface Ended {
  readonly status: string;
  readonly output: { readonly result: unknown; readonly tasks: Readonly<Record<string, unknown>> };
  readonly error?: { readonly code: string; readonly message: string };
}

async function ended(document: object, input: Record<string, unknown> = {}): Promise<Ended & { id: string }> {
  const id = await engine.start(publishable(crewWith({ ...document })), input);
  await engine.settle();
  return { ...((await engine.run(id)) as unknown as Ended), id };
}

const decide = async (...decision: Parameters<TestEngine["decide"]>) => {
  await engine.decide(...decision);
  await engine.settle();
};

describe("delegation", () => {
  const trio = {
    agents: {
      lead: agent("Lead", { allowDelegation: true }),
      researcher: agent("Researcher", { allowDelegation: true, tools: ["http_request"] }),
      writer: agent("Writer"),
    },
    tasks: [task("report", { agent: "lead" })],
  };

  test("gives the coworker's answer to whoever asked, each call of a model a superstep", async () => {
    script = (prompt) => {
      if (speaker(prompt) !== "Lead") return `${speaker(prompt)} says 42`;
      if (results(prompt) > 0) return prompt.includes("Writer says 42") ? "Report: 42" : "nothing came";
      return { tool: "delegate", input: { coworker: '  "writer" ', task: "Write", context: "All there is" } };
    };
    const run = await ended(trio);
    expect(run).toMatchObject({ status: "succeeded", output: { result: "Report: 42" } });
    const lines = await engine.rows("agent_logs", run.id);
    expect(
      lines.filter(({ kind }) => kind === "model").map(({ input }) => (input as { crew?: object }).crew),
    ).toEqual([
      { agent: "lead", role: "Lead", frame: "", depth: 0 },
      { agent: "writer", role: "Writer", frame: expect.any(String), depth: 1, from: "" },
      { agent: "lead", role: "Lead", frame: "", depth: 0 },
    ]);
    expect(prompts[1]).toContain("All there is");
  });

  test("tells a model who there is when it names nobody, and that it is itself when it names itself", async () => {
    const asked = ["Nobody", "Lead"];
    script = (prompt) => {
      const coworker = asked[results(prompt)];
      return coworker === undefined
        ? "by myself"
        : { tool: "ask", input: { coworker, question: "?", context: "" } };
    };
    const run = await ended(trio);
    expect(run).toMatchObject({ status: "succeeded", output: { result: "by myself" } });
    expect(prompts[2]).toContain("There is no coworker named “Nobody”. You can turn to: Writer; Researcher.");
    expect(prompts[2]).toContain("That is you.");
  });

  test("goes three levels deep and no deeper", async () => {
    const everybody = {
      agents: {
        a: agent("Alpha", { allowDelegation: true }),
        b: agent("Beta", { allowDelegation: true }),
      },
      tasks: [task("dig", { agent: "a" })],
    };
    script = (prompt) => {
      if (results(prompt) > 0) return `${speaker(prompt)} is done`;
      const other = speaker(prompt) === "Alpha" ? "Beta" : "Alpha";
      return { tool: "delegate", input: { coworker: other, task: "Dig on", context: "" } };
    };
    const run = await ended(everybody);
    expect(run).toMatchObject({ status: "succeeded", output: { result: "Alpha is done" } });
    const lines = await engine.rows("agent_logs", run.id);
    const depths = lines.map(({ input }) => (input as { crew: { depth: number } }).crew.depth);
    expect(depths).toEqual([0, 1, 2, 3, 3, 3, 2, 1, 0]);
    expect(JSON.stringify(lines)).toContain("There is no tool named delegate here");
  });

  test("asks two coworkers at once; two approvals at different depths are open at the same time, and are decided in any order", async () => {
    const post = (url: string) => ({ tool: "http_request", input: { url, method: "POST", body: "x" } });
    script = (prompt) => {
      const answers = results(prompt);
      if (speaker(prompt) === "Lead")
        return answers === 0
          ? [
              { tool: "delegate", input: { coworker: "Researcher", task: "Look", context: "" } },
              { tool: "delegate", input: { coworker: "Writer", task: "Write", context: "" } },
            ]
          : "all is done";
      if (speaker(prompt) === "Writer") return answers === 0 ? post("https://a.test/writer") : "written";
      if (!prompt.includes("Deeper"))
        return answers === 0
          ? { tool: "delegate", input: { coworker: "Writer", task: "Deeper", context: "" } }
          : "looked";
      return "deeper";
    };
    const crew = {
      ...trio,
      agents: {
        ...trio.agents,
        writer: agent("Writer", { tools: ["http_request"] }),
      },
    };
    const run = await ended(crew);
    expect(run.status).toBe("waiting");
    const [first, second, ...others] = await engine.openApprovals(run.id);
    expect(others).toEqual([]);
    const asked = [first, second].map((approval) => String(approval?.["description"]));
    expect(asked.join()).toContain("Asked by Writer, for Lead.");
    expect(asked.join()).toContain("Asked by Writer, for Researcher, for Lead.");
    expect(fetched).toEqual([]);
    await decide(run.id, { approvalId: second?.["id"], action: "approve" });
    expect(fetched).toEqual(["POST https://a.test/writer"]);
    expect(await engine.run(run.id)).toMatchObject({ status: "waiting" });
    await decide(run.id, { approvalId: first?.["id"], action: "reject" });
    expect(await engine.run(run.id)).toMatchObject({
      status: "succeeded",
      output: { result: "all is done" },
    });
    expect(fetched).toEqual(["POST https://a.test/writer"]);
  });

  test("tells the coworker's failure to whoever asked", async () => {
    script = (prompt) => {
      if (speaker(prompt) === "Writer") return new Error("broken");
      return results(prompt) > 0
        ? "without the writer"
        : { tool: "delegate", input: { coworker: "Writer", task: "Write", context: "" } };
    };
    const id = await engine.start(publishable(crewWith(trio)));
    for (let round = 0; round < 8; round += 1) {
      await engine.settle();
      const waiting = engine.queued.splice(0);
      await engine.owner(`update agent_sessions set due_at = now() where id = '${id}'`);
      await engine.owner(`update waits set due_at = now() where run_id = '${id}'`);
      engine.queued.push(...waiting.map((wake) => Object.assign({}, wake, { delayMs: 0 })));
      await engine.sweep();
    }
    expect(await engine.run(id)).toMatchObject({
      status: "succeeded",
      output: { result: "without the writer" },
    });
  });
});

describe("the hierarchical process", () => {
  const crew = {
    process: "hierarchical",
    agents: { researcher: agent("Researcher"), writer: agent("Writer") },
    tasks: [task("facts"), task("text", { agent: "writer" })],
  };

  test("lets a manager do every task through the coworkers", async () => {
    script = (prompt) => {
      if (speaker(prompt) !== "Crew manager") return `${speaker(prompt)} worked`;
      if (results(prompt) > 0) return prompt.includes("Researcher worked") ? "facts" : "text";
      return prompt.includes("Do text")
        ? { tool: "delegate", input: { coworker: "Researcher", task: "x", context: "" } }
        : { tool: "delegate", input: { coworker: "Researcher", task: "y", context: "" } };
    };
    const run = await ended(crew);
    expect(run).toMatchObject({ status: "succeeded", output: { tasks: { facts: "facts" } } });
    // A task that names its agent is for that agent alone.
    expect(JSON.stringify(prompts)).toContain("You can turn to: Writer.");
  });

  test("shows the files of a task to the manager and to whoever it gives the task to, and to nobody at another task", async () => {
    script = (prompt) => {
      if (speaker(prompt) !== "Crew manager") return `${speaker(prompt)} worked`;
      return results(prompt) > 0
        ? "done"
        : { tool: "delegate", input: { coworker: "Writer", task: "x", context: "" } };
    };
    const note = (text: string) => ({
      contentType: "text/plain",
      name: "note.txt",
      base64: Buffer.from(text).toString("base64"),
    });
    const tasks = [
      task("facts", { files: ["{plan}"] }),
      task("text", { files: ["{{ input.list }}"] }),
      task("rest"),
    ];
    const properties = { plan: {}, list: {} };
    const run = await ended(
      { ...crew, tasks, input: { type: "object", properties } },
      { plan: note("The plan."), list: [note("Item one."), note("Item two.")] },
    );
    expect(run).toMatchObject({ status: "succeeded" });
    const seen = prompts.map((prompt) =>
      ["The plan.", "Item one.", "Item two."].filter((text) => prompt.includes(text)),
    );
    const [plan, items] = [["The plan."], ["Item one.", "Item two."]];
    expect(seen).toEqual([plan, plan, plan, items, items, items, [], [], []]);
  });
});

describe("the order of tasks", () => {
  const one = { agents: { a: agent("Worker") } };
  const doing = (prompt: string) => /Current task: Do (\w+)/.exec(prompt)?.[1] ?? "";

  test("runs asynchronous tasks side by side; the next one waits for all of them", async () => {
    script = (prompt) => doing(prompt);
    const run = await ended({
      ...one,
      tasks: [
        task("begin", { agent: "a" }),
        task("left", { agent: "a", async: true }),
        task("right", { agent: "a", async: true }),
        task("end1", { agent: "a" }),
      ],
    });
    expect(run).toMatchObject({ status: "succeeded", output: { result: "end1" } });
    const supersteps = (await engine.rows("agent_logs", run.id)).map(({ step, superstep }) => [
      step,
      superstep,
    ]);
    const at = Object.fromEntries(supersteps) as Record<string, number>;
    expect(at["left"]).toBe(at["right"]);
    expect(at["end1"]).toBeGreaterThan(at["left"] ?? 0);
    const ofRight = prompts.find((prompt) => doing(prompt) === "right");
    expect(ofRight).toContain("begin");
    expect(ofRight).not.toContain("left");
    expect(prompts.find((prompt) => doing(prompt) === "end1")).toContain("left");
  });

  test("passes a task over whose condition does not hold; the result is the last one that is not empty", async () => {
    script = (prompt) => doing(prompt);
    const run = await ended({
      ...one,
      tasks: [
        task("first", { agent: "a" }),
        task("maybe", { agent: "a", condition: "state.first == 'other'" }),
      ],
    });
    expect(run).toMatchObject({
      status: "succeeded",
      output: { result: "first", tasks: { first: "first", maybe: "" } },
    });
    expect(prompts.length).toBe(1);
  });

  test("plans all tasks in one call, and tells each its plan", async () => {
    script = (prompt) =>
      prompt.includes("You plan the work") ? JSON.stringify({ first: "step by step" }) : "done";
    const run = await ended({ ...one, planning: true, tasks: [task("first", { agent: "a" })] });
    expect(run.status).toBe("succeeded");
    expect(prompts[1]).toContain("The plan for this task:\\nstep by step");
  });

  test("tells planning the names and types of the files of its tasks, and not what is in them", async () => {
    script = (prompt) =>
      prompt.includes("You plan the work") ? JSON.stringify({ look: "look", sum: "sum" }) : "done";
    const photo = { contentType: "image/png", base64: "c2VjcmV0IGJ5dGVz", name: "door.png" };
    const tasks = [
      task("look", { agent: "a", files: ["{photo}", "{nothing}"] }),
      task("sum", { agent: "a", files: ["{{ state.look.file }}", "gone.pdf"] }),
    ];
    const input = { photo, nothing: null };
    const run = await ended({ ...one, planning: true, tasks }, input);
    const [planning = ""] = prompts;
    expect(planning).toContain(String.raw`Task look: \"door.png\" (image/png)\n`);
    expect(planning).toContain(String.raw`Task sum: \"{{ state.look.file }}\", \"gone.pdf\"`);
    expect(planning).not.toContain(photo.base64);
    // What there is not is for the task to fail with, when its turn comes.
    expect(run).toMatchObject({ status: "failed", error: { step: "sum" } });
  });

  test("gives an output that is meant for a file as a value by its name", async () => {
    script = () => "# Brief";
    const run = await ended({ ...one, tasks: [task("brief", { agent: "a", outputFile: "out/brief.md" })] });
    expect(run.output).toMatchObject({ files: { "out/brief.md": "# Brief" } });
  });
});

describe("an answer", () => {
  const crewOf = (rest: object, of: Parameters<typeof agent>[1] = {}) => ({
    agents: { a: agent("Worker", of) },
    tasks: [task("write", { agent: "a", ...rest })],
  });
  const tries: ScriptedModel = (prompt) => `try ${prompt.split("did not pass a check").length}`;

  test.each([
    ["a regular expression", { regex: "try 3" }],
    ["a condition", { if: "output == 'try 3'", message: "Try again" }],
    ["a schema", { schema: { const: "try 3" } }],
    ["code", { code: "return output === 'try 3' || {ok: false, feedback: 'no'}" }],
  ])("that does not fit %s goes back until it does", async (_what, guardrail) => {
    script = tries;
    const run = await ended(crewOf({ guardrail }));
    expect(run).toMatchObject({ status: "succeeded", output: { result: "try 3" } });
  });

  test("in text is held against a schema of other things as the JSON that is in it, which then counts", async () => {
    const schema = { type: "object", required: ["n"], properties: { n: { type: "number" } } };
    const answers = ["three", '{"n": "three"}', 'Here it is:\n```json\n{"n": 3}\n```'];
    script = (prompt) => answers[prompt.split("did not pass a check").length - 1] ?? "";
    const run = await ended(crewOf({ guardrail: { schema } }));
    expect(run).toMatchObject({ status: "succeeded", output: { result: { n: 3 } } });
    expect(prompts[1]).toContain("It is no JSON");
    expect(prompts[2]).toContain("/n ");
  });

  test("that never fits fails the task after three more tries, and says why", async () => {
    script = tries;
    const run = await ended(crewOf({ guardrail: { regex: "never" } }));
    expect(run).toMatchObject({ status: "failed", error: { code: "guardrail" } });
    expect(run.error?.message).toContain("4 tries");
    expect(prompts.length).toBe(4);
  });

  test("is judged by a model, once for each answer, and what code makes of it counts", async () => {
    script = (prompt) => {
      if (prompt.includes("You judge whether"))
        return JSON.stringify({ valid: prompt.includes("try 2"), feedback: "second, please" });
      return tries(prompt, 0);
    };
    const guardrail = ["It is the second try", { code: "return {ok: true, value: output + '!'}" }];
    const run = await ended(crewOf({ guardrail }));
    expect(run).toMatchObject({ status: "succeeded", output: { result: "try 2!" } });
    expect(prompts.length).toBe(4);
  });

  test("is shown to a person until it is approved", async () => {
    script = (prompt) => `draft ${prompt.split("You got feedback").length}`;
    const run = await ended(crewOf({ humanInput: true }));
    expect(run.status).toBe("waiting");
    const [first] = await engine.openApprovals(run.id);
    expect(first).toMatchObject({ title: "Review: write", shown: "draft 1" });
    await decide(run.id, { approvalId: first?.["id"], action: "revise", comment: "Shorter" });
    expect(prompts[1]).toContain("Shorter");
    const [second] = await engine.openApprovals(run.id);
    await decide(run.id, { approvalId: second?.["id"], action: "approve" });
    expect(await engine.run(run.id)).toMatchObject({ status: "succeeded", output: { result: "draft 2" } });
  });

  test("is what a tool gave, where its result is the answer", async () => {
    script = () => ({ tool: "calculator", input: { expression: "6*7" } });
    const run = await ended(crewOf({}, { tools: ["calculator"], resultAsAnswer: ["calculator"] }));
    expect(run.status).toBe("succeeded");
    expect(JSON.stringify(run.output)).toContain("42");
    expect(prompts.length).toBe(1);
  });

  test("has to come without tools at the limit of iterations", async () => {
    script = (prompt) =>
      prompt.includes("step limit") ? "the best I can" : { tool: "calculator", input: { expression: "1+1" } };
    const run = await ended(crewOf({}, { tools: ["calculator"], maxIterations: 2 }));
    expect(run).toMatchObject({ status: "succeeded", output: { result: "the best I can" } });
    expect(prompts.length).toBe(3);
  });

  test("can be given by a conversation that had become too long and stands in a summary", async () => {
    script = (prompt) => {
      if (prompt.includes("The record of the work")) return "the sum was 2";
      if (prompt.includes("as a summary")) return "it is 2";
      if (results(prompt) === 0) return { tool: "calculator", input: { expression: "1+1" } };
      return Object.assign(new Error("maximum context length exceeded"), {});
    };
    const run = await ended(crewOf({}, { tools: ["calculator"] }));
    expect(run).toMatchObject({ status: "succeeded", output: { result: "it is 2" } });
    expect(prompts.length).toBe(4);
  });

  test("knows what day it is where the agent is told", async () => {
    script = () => "today";
    await ended(crewOf({}, { injectDate: true }));
    expect(prompts[0]).toContain(`Today is ${new Date().toISOString().slice(0, 10)}`);
  });
});

describe("an agent step", () => {
  const bothWays = [edge("work", "left"), edge("work", "right")];
  const worker = (step: object, ways: readonly unknown[] = bothWays) =>
    graph(
      {
        work: { type: "agent", role: "Worker", goal: "Work", ...step },
        left: { type: "set", values: { at: "left" } },
        right: { type: "set", values: { at: "right" } },
      },
      [edge("start", "work"), ...ways, edge("left", "end"), edge("right", "end")],
    );

  test("picks the branch that the run takes", async () => {
    script = () => JSON.stringify({ route: "refund", answer: "Money back" });
    const routes = { refund: "The customer wants money", other: "Anything else" };
    const edges = [
      { from: "work", when: [{ if: "state.work.route == 'refund'", to: "left" }], else: "right" },
    ];
    const id = await engine.start(publishable(worker({ routes }, edges)));
    await engine.settle();
    const run = await engine.run(id);
    expect(run).toMatchObject({ status: "succeeded", output: { work: { answer: "Money back" } } });
    expect(run["output"]).toMatchObject({ left: { at: "left" }, right: null });
  });

  test("works on until its judge is content, and no longer than its rounds", async () => {
    script = (prompt) =>
      prompt.includes("You judge whether")
        ? JSON.stringify({ valid: prompt.includes("round 2"), feedback: "more" })
        : `round ${prompt.split("not done yet").length}`;
    const until = { judge: "It is good", rounds: 5 };
    const id = await engine.start(publishable(worker({ until })));
    await engine.settle();
    expect(await engine.run(id)).toMatchObject({ status: "succeeded", output: { work: "round 2" } });
    script = (prompt) => `round ${prompt.split("not done yet").length}`;
    const never = await engine.start(publishable(worker({ until: { if: "false", rounds: 3 } })));
    await engine.settle();
    expect(await engine.run(never)).toMatchObject({ status: "succeeded", output: { work: "round 3" } });
  });

  test("stops working on when it has used the money for it", async () => {
    script = () => "again";
    const until = { if: "false", rounds: 20, maxCostUsd: 0.00003 };
    const id = await engine.start(publishable(worker({ until })));
    await engine.settle();
    expect(await engine.run(id)).toMatchObject({ status: "succeeded" });
    expect(prompts.length).toBe(2);
  });

  test("is shown examples of good answers", async () => {
    script = () => "like that";
    const messages = [
      { role: "user", content: "1 + 1 for {{ input.who }}" },
      { role: "assistant", content: "two" },
    ];
    await engine.start(publishable(worker({ messages })), { who: "Ada" });
    await engine.settle();
    const [prompt = ""] = prompts;
    expect(prompt.indexOf("1 + 1 for Ada")).toBeLessThan(prompt.indexOf("two"));
    expect(prompt.indexOf("two")).toBeLessThan(prompt.lastIndexOf("Work"));
  });
});

describe("a crew in a graph", () => {
  const crew = {
    type: "crew",
    agents: { a: agent("Worker") },
    tasks: [
      task("draft", { agent: "a", description: "Draft about {topic} for {{ state.who.name }}" }),
      task("check", { agent: "a", context: ["draft"] }),
    ],
  };
  const edges = [
    { from: "start", to: "who" },
    { from: "who", to: "team" },
    { from: "team", to: "end" },
  ];
  const who = { type: "set", values: { name: "Ada" } };

  test("is a run of its own that sees the state around it; its result is the step's value", async () => {
    script = (prompt) => (prompt.includes("Do check") ? "checked" : "drafted");
    const run = await ended(
      { kind: "graph", steps: { who, team: crew }, edges, output: { text: "{{ state.team.result }}" } },
      { topic: "crews" },
    );
    expect(run).toMatchObject({ status: "succeeded", output: { text: "checked" } });
    expect(prompts[0]).toContain("Draft about crews for Ada");
    expect(prompts[1]).toContain("drafted");
  });

  test("is done for each item of a map, inside a small graph too, and sees its item", async () => {
    script = (prompt) => /Say (\w+)/.exec(prompt)?.[1] ?? "nothing";
    const each = {
      ...crew,
      tasks: [task("say", { agent: "a", description: "Say {{ item }}" })],
    };
    const inside = {
      steps: { one: each, two: { type: "set", values: { said: "{{ state.one.result }}" } } },
      edges: [
        { from: "start", to: "one" },
        { from: "one", to: "two" },
        { from: "two", to: "end" },
      ],
      output: "{{ state.two.said }}",
    };
    const run = await ended({
      kind: "graph",
      steps: {
        flat: { type: "map", items: ["a", "b"], do: each },
        deep: { type: "map", items: ["c", "d"], do: inside },
      },
      edges: [
        { from: "start", to: "flat" },
        { from: "flat", to: "deep" },
        { from: "deep", to: "end" },
      ],
      output: { flat: "{{ state.flat.map(part, part.result) }}", deep: "{{ state.deep }}" },
    });
    expect(run).toMatchObject({ status: "succeeded", output: { flat: ["a", "b"], deep: ["c", "d"] } });
  });

  test("fails its step as the step's error policy says", async () => {
    script = () => "never right";
    const strict = {
      ...crew,
      tasks: [task("draft", { agent: "a", guardrail: { regex: "^ok$" }, guardrailRetries: 0 })],
    };
    const run = await ended({
      kind: "graph",
      steps: { who, team: { ...strict, onError: { continue: { result: "none" } } } },
      edges,
      output: { text: "{{ state.team.result }}" },
    });
    expect(run).toMatchObject({ status: "succeeded", output: { text: "none" } });
  });
});

test("a run is replayed from a task: what came before it is taken over", async () => {
  script = (prompt) => {
    if (speaker(prompt) === "Writer") return "written";
    const isSecond = prompt.includes("Do second");
    if (isSecond && results(prompt) === 0)
      return { tool: "ask", input: { coworker: "Writer", question: "What?", context: "" } };
    return isSecond ? "second" : "first";
  };
  const run = await ended({
    agents: { lead: agent("Lead", { allowDelegation: true }), writer: agent("Writer") },
    tasks: [task("first", { agent: "lead" }), task("second", { agent: "lead" })],
  });
  const log = (await engine.rows("agent_logs", run.id)).map((line) => ({
    step: String(line["step"]),
    superstep: Number(line["superstep"]),
    status: String(line["status"]),
    taskId: String(line["task_id"]),
  }));
  const superstep = forkPoint(log, "second", { span: "several", occurrence: undefined });
  prompts = [];
  const forked = await insertFork(engine.tenant, {
    id: randomUUID(),
    origin: run.id,
    superstep: superstep ?? null,
    fresh: false,
    state: {},
    reuses: false,
    trigger: { kind: "manual" },
  });
  if (!("runId" in forked)) throw new Error(forked.refused);
  await engine.deliver(forked.runId);
  expect(await engine.run(forked.runId)).toMatchObject({
    status: "succeeded",
    output: { tasks: { first: "first", second: "second" } },
  });
  expect(prompts.map(speaker)).toEqual(["Lead", "Writer", "Lead"]);
});
