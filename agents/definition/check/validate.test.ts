import { readdirSync, readFileSync } from "node:fs";
import { anything, assert, constantFrom, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { checkInput } from "#/agents/definition/schema/input.ts";
import { parseText } from "#/agents/definition/format/parse.ts";
import { toPlan } from "#/agents/definition/plan/planner.ts";
import { renderText } from "#/agents/definition/expression/template.ts";
import { validateDefinition } from "#/agents/definition/check/validate.ts";

const catalogue = { tools: ["knowledge_search", "calculator"] };
const base = { format: "cairn/v1", name: "x", kind: "graph" };
const llm = { type: "llm", prompt: "hello" };
const worker = { type: "agent", role: "r", goal: "g" };
const line = [
  { from: "start", to: "a" },
  { from: "a", to: "end" },
];

function listProblems(document: unknown) {
  const result = validateDefinition(document, catalogue);
  return result.ok ? [] : result.problems;
}
const paths = (document: unknown) => listProblems(document).map((problem) => problem.path);

describe("validation", () => {
  test("names unknown keys, wrong values and missing ones by their path", () => {
    expect(paths({ ...base, steps: { a: { ...llm, promt: "x" } }, edges: line })).toEqual(["/steps/a/promt"]);
    expect(paths({ ...base, steps: { a: { type: "llm" } }, edges: line })).toEqual(["/steps/a/prompt"]);
    expect(paths({ ...base, steps: { a: { type: "lmm", prompt: "x" } }, edges: line })).toEqual([
      "/steps/a/type",
    ]);
  });

  test("names what does not exist together with the nearest that does", () => {
    const problems = listProblems({
      ...base,
      steps: { research: { type: "agent", role: "r", goal: "g", tools: ["knowledge_serach"] } },
      edges: [
        { from: "start", to: "reserch" },
        { from: "research", to: "end" },
      ],
    });
    expect(problems).toContainEqual(
      expect.objectContaining({ path: "/steps/research/tools/0", suggestion: "knowledge_search" }),
    );
    expect(problems).toContainEqual(expect.objectContaining({ path: "/edges/0/to", suggestion: "research" }));
  });

  test("conditions of a tool policy are expressions on the arguments and what the step sees", () => {
    const policy = (when: string) => ({ toolPolicy: { calculator: { when } } });
    const agent = { type: "agent", role: "r", goal: "g", tools: ["calculator"] };
    const graph = (step: object) => ({ ...base, steps: { a: step }, edges: line });
    const at = "/toolPolicy/calculator/when";
    expect(paths(graph({ ...agent, ...policy("args.n > 1 && state.a == null") }))).toEqual([]);
    expect(paths(graph({ ...agent, ...policy("args.n >") }))).toEqual([`/steps/a${at}`]);
    expect(paths(graph({ ...agent, ...policy("arg.n > 1") }))).toEqual([`/steps/a${at}`]);
    expect(paths(graph({ ...agent, ...policy("{{ args.n > 1 }}") }))).toEqual([`/steps/a${at}`]);
    expect(paths(graph({ type: "tool", tool: "calculator", ...policy("args.n >") }))).toEqual([
      `/steps/a${at}`,
    ]);
    const map = { type: "map", items: "{{ [1] }}", do: { ...agent, ...policy("args.n > item + x") } };
    expect(paths(graph(map))).toEqual([`/steps/a/do${at}`]);
    expect(
      paths({ ...base, kind: "direct", prompt: "p", tools: ["calculator"], ...policy("args.n >") }),
    ).toEqual([at]);
    const crew = {
      agents: { clerk: { role: "r", goal: "g", tools: ["calculator"], ...policy("args.n >") } },
      tasks: [{ id: "one", description: "d", expectedOutput: "e", agent: "clerk" }],
    };
    expect(paths({ ...base, kind: "crew", ...crew })).toEqual([`/agents/clerk${at}`]);
  });

  test("files of a direct call are filled in, and name only what there is", () => {
    const direct = (files: readonly string[]) => ({
      ...base,
      kind: "direct",
      prompt: "p",
      files,
      input: { properties: { photo: {} } },
    });
    expect(paths(direct(["price-list.pdf", "{{ input.photo }}"]))).toEqual([]);
    expect(paths(direct(["price-list.pdf", "{{ input.foto }}"]))).toEqual(["/files/1"]);
    expect(paths(direct([""]))).toEqual(["/files/0"]);
  });

  test("reports all problems at once", () => {
    const problems = listProblems({
      ...base,
      steps: { a: { ...llm, prompt: "{{ state.b }} {{ 1 + }}" }, lonely: llm },
      edges: [...line, { from: "a", when: [{ if: "state.a ==", to: "nowhere" }] }],
    });
    expect(problems.map((problem) => problem.path)).toEqual([
      "/edges/2/when/0/to",
      "/steps/lonely",
      "/steps/a/prompt",
      "/steps/a/prompt",
      "/edges/2/when/0/if",
    ]);
  });

  test("refuses a join that a condition can pass by", () => {
    const steps = { a: llm, b: llm, c: llm };
    const edges = [
      { from: "start", to: "a" },
      { from: "start", when: [{ if: "input.x == 1", to: "b" }] },
      { from: ["a", "b"], to: "c" },
      { from: "c", to: "end" },
    ];
    expect(paths({ ...base, steps, edges })).toEqual(["/edges/2/from/1"]);
  });

  test("says which shape of an edge was meant", () => {
    const edges = (edge: unknown) => paths({ ...base, steps: { a: llm }, edges: [...line, edge] });
    expect(edges({ from: "a", too: "end" })).toEqual(["/edges/2/too"]);
    expect(edges({ from: "a", when: [{ iff: "true", to: "end" }] })).toEqual([
      "/edges/2/when/0/if",
      "/edges/2/when/0/iff",
    ]);
    expect(edges({ from: "a", to: "end", when: [] })).toEqual(["/edges/2"]);
  });

  test("tells that a variable, an input or a type does not fit", () => {
    const prompts = {
      foo: "{{ foo.x }}",
      topic: "{{ topic }}",
      input: "{{ input.topik }}",
      item: "{{ state.a.map(item, item.b) }}",
      type: "{{ 'n' + 1 }}",
      open: "{{ input.topic",
    };
    const input = { type: "object", properties: { topic: { type: "string" } } };
    const steps = Object.fromEntries(Object.entries(prompts).map(([id, prompt]) => [id, { ...llm, prompt }]));
    const edges = [{ from: "start", to: "a" }, ...Object.keys(prompts).map((id) => ({ from: "a", to: id }))];
    const problems = listProblems({ ...base, input, steps: { a: llm, ...steps }, edges });
    expect(problems.map((problem) => problem.path)).toEqual(
      ["foo", "topic", "input", "type", "open"].map((id) => `/steps/${id}/prompt`),
    );
    expect(problems.map((problem) => problem.suggestion)).toEqual([
      "state.foo",
      "input.topic",
      "input.topic",
      undefined,
      expect.stringContaining("}}"),
    ]);
  });

  test("wants a condition without braces, a duration that is one, and an approval that edits what there is", () => {
    const steps = {
      a: { type: "wait", for: "two days" },
      b: {
        type: "approval",
        title: "t",
        edits: "nothing",
        timeout: JSON.parse('{"after": "1h", "then": "rejct"}'),
      },
    };
    const edges = [
      { from: "start", to: "a" },
      { from: "a", when: [{ if: "{{ state.a }}", to: "b" }] },
    ];
    expect(paths({ ...base, steps, edges })).toEqual(["/steps/a/for"]);
    expect(
      paths({ ...base, steps: { ...steps, a: { type: "wait", for: "{{ input.days }}" } }, edges }),
    ).toEqual(["/steps/b/timeout/then", "/steps/b/edits", "/edges/1/when/0/if"]);
    expect(paths({ ...base, steps: { a: { type: "wait", for: "1s", timeout: "1s" } }, edges: line })).toEqual(
      ["/steps/a/timeout"],
    );
  });

  test.each([
    [{ for: "2" }, "/steps/a/for", "Give it a unit: 2s"],
    [{ for: 1e12 }, "/steps/a/for", "3153600000"],
    [{ until: "2027-01-31T09:00:00" }, "/steps/a/until", "does not say in which time zone"],
    [{ until: "tomorrow" }, "/steps/a/until", "is no point in time"],
    [
      { event: { key: "k", timeout: { after: "10" } } },
      "/steps/a/event/timeout/after",
      "Give it a unit: 10s",
    ],
  ])("says what to write for a wait of %j", (wait, path, message) => {
    expect(listProblems({ ...base, steps: { a: { type: "wait", ...wait } }, edges: line })).toMatchObject([
      { path, message: expect.stringContaining(message) },
    ]);
    expect(
      listProblems({
        ...base,
        steps: { a: { type: "map", items: [1], do: { type: "wait", ...wait } } },
        edges: line,
      }),
    ).toMatchObject([{ message: expect.stringContaining(message) }]);
  });

  test("looks into JSON Schemas", () => {
    const outputSchema = {
      type: "object",
      properties: { a: { type: "strng" }, b: { type: "string", pattern: "(" } },
      required: "a",
    };
    expect(
      paths({ ...base, input: { type: "string" }, steps: { a: { ...llm, outputSchema } }, edges: line }),
    ).toEqual([
      "/input/type",
      "/steps/a/outputSchema/required",
      "/steps/a/outputSchema/properties/a/type",
      "/steps/a/outputSchema/properties/b/pattern",
    ]);
    expect(paths({ ...base, input: { $ref: "#/$defs/none" }, steps: { a: llm }, edges: line })).toEqual([
      "/input",
    ]);
  });

  test("refuses patterns that need to go back, wherever they stand", () => {
    const input = {
      type: "object",
      properties: { a: { type: "string", pattern: "^(?=a)" } },
      patternProperties: { "(a)\\1": true },
      dependentSchemas: { a: { pattern: "(?<!b)" } },
    };
    const steps = { a: { ...llm, prompt: "{{ input.a.matches('(?!b)') }}" } };
    const problems = listProblems({ ...base, input, steps, edges: line });
    expect(problems.map((problem) => problem.path)).toEqual([
      "/input/patternProperties/(a)\\1",
      "/input/properties/a/pattern",
      "/input/dependentSchemas/a/pattern",
      "/steps/a/prompt",
    ]);
    for (const problem of problems)
      expect(problem.message).toContain("no lookahead, no lookbehind and no backreference");
  });

  test("refuses names that would be lost, or that every object has already", () => {
    const steps = {
      a: { type: "set", values: { constructor: "Ferrari", x: { constructor: 1 } }, save: "toString" },
      valueOf: llm,
    };
    const edges = [
      { from: "start", to: "a" },
      { from: "a", to: "valueOf" },
      { from: "valueOf", to: "end" },
    ];
    expect(paths({ ...base, steps, edges })).toEqual([
      "/steps/a/values/constructor",
      "/steps/a/save",
      "/steps/valueOf",
    ]);
    expect(
      paths({ ...base, steps: { __start__: llm }, edges: [{ from: "start", to: "__start__" }] }),
    ).toEqual(["/steps/__start__"]);
  });

  test("checks the single step of a map like any other", () => {
    const makeMap = (action: unknown) =>
      paths({ ...base, steps: { a: { type: "map", items: [1], do: action } }, edges: line });
    expect(makeMap({ ...llm, onError: { goto: "elsewhere" } })).toEqual(["/steps/a/do/onError/goto"]);
    expect(
      makeMap({
        type: "approval",
        title: "t",
        edits: "nothing",
        timeout: JSON.parse('{"after": "1h", "then": "rejct"}'),
      }),
    ).toEqual(["/steps/a/do/timeout/then", "/steps/a/do/edits"]);
  });

  test("checks the texts, names and contexts of a crew", () => {
    const crew = {
      ...base,
      kind: "crew",
      input: { type: "object", properties: { topic: {} } },
      agents: { writer: { role: "Writer on {topik}", goal: "g" } },
      tasks: [
        { id: "start", description: "{{ 1 + }}", expectedOutput: "e", agent: "writr", context: ["later"] },
        { id: "later", description: "d", expectedOutput: 'like {"a": 1}', agent: "writer" },
        { id: "later", description: "d", expectedOutput: "e" },
      ],
    };
    expect(paths(crew)).toEqual([
      "/tasks/0/id",
      "/tasks/0/agent",
      "/tasks/0/context/0",
      "/tasks/2/id",
      "/tasks/2/agent",
      "/agents/writer/role",
      "/tasks/0/description",
    ]);
  });

  test("refuses whatever is not a definition, and never throws", () => {
    assert(
      property(anything(), constantFrom("direct", "crew", "graph"), (value, kind) => {
        expect(validateDefinition(value, catalogue).ok).toBe(false);
        validateDefinition(
          {
            ...base,
            kind,
            prompt: value,
            steps: { a: value, b: llm },
            edges: [value],
            agents: { a: value },
            tasks: [value],
          },
          catalogue,
        );
      }),
      { numRuns: 300 },
    );
  });

  test("allows loops", () => {
    const edges = [
      { from: "start", to: "a" },
      { from: "a", when: [{ if: "state.a == 'again'", to: "a" }], else: "end" },
    ];
    expect(listProblems({ ...base, steps: { a: llm }, edges })).toEqual([]);
  });

  test("lets secrets stand only where they leave, and only by their written name", () => {
    const http = {
      type: "http",
      url: "https://{{ secrets.HOST }}/",
      headers: { "x-key": "{{ secrets.KEY }}" },
      query: { a: "{{ secrets.KEY }}" },
      body: ["{{ secrets.KEY }}"],
    };
    const tool = { type: "tool", tool: "knowledge_search", input: { query: "{{ secrets.WORD }}" } };
    const listPaths = (step: unknown) => paths({ ...base, steps: { a: step }, edges: line });
    expect(listPaths(http)).toEqual([]);
    expect(listPaths(tool)).toEqual([]);
    expect(listPaths({ ...http, title: "{{ secrets.KEY }}" })).toEqual(["/steps/a/title"]);
    expect(listPaths({ ...http, url: "{{ secrets[input.name] }}" })).toEqual(["/steps/a/url"]);
    expect(listPaths({ type: "map", items: "{{ [secrets.KEY] }}", do: http })).toEqual(["/steps/a/items"]);
  });

  test.each<[string, object]>([
    ["/name", { name: "{{ input.topic }}" }],
    [
      "/input/properties/topic/default",
      { input: { type: "object", properties: { topic: { default: "{{ run.id }}" } } } },
    ],
    ["/state/x/default/0", { state: { x: { default: ["{{ input.topic }}"] } } }],
    ["/steps/a/model", { steps: { a: { ...llm, model: "{{ input.model }}" } } }],
    ["/steps/a/title", { steps: { a: { ...llm, title: "About {{ topic }}" } } }],
    ["/steps/a/outputSchema/enum/0", { steps: { a: { ...llm, outputSchema: { enum: ["{{ state.a }}"] } } } }],
    ["/steps/a/onError/continue", { steps: { a: { ...llm, onError: { continue: "{{ input.topic }}" } } } }],
    ["/steps/a/workflow", { steps: { a: { type: "workflow", workflow: "{{ 'x' + input.topic }}" } } }],
    [
      "/steps/a/form/properties/b/default",
      {
        steps: {
          a: { type: "approval", title: "t", form: { properties: { b: { default: "{{ state.a }}" } } } },
        },
      },
    ],
    ["/steps/a/do/model", { steps: { a: { type: "map", items: [1], do: { ...llm, model: "{{ item }}" } } } }],
    [
      "/steps/a/do/steps/b/workflow",
      {
        steps: {
          a: {
            type: "map",
            items: [1],
            do: {
              steps: { b: { type: "workflow", workflow: "{{ item }}" } },
              edges: [{ from: "start", to: "b" }],
            },
          },
        },
      },
    ],
    [
      "/steps/a/until/model",
      { steps: { a: { ...worker, until: { judge: "ok", model: "{{ input.model }}" } } } },
    ],
    [
      "/steps/a/guardrail/fallback/0",
      { steps: { a: { ...worker, guardrail: { judge: "ok", fallback: ["{{ input.model }}"] } } } },
    ],
    ["/steps/a/memory/model", { steps: { a: { ...worker, memory: { model: "{{ input.model }}" } } } }],
  ])("tells of an expression at %s that it would stay as it is written", (path, parts) => {
    const input = { type: "object", properties: { topic: { type: "string" }, model: { type: "string" } } };
    expect(listProblems({ ...base, input, steps: { a: llm }, edges: line, ...parts })).toMatchObject([
      { path, message: expect.stringContaining("Nothing is filled in here") },
    ]);
  });

  test("refuses filters that passages do not have, and lists where an object belongs", () => {
    const search = (filter: unknown) =>
      listProblems({ ...base, steps: { a: { type: "search", query: "q", filter } }, edges: line });
    expect(search({ document: "{{ input }}", source: ["a", "b"] })).toEqual([]);
    expect(search({ documents: "x", source: { $ne: "x" }, document: [] })).toMatchObject([
      { path: "/steps/a/filter/documents", suggestion: "document" },
      { path: "/steps/a/filter/source" },
      { path: "/steps/a/filter/document" },
    ]);
    expect(search(["handbook"])).toContainEqual({
      path: "/steps/a/filter",
      message: "must be an object; this is a list.",
    });
    expect(
      paths({
        ...base,
        steps: {
          a: { type: "map", items: [1], do: { type: "search", query: "q", filter: { author: "x" } } },
        },
        edges: line,
      }),
    ).toEqual(["/steps/a/do/filter/author"]);
    expect(paths({ ...base, steps: { a: { type: "set", values: [1, 2] } }, edges: line })).toEqual([
      "/steps/a/values",
    ]);
  });

  test("leaves braces alone that are somebody else's", () => {
    const properties = {
      template: { type: "string", default: "Hello {{name}}, {{#each items}}", pattern: "{{ input.topic }}" },
    };
    expect(
      listProblems({
        ...base,
        input: { type: "object", properties },
        steps: { a: { type: "code", source: "const state = {a: {{}}; return `{{ input.x }}`" } },
        edges: line,
      }).filter(({ message }) => message.includes("filled in")),
    ).toEqual([]);
  });

  test("keeps secrets out of prompts", () => {
    expect(
      listProblems({ ...base, steps: { a: { ...llm, prompt: "{{ secrets.key }}" } }, edges: line })[0]
        ?.message,
    ).toMatch(/url, headers, query and body of http steps/);
  });

  test.each(readdirSync("local/seed/workflows"))("accepts %s, which ships", (file) => {
    const parsed = parseText(readFileSync(`local/seed/workflows/${file}`, "utf8"));
    expect(parsed.ok && listProblems(parsed.document)).toEqual([]);
  });
});

describe("reading text", () => {
  test("tells line and column of what is not YAML", () => {
    expect(parseText("a: 1\nb: [1, 2\nc: 3")).toMatchObject({ ok: false, problems: [{ line: 3 }] });
    // A number that would come out as another one is no number either.
    for (const inexact of ["12345678901234567890", "0xfffffffffffffff", ".inf", "-9007199254740993"]) {
      expect(parseText(`a: 1\nb: [${inexact}]`)).toMatchObject({
        ok: false,
        problems: [{ line: 2, column: 5, message: expect.stringContaining("as text") }],
      });
    }
    expect(parseText('a: "12345678901234567890"\nb: 9007199254740991')).toEqual({
      ok: true,
      document: { a: "12345678901234567890", b: 9007199254740991 },
    });
  });

  test("does not expand a bomb of aliases", () => {
    const bomb = [
      "a: &a [x,x,x,x,x,x,x,x,x,x]",
      ...Array.from(
        { length: 8 },
        (_, i) =>
          `l${i}: &l${i} [${Array.from({ length: 10 }, () => `*${i ? `l${i - 1}` : "a"}`).join(",")}]`,
      ),
    ].join("\n");
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
  const renderPrompt = (id: string) => {
    const step = plan?.steps[id];
    return step?.type === "agent"
      ? renderText(step.prompt ?? "", { input: { topic: "tea" }, state: { one: "ONE", two: "TWO" } })
      : "";
  };

  test("becomes a chain of agents in the order of its tasks", () => {
    expect(plan?.edges.map((edge) => [edge.from[0], edge.otherwise])).toEqual([
      ["start", "one"],
      ["one", "two"],
      ["two", "three"],
      ["three", "end"],
    ]);
  });

  test("gives a task the outputs of all earlier tasks unless it says otherwise", () => {
    expect(renderPrompt("two")).toContain("Context from earlier tasks:\nONE");
    expect(renderPrompt("three")).not.toContain("Context");
  });

  test("fills {inputs} in and leaves other braces alone", () => {
    expect(renderPrompt("one")).toContain("First tea");
    expect(renderPrompt("two")).toContain('{"a": 1}');
  });
});

describe("input", () => {
  const schema = {
    type: "object",
    required: ["topic"],
    properties: { topic: { type: "string", minLength: 3 }, tone: { type: "string", default: "calm" } },
  };
  test("gets the schema's defaults", () => {
    expect(checkInput(schema, { topic: "tea" })).toEqual({ ok: true, input: { topic: "tea", tone: "calm" } });
  });

  test("gets the defaults of nested objects that are there", () => {
    const nested = {
      type: "object",
      properties: {
        page: { type: "object", properties: { size: { default: 10 } } },
        other: { type: "object", properties: { x: { default: 1 } } },
      },
    };
    expect(checkInput(nested, { page: {} })).toEqual({ ok: true, input: { page: { size: 10 } } });
  });

  test("says which key is missing or not known", () => {
    expect(checkInput(schema, {})).toMatchObject({ problems: [{ path: "/topic", message: "is missing" }] });
    expect(
      checkInput({ type: "object", properties: {}, additionalProperties: false }, { x: 1 }),
    ).toMatchObject({ problems: [{ path: "/x", message: "This key is not known here." }] });
  });

  test("that is not among the choices is one problem, which names them", () => {
    const either = {
      oneOf: [
        { const: "eu", title: "Europe" },
        { const: "us", title: "America" },
      ],
    };
    const choosing = {
      type: "object",
      properties: { where: either, size: { enum: [1, 2] }, days: { type: "array", items: either } },
    };
    expect(checkInput(choosing, { where: "us", size: 2, days: ["eu", "us"] })).toMatchObject({ ok: true });
    expect(checkInput(choosing, { where: "mars", size: "2", days: ["eu", "moon"] })).toEqual({
      ok: false,
      problems: [
        { path: "/where", message: 'must be one of "eu", "us"' },
        { path: "/size", message: "must be one of 1,2" },
        { path: "/days/1", message: 'must be one of "eu", "us"' },
      ],
    });
  });

  test("that does not fit is told by its path", () => {
    expect(checkInput(schema, { topic: "t" })).toMatchObject({ ok: false, problems: [{ path: "/topic" }] });
    expect(checkInput(schema, {})).toMatchObject({ ok: false });
    expect(checkInput(schema, [])).toMatchObject({ ok: false });
  });
});
