import { describe, expect, test } from "vitest";
import { validateDefinition } from "#/agents/definition/check/validate.ts";

const agent = (rest: object = {}) => ({ role: "Worker", goal: "Work", ...rest });
const task = (id: string, rest: object = {}) => ({
  id,
  description: "d",
  expectedOutput: "e",
  agent: "a",
  ...rest,
});
const two = { a: agent(), b: agent({ role: "Other" }) };

const crewWith = (rest: object) => ({
  format: "cairn/v1",
  name: "x",
  kind: "crew",
  agents: two,
  tasks: [task("one")],
  ...rest,
});

function problemsOf(rest: object) {
  const checked = validateDefinition(crewWith(rest), { tools: ["calculator", "ask"] });
  return checked.ok ? [] : checked.problems.map(({ path, message }) => `${path} ${message}`);
}

describe("a crew can be published", () => {
  test.each([
    ["with a manager of its own", { process: "hierarchical" }],
    [
      "with an agent that asks at its limit of turns",
      { agents: { ...two, a: agent({ onLimit: "ask", askTimeout: "24h" }) } },
    ],
    ["with a manager that is written out", { process: "hierarchical", manager: agent({ role: "Boss" }) }],
    [
      "with a manager that is one of its agents",
      { process: "hierarchical", manager: "b", tasks: [task("one", { agent: undefined })] },
    ],
    [
      "with members that delegate",
      { agents: { a: agent({ allowDelegation: true }), b: agent({ role: "Other" }) } },
    ],
    [
      "with asynchronous tasks before one that waits for them",
      { tasks: [task("one", { async: true }), task("two", { async: true }), task("three")] },
    ],
    [
      "with everything that a task may have",
      {
        planning: { model: "planner" },
        tasks: [
          task("one"),
          task("two", {
            condition: "state.one != ''",
            guardrail: [
              "polite",
              { regex: "^.+$" },
              { if: "size(output) > 3" },
              { schema: { type: "string" } },
            ],
            guardrailRetries: 1,
            humanInput: true,
            files: ["price-list.pdf", "{photo}", "{{ input.more }}", "{{ state.one }}"],
            outputFile: "out/two.md",
            context: ["one"],
          }),
        ],
      },
    ],
  ])("%s", (_how, rest) => {
    expect(problemsOf(rest)).toEqual([]);
  });
});

