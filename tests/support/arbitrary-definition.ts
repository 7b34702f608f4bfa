import {
  type Arbitrary,
  array,
  boolean,
  constant,
  constantFrom,
  integer,
  oneof,
  option,
  record,
  tuple,
  uniqueArray,
} from "fast-check";

/**
 * Definitions as somebody might write them: mostly right, wrong in ways that validation has to find. Whatever it accepts has to work, so there is
 * everything in here that the format knows and that needs nobody outside.
 */

type Fields = Readonly<Record<string, unknown>>;

/** Ordinary names, and names that mean something to JavaScript, LangGraph or ourselves. */
const NAMES = ["a", "b", "c", "d", "e", "f"] as const;
const ODD_NAMES = [
  "toString",
  "valueOf",
  "hasOwnProperty",
  "__start__",
  "__end__",
  "start",
  "end",
  "__root__",
  "__input__",
  "branch",
  "run",
  "state",
  "a-b",
] as const;

const CONDITIONS = [
  "true",
  "false",
  "input.flag",
  "!input.flag",
  "size(input.list) > 1",
  "run.version == 1",
] as const;

const textField = constantFrom(
  "plain",
  "{{ input.flag }}",
  "n {{ size(input.list) }}",
  "{{ input.list }}",
  "{{ state }}",
);
const duration = constantFrom("1s", "20ms");

const optional = <T>(value: Arbitrary<T>): Arbitrary<T | undefined> =>
  option(value, { nil: undefined, freq: 4 });
const withoutGaps = (fields: object): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
const fields = (model: Record<string, Arbitrary<unknown>>): Arbitrary<Fields> =>
  record(model).map(withoutGaps);

const outputSchema = optional(
  constant({ type: "object", required: ["said"], properties: { said: { type: "string" } } }),
);

const guardrail = optional(
  constantFrom<unknown>("polite", { regex: "^ok" }, { if: "output != ''" }, { code: "return true" }, [
    { schema: { type: "string" } },
  ]),
);

/** One of each type, by fields. What goes outside has nobody there to answer. */
const ACTIONS: Readonly<Record<string, Readonly<Record<string, Arbitrary<unknown>>>>> = {
  set: { values: fields({ x: textField }) },
  code: { source: constantFrom("return 1", "throw new Error('no')", "return input", "syntax error here") },
  llm: { prompt: textField, outputSchema },
  agent: {
    role: textField,
    goal: textField,
    tools: constantFrom([], ["calculator"]),
    outputSchema,
    guardrail,
    until: optional(constantFrom({ judge: "good" }, { if: "output == 'ok'", rounds: 2 })),
    routes: optional(constant({ left: "if so", right: "else" })),
  },
  route: { prompt: textField, routes: constant({ left: "if so", right: "else" }) },
  search: { query: textField },
  approval: {
    title: textField,
    actions: optional(constantFrom(["approve", "edit", "reject"], ["yes"])),
    edits: optional(constantFrom("a", "b")),
  },
  http: {
    url: constantFrom("https://example.com/{{ input.flag }}", "no address"),
    method: constantFrom("GET", "POST"),
  },
  tool: {
    tool: constant("calculator"),
    input: constantFrom({ expression: "1 + 1" }, { expression: "(" }, {}),
  },
  wait: { for: duration },
  workflow: { workflow: constant("Another"), input: fields({ x: textField }) },
  respond: { body: textField, headers: constantFrom({}, { "x-a": "b" }) },
};

const arbitraryCommon = (names: readonly string[]) => ({
  title: optional(constantFrom("A title", "A {{ title }}")),
  save: optional(constantFrom(...names, "kept")),
  retry: optional(constantFrom({ attempts: 1 }, { attempts: 2, backoff: "1s" }, { if: "error.retryable" })),
  onError: optional(
    oneof(
      constantFrom("fail", { continue: [] }, { continue: "{{ x }}" }, { continue: "{{ input.flag }}" }),
      constantFrom(...names, "end").map((goto) => ({ goto })),
    ),
  ),
});

function arbitraryAction(
  names: readonly string[],
  types: readonly string[] = Object.keys(ACTIONS),
): Arbitrary<Fields> {
  const plain = constantFrom(...types).chain((type) =>
    fields({ type: constant(type), ...ACTIONS[type], ...arbitraryCommon(names) }),
  );
  const crew = record({
    parts: crewParts(names.map((name) => `task_${name}`)),
    common: fields(arbitraryCommon(names)),
  }).map(({ parts, common }) => Object.assign({ type: "crew" }, parts, common));
  return oneof({ weight: 15, arbitrary: plain }, { weight: 1, arbitrary: crew });
}

function makeMap(names: readonly string[]): Arbitrary<Fields> {
  const inner = names.map((name) => `in_${name}`);
  const action = oneof(
    { weight: 2, arbitrary: arbitraryAction(names) },
    { weight: 1, arbitrary: arbitraryBody(inner.slice(0, 2)) },
  );
  const items = constantFrom<unknown>(
    "{{ input.list }}",
    "{{ 5 }}",
    [],
    [1, 2],
    Array.from({ length: 10 }, (_, index) => index),
  );
  return fields({
    type: constant("map"),
    items,
    parallel: optional(integer({ min: 1, max: 3 })),
    onItemError: optional(constantFrom("fail", "skip", "collect")),
    do: action,
    ...arbitraryCommon(names),
  });
}

