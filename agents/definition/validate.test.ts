import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { checkInput } from "#/agents/definition/input.ts";
import { parseText } from "#/agents/definition/parse.ts";
import { toPlan } from "#/agents/definition/planner.ts";
import { renderText } from "#/agents/definition/template.ts";
import { validateDefinition } from "#/agents/definition/validate.ts";

const catalogue = { tools: ["knowledge_search", "calculator"] };
const base = { format: "cairn/v1", name: "x", kind: "graph" };
const llm = { type: "llm", prompt: "hello" };
const line = [{ from: "start", to: "a" }, { from: "a", to: "end" }];

function problemsOf(document: unknown) {
  const result = validateDefinition(document, catalogue);
  return result.ok ? [] : result.problems;
}
const paths = (document: unknown) => problemsOf(document).map((problem) => problem.path);

describe("validation", () => {
  test("names unknown keys, wrong values and missing ones by their path", () => {
    expect(paths({ ...base, steps: { a: { ...llm, promt: "x" } }, edges: line })).toEqual(["/steps/a/promt"]);
    expect(paths({ ...base, steps: { a: { type: "llm" } }, edges: line })).toEqual(["/steps/a/prompt"]);
    expect(paths({ ...base, steps: { a: { type: "lmm", prompt: "x" } }, edges: line })).toEqual(["/steps/a/type"]);
  });

  test("names what does not exist together with the nearest that does", () => {
    const problems = problemsOf({
      ...base,
      steps: { research: { type: "agent", role: "r", goal: "g", tools: ["knowledge_serach"] } },
      edges: [{ from: "start", to: "reserch" }, { from: "research", to: "end" }],
    });
    expect(problems).toContainEqual(expect.objectContaining({ path: "/steps/research/tools/0", suggestion: "knowledge_search" }));
    expect(problems).toContainEqual(expect.objectContaining({ path: "/edges/0/to", suggestion: "research" }));
  });

  test("reports all problems at once", () => {
    const problems = problemsOf({ ...base, steps: { a: { ...llm, prompt: "{{ state.b }} {{ 1 + }}" }, lonely: llm }, edges: [...line, { from: "a", when: [{ if: "state.a ==", to: "nowhere" }] }] });
    expect(problems.map((problem) => problem.path)).toEqual(["/edges/2/when/0/to", "/steps/lonely", "/steps/a/prompt", "/steps/a/prompt", "/edges/2/when/0/if"]);
  });

  test("refuses a join that a condition can pass by", () => {
    const steps = { a: llm, b: llm, c: llm };
    const edges = [{ from: "start", to: "a" }, { from: "start", when: [{ if: "input.x == 1", to: "b" }] }, { from: ["a", "b"], to: "c" }, { from: "c", to: "end" }];
    expect(paths({ ...base, steps, edges })).toEqual(["/edges/2/from/1"]);
  });

  test("allows loops", () => {
    const edges = [{ from: "start", to: "a" }, { from: "a", when: [{ if: "state.a == 'again'", to: "a" }], else: "end" }];
    expect(problemsOf({ ...base, steps: { a: llm }, edges })).toEqual([]);
  });

  test("keeps secrets out of prompts", () => {
    expect(problemsOf({ ...base, steps: { a: { ...llm, prompt: "{{ secrets.key }}" } }, edges: line })[0]?.message).toMatch(/http and tool steps only/);
  });

  test("says plainly which parts of a crew are not available yet", () => {
    const crew = {
      ...base,
      kind: "crew",
      process: "hierarchical",
      agents: { w: { role: "r", goal: "g", allowDelegation: true } },
      tasks: [{ id: "t", description: "d", expectedOutput: "e", agent: "w", humanInput: true }],
    };
    expect(paths(crew)).toEqual(["/process", "/agents/w/allowDelegation", "/tasks/0/humanInput"]);
  });

  test.each(readdirSync("local/seed/workflows"))("accepts %s, which ships", (file) => {
    const parsed = parseText(readFileSync(`local/seed/workflows/${file}`, "utf8"));
    expect(parsed.ok && problemsOf(parsed.document)).toEqual([]);
  });
});

describe("reading text", () => {
  test("tells line and column of what is not YAML", () => {
    expect(parseText("a: 1\nb: [1, 2\nc: 3")).toMatchObject({ ok: false, problems: [{ line: 3 }] });
  });

  test("does not expand a bomb of aliases", () => {
    const bomb = ["a: &a [x,x,x,x,x,x,x,x,x,x]", ...Array.from({ length: 8 }, (_, i) => `l${i}: &l${i} [${Array.from({ length: 10 }, () => `*${i ? `l${i - 1}` : "a"}`).join(",")}]`)].join("\n");
    expect(parseText(bomb)).toMatchObject({ ok: false });
  });
});

describe("a crew", () => {
  const document = {
    ...base,
    kind: "crew",
    input: { type: "object", properties: { topic: { type: "string" } } },
    agents: { w: { role: "Writer on {topic}", goal: "Write", backstory: "Calm." } },
    tasks: [
      { id: "one", description: "First {topic}", expectedOutput: "A list", agent: "w" },
      { id: "two", description: "Second", expectedOutput: 'JSON like {"a": 1}', agent: "w" },
      { id: "three", description: "Third", expectedOutput: "x", agent: "w", context: [] },
    ],
  };
  const checked = validateDefinition(document, catalogue);
  const plan = checked.ok ? toPlan(checked.definition) : undefined;
  const promptOf = (id: string) => {
    const step = plan?.steps[id];
    return step?.type === "agent" ? renderText(step.prompt ?? "", { input: { topic: "tea" }, state: { one: "ONE", two: "TWO" } }) : "";
  };

  test("becomes a chain of agents in the order of its tasks", () => {
    expect(plan?.edges.map((edge) => [edge.from[0], edge.otherwise])).toEqual([["start", "one"], ["one", "two"], ["two", "three"], ["three", "end"]]);
  });

  test("gives a task the outputs of all earlier tasks unless it says otherwise", () => {
    expect(promptOf("two")).toContain("Context from earlier tasks:\nONE");
    expect(promptOf("three")).not.toContain("Context");
  });

  test("fills {inputs} in and leaves other braces alone", () => {
    expect(promptOf("one")).toContain("First tea");
    expect(promptOf("two")).toContain('{"a": 1}');
  });
});

describe("input", () => {
  const schema = { type: "object", required: ["topic"], properties: { topic: { type: "string", minLength: 3 }, tone: { type: "string", default: "calm" } } };
  test("gets the schema's defaults", () => {
    expect(checkInput(schema, { topic: "tea" })).toEqual({ ok: true, input: { topic: "tea", tone: "calm" } });
  });

  test("that does not fit is told by its path", () => {
    expect(checkInput(schema, { topic: "t" })).toMatchObject({ ok: false, problems: [{ path: "/topic" }] });
    expect(checkInput(schema, {})).toMatchObject({ ok: false });
    expect(checkInput(schema, [])).toMatchObject({ ok: false });
  });
});