describe("a crew is refused, and told why,", () => {
  test.each([
    ["with a manager that has nothing to manage", { manager: "a" }, "/manager Only the hierarchical process"],
    [
      "with an unknown manager",
      { process: "hierarchical", manager: "c" },
      "/manager There is no agent named “c”",
    ],
    [
      "with nobody besides the manager",
      {
        process: "hierarchical",
        manager: "a",
        agents: { a: agent() },
        tasks: [task("one", { agent: undefined })],
      },
      "/agents A manager needs",
    ],
    [
      "with a task for the manager itself",
      { process: "hierarchical", manager: "a" },
      "/tasks/0/agent The manager gives this task",
    ],
    [
      "with a task for nobody",
      { tasks: [task("one", { agent: undefined })] },
      "/tasks/0/agent In the sequential process",
    ],
    [
      "with two roles that a model's call could mean alike",
      {
        agents: {
          a: agent({ allowDelegation: true, role: "Front-end “Lead”" }),
          b: agent({ role: "front end lead" }),
        },
      },
      "/agents/b/role Another agent has the role",
    ],
    [
      "with two roles that are the same",
      { agents: { a: agent({ allowDelegation: true }), b: agent({ role: " worker " }) } },
      "/agents/b/role Another agent has the role",
    ],
    [
      "with a tool that is named as a way to delegate",
      { agents: { a: agent({ allowDelegation: true, tools: ["ask"] }), b: agent({ role: "Other" }) } },
      "/agents/a/tools “ask” is how agents",
    ],
    [
      "with a tool for answers that the agent does not have",
      { agents: { a: agent({ resultAsAnswer: ["calculator"] }) } },
      "/agents/a/resultAsAnswer/0 There is no tool",
    ],
    [
      "with two asynchronous tasks at its end",
      { tasks: [task("one", { async: true }), task("two", { async: true })] },
      "/tasks/1/async A crew ends with one",
    ],
    [
      "with context that is not there yet",
      {
        tasks: [task("one", { async: true }), task("two", { async: true, context: ["one"] }), task("three")],
      },
      "/tasks/1/context/0 “one” runs at the same time",
    ],
    [
      "with a condition at the beginning",
      { tasks: [task("one", { condition: "true" })] },
      "/tasks/0/condition The first",
    ],
    [
      "with a condition beside other tasks",
      { tasks: [task("one"), task("two", { condition: "true", async: true }), task("three")] },
      "/tasks/1/condition An asynchronous task",
    ],
    [
      "with a condition on what there is not",
      { tasks: [task("one"), task("two", { condition: "state.on == 1" })] },
      "/tasks/1/condition state has no “on”",
    ],
    [
      "with a pattern that cannot be read",
      { tasks: [task("one", { guardrail: { regex: "(" } })] },
      "/tasks/0/guardrail/regex",
    ],
    [
      "with a guardrail on what there is not",
      { tasks: [task("one", { guardrail: { if: "answer == 1" } })] },
      "/tasks/0/guardrail/if There is no variable “answer”",
    ],
    [
      "with a file that is the output of no task",
      { tasks: [task("one", { files: ["a.pdf", "{{ state.two }}"] })] },
      "/tasks/0/files/1 state has no “two”",
    ],
    [
      "with more files than a model is shown",
      { tasks: [task("one", { files: Array.from({ length: 21 }, () => "a.pdf") })] },
      "/tasks/0/files has at most 20 files",
    ],
    [
      "with two tasks for one file",
      { tasks: [task("one", { outputFile: "a.md" }), task("two", { outputFile: "a.md" })] },
      "/tasks/1/outputFile Another task",
    ],
    [
      "with a file outside",
      { tasks: [task("one", { outputFile: "../a.md" })] },
      "/tasks/0/outputFile must be",
    ],
    [
      "with a task that is named as the planning",
      { planning: true, tasks: [task("planning")] },
      "/tasks/0/id “planning” is the step",
    ],
    [
      "with an agent that has a time to answer and no question",
      { agents: { ...two, a: agent({ onLimit: "fail", askTimeout: "24h" }) } },
      "/agents/a/askTimeout Nobody is asked at its limits",
    ],
    [
      "with something else at the limit of turns",
      { agents: { ...two, a: agent({ onLimit: "wait" }) } },
      "/agents/a/onLimit must be",
    ],
    [
      "with a memory of a key that there is not",
      { memory: { key: "{{ state.nobody }}" } },
      "/memory/key state has no “nobody”",
    ],
  ])("%s", (_how, rest, problem) => {
    expect(problemsOf(rest).join("\n")).toContain(problem);
  });
});

describe("a name in braces that no schema declares is warned of where it stands", () => {
  const texts = { agents: { a: agent({ role: "Analyst of {topci}" }), b: agent({ role: "Other" }) } };
  const warningsOf = (rest: object) => {
    const checked = validateDefinition(crewWith({ ...texts, ...rest }), { tools: [] });
    if (!checked.ok) throw new Error(JSON.stringify(checked.problems));
    return checked.warnings;
  };
  const topic = { type: "object", properties: { topic: { type: "string" } }, additionalProperties: true };

  test("with the nearest name that is declared", () => {
    expect(warningsOf({ input: topic })).toEqual([
      {
        path: "/agents/a/role",
        message: expect.stringMatching("declares no “topci”.* Known: topic.") as string,
        suggestion: "{topic}",
      },
    ]);
  });

  test("without any schema, in every text of a crew, once in each", () => {
    const manager = agent({ role: "Boss of {firm}", memory: { key: "{who}" } });
    const tasks = [
      task("one", { agent: undefined, description: "{a} and {a}, {{ {'b': 1} }}", files: ["{photo}"] }),
    ];
    expect(warningsOf({ process: "hierarchical", manager, tasks }).map(({ path }) => path)).toEqual([
      "/agents/a/role",
      "/manager/role",
      "/manager/memory/key",
      "/tasks/0/description",
      "/tasks/0/files/0",
    ]);
  });

  test("in a crew that is a step of a graph", () => {
    const tasks = [task("one")];
    const checked = validateDefinition(
      {
        format: "cairn/v1",
        name: "x",
        kind: "graph",
        steps: { team: { type: "crew", ...texts, tasks } },
        edges: [
          { from: "start", to: "team" },
          { from: "team", to: "end" },
        ],
      },
      { tools: [] },
    );
    expect(checked).toMatchObject({ ok: true, warnings: [{ path: "/steps/team/agents/a/role" }] });
  });

  test("and not where it is declared", () => {
    expect(warningsOf({ input: { ...topic, properties: { topci: { type: "string" } } } })).toEqual([]);
  });
});