/** Every step has an edge from one before it, so that most graphs can be run; what else there is leads anywhere. */
function arbitraryEdges(names: readonly string[]): Arbitrary<readonly Fields[]> {
  const nameOrEnd = constantFrom(...names, "end");
  const reaching = names.map((name, index) =>
    constantFrom("start", ...names.slice(0, index)).chain((from) =>
      arbitraryEdge(
        constant(from),
        oneof({ weight: 4, arbitrary: constant(name) }, { weight: 1, arbitrary: nameOrEnd }),
      ),
    ),
  );
  const others = array(
    oneof(arbitraryEdge(constantFrom("start", ...names), nameOrEnd), arbitraryJoin(names)),
    {
      maxLength: 4,
    },
  );
  return record({ tree: tuple(...reaching), others }).map((parts) => parts.tree.concat(parts.others));
}

function arbitraryEdge(from: Arbitrary<string>, to: Arbitrary<string>): Arbitrary<Fields> {
  const branch = fields({ if: constantFrom(...CONDITIONS), to, max: optional(integer({ min: 1, max: 3 })) });
  return oneof(
    { weight: 3, arbitrary: fields({ from, to }) },
    {
      weight: 1,
      arbitrary: fields({ from, when: array(branch, { minLength: 1, maxLength: 2 }), else: optional(to) }),
    },
  );
}

function arbitraryJoin(names: readonly string[]): Arbitrary<Fields> {
  return fields({
    from: uniqueArray(constantFrom(...names), { minLength: Math.min(2, names.length), maxLength: 3 }),
    to: constantFrom(...names, "end"),
    join: optional(constantFrom("all", "active", "each")),
  });
}

function arbitraryBody(names: readonly string[]): Arbitrary<Fields> {
  const steps = record(Object.fromEntries(names.map((name) => [name, arbitraryAction(names)])));
  return record({ steps, edges: arbitraryEdges(names), output: optional(textField) }).map(withoutGaps);
}

const HEAD = {
  format: "cairn/v1",
  name: "Generated",
  input: { type: "object", properties: { flag: { type: "boolean" }, list: { type: "array" } } },
  limits: { maxSteps: 40 },
};
const makeDefinition = (kind: string, parts: object): Fields =>
  Object.assign({}, HEAD, { kind }, withoutGaps(parts));

function arbitraryGraph(): Arbitrary<Fields> {
  const names = uniqueArray(
    oneof(
      { weight: 12, arbitrary: constantFrom(...NAMES) },
      { weight: 1, arbitrary: constantFrom(...ODD_NAMES) },
    ),
    { minLength: 1, maxLength: 5 },
  );
  return names.chain((ids) => {
    const step = oneof(
      { weight: 4, arbitrary: arbitraryAction(ids) },
      { weight: 1, arbitrary: makeMap(ids) },
    );
    const state = optional(
      constantFrom({ kept: { reduce: "append", default: [] } }, { [ids[0] ?? "a"]: { reduce: "merge" } }),
    );
    const output = optional(constant({ all: "{{ state }}" }));
    return record({
      steps: record(Object.fromEntries(ids.map((id) => [id, step]))),
      edges: arbitraryEdges(ids),
      state,
      output,
    }).map((parts) => makeDefinition("graph", parts));
  });
}

/** What a crew has besides its head, or besides the fields of every step. */
const crewParts = (names: readonly string[]): Arbitrary<Fields> =>
  uniqueArray(constantFrom(...names), { minLength: 1, maxLength: 3 }).chain((ids) => {
    const agent = (role: string) =>
      fields({
        role: constant(role),
        goal: textField,
        tools: optional(constantFrom([], ["calculator"])),
        allowDelegation: optional(boolean()),
        injectDate: optional(boolean()),
      });
    const arbitraryTask = (id: string) =>
      fields({
        id: constant(id),
        description: textField,
        expectedOutput: textField,
        agent: constantFrom("w", "v"),
        context: optional(constantFrom([], [ids[0]])),
        async: optional(boolean()),
        condition: optional(constantFrom("input.flag == true", `state["${ids[0]}"] != ""`)),
        humanInput: optional(boolean()),
        guardrail,
        outputSchema,
      });
    return fields({
      agents: fields({ w: agent("Worker"), v: agent("Other") }),
      tasks: tuple(...ids.map(arbitraryTask)),
      process: optional(constantFrom("sequential", "hierarchical")),
      planning: optional(boolean()),
    });
  });

const arbitraryCrew: Arbitrary<Fields> = crewParts([...NAMES, ...ODD_NAMES]).map((parts) =>
  makeDefinition("crew", parts),
);

const arbitraryDirect: Arbitrary<Fields> = fields({
  prompt: textField,
  instructions: optional(textField),
  tools: optional(constantFrom([], ["calculator"])),
  outputSchema,
}).map((parts) => makeDefinition("direct", parts));

export const arbitraryDefinition: Arbitrary<Fields> = oneof(
  { weight: 6, arbitrary: arbitraryGraph() },
  { weight: 1, arbitrary: arbitraryCrew },
  { weight: 1, arbitrary: arbitraryDirect },
);

export const arbitraryInput: Arbitrary<Fields> = fields({
  flag: boolean(),
  list: array(integer(), { maxLength: 3 }),
});
