import { array, assert, boolean, constantFrom, integer, property, record, subarray } from "fast-check";
import { expect, test } from "vitest";
import { validateDefinition } from "#/agents/definition/check/validate.ts";
import { NOTHING, type Surroundings } from "#/agents/definition/check/rule-of-two/exposure.ts";
import type { FlowNode } from "#/agents/definition/check/rule-of-two/flow.ts";
import { findMeetings } from "#/agents/definition/check/rule-of-two/meetings.ts";
import {
  listInputMarks,
  ruleOfTwoProblems,
  summarizeCapabilities,
} from "#/agents/definition/check/rule-of-two/rule-of-two.ts";
import type { Definition } from "#/agents/definition/format/definition.ts";
import { builtInNames, builtInTools } from "#/agents/tools/builtin/source.ts";

const builtIn = await builtInTools.find(builtInNames());
const AROUND: Surroundings = {
  tools: new Map(builtIn.map(({ name, capabilities }) => [name, { capabilities, policy: undefined }])),
  workflows: new Map(),
  input: [],
};

function read(document: object): Definition {
  const checked = validateDefinition(
    { format: "cairn/v1", name: "t", ...document },
    { tools: builtInNames() },
  );
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems));
  return checked.definition;
}

const SEARCH = { type: "search", query: "q" };
const FETCH = { type: "http", url: "https://example.com" };
const SEND = { type: "http", method: "POST", url: "https://example.com" };
const ASK = { type: "approval", title: "Go on?" };
const SET = { type: "set", values: {} };

type Ends = readonly [from: string | readonly string[], to: string];
const graph = (steps: object, edges: readonly (Ends | object)[]) =>
  read({
    kind: "graph",
    steps,
    edges: edges.map((edge) => (Array.isArray(edge) ? { from: edge[0], to: edge[1] } : edge)),
  });
const row = (steps: object) => {
  const ids = ["start", ...Object.keys(steps), "end"];
  return graph(
    steps,
    ids.slice(1).map((to, index) => [ids[index] ?? "", to]),
  );
};
const check = (definition: Definition, around: Partial<Surroundings> = {}) =>
  ruleOfTwoProblems(definition, { ...AROUND, ...around });
const agent = (fields: object) => ({ type: "agent", role: "r", goal: "g", ...fields });

test("private data, content from outside and an action on one path are an error that tells the path", () => {
  const [problem, ...others] = check(row({ first: SET, look: SEARCH, fetch: FETCH, think: SET, send: SEND }));
  expect(others).toEqual([]);
  expect(problem).toMatchObject({
    code: "rule-of-two",
    path: "/steps/send",
    steps: ["look", "fetch", "think", "send"],
  });
  expect(problem?.message).toMatch(/“send” acts .* from “look” .* from “fetch”/);
});

test.each([
  ["no private data", { fetch: FETCH, send: SEND }],
  ["no content from outside", { look: SEARCH, send: SEND }],
  ["no action", { look: SEARCH, fetch: FETCH, think: SET }],
  ["an action before the rest", { send: SEND, look: SEARCH, fetch: { ...SET } }],
  ["an approval before the action", { look: SEARCH, fetch: FETCH, ask: ASK, send: SEND, again: SEND }],
])("two of the three pass: %s", (_, steps) => {
  expect(check(row(steps))).toEqual([]);
});

test.each([
  ["before the private data", { fetch: FETCH, ask: ASK, look: SEARCH, send: SEND }],
  ["before the content from outside", { look: SEARCH, ask: ASK, fetch: FETCH, send: SEND }],
  [
    "that time gives as well",
    { look: SEARCH, fetch: FETCH, ask: { ...ASK, timeout: { after: "1h", then: "approve" } }, send: SEND },
  ],
])("an approval %s lets nothing through", (_, steps) => {
  expect(check(row(steps))).toHaveLength(1);
});

test("an approval that time rejects is a person's all the same", () => {
  const ask = { ...ASK, timeout: { after: "1h", then: "reject" } };
  expect(check(row({ look: SEARCH, fetch: FETCH, ask, send: SEND }))).toEqual([]);
});

test("what is read with a secret is private", () => {
  const fetch = { ...FETCH, headers: { authorization: "{{ secrets.KEY }}" } };
  expect(check(row({ fetch, send: SEND }))).toHaveLength(1);
});

test("branches of which one is taken do not meet; those that run side by side do", () => {
  const steps = { pick: SET, look: SEARCH, fetch: FETCH, send: SEND };
  const either = [
    ["start", "pick"],
    { from: "pick", when: [{ if: "true", to: "look" }], else: "fetch" },
    ["look", "send"],
    ["fetch", "send"],
    ["send", "end"],
  ];
  expect(check(graph(steps, either))).toEqual([]);
  const both = [
    ["start", "pick"],
    ["pick", "look"],
    ["pick", "fetch"],
    [["look", "fetch"], "send"],
    ["send", "end"],
  ];
  const [problem] = check(graph(steps, both));
  expect(problem?.steps).toEqual(expect.arrayContaining(["look", "fetch", "send"]));
});

test("an approval on one of two branches does not cover the other, and one behind both covers both", () => {
  const steps = { look: SEARCH, fetch: FETCH, ask: ASK, send: SEND };
  const beside = [
    ["start", "look"],
    ["start", "fetch"],
    ["look", "ask"],
    [["ask", "fetch"], "send"],
    ["send", "end"],
  ];
  expect(check(graph(steps, beside))).toHaveLength(1);
  const behind = [
    ["start", "look"],
    ["start", "fetch"],
    [["look", "fetch"], "ask"],
    ["ask", "send"],
    ["send", "end"],
  ];
  expect(check(graph(steps, behind))).toEqual([]);
});

test("a detour around an approval is a path", () => {
  const steps = { look: SEARCH, fetch: { ...FETCH, onError: { goto: "send" } }, ask: ASK, send: SEND };
  expect(check(row(steps))).toMatchObject([{ steps: ["look", "fetch", "send"] }]);
});

test("an agent that may do all three without asking is an error, and its writes ask unless it is told otherwise", () => {
  const tools = ["knowledge_search", "web_page", "send_email"];
  expect(check(row({ work: agent({ tools }) }))).toEqual([]);
  const [problem] = check(row({ work: agent({ tools, toolPolicy: { send_email: "auto" } }) }));
  expect(problem).toMatchObject({ path: "/steps/work", steps: ["work"] });
  expect(problem?.message).toContain("toolPolicy to { send_email: approve }");
  for (const send_email of ["approve", "deny"])
    expect(check(row({ work: agent({ tools, toolPolicy: { send_email } }) }))).toEqual([]);
  expect(check(row({ work: agent({ tools, toolPolicy: { send_email: { when: "false" } } }) }))).toHaveLength(
    1,
  );
});

test("the workspace's rule for a tool counts where the definition has none", () => {
  const tools = ["knowledge_search", "web_page", "slack_message"];
  const policy = (rule: "approve" | "auto") => {
    const known = new Map(AROUND.tools);
    known.set("slack_message", { capabilities: () => ["outward"], policy: rule });
    return known;
  };
  const free = read({ kind: "direct", prompt: "p", toolWrites: "auto", tools });
  expect(check(free)).toMatchObject([{ path: "/prompt" }]);
  expect(check(free, { tools: policy("approve") })).toEqual([]);
  expect(check(row({ work: agent({ tools }) }), { tools: policy("auto") })).toHaveLength(1);
});

test("files of a direct call and of a crew's task are private and anybody's words", () => {
  const direct = { kind: "direct", prompt: "p", toolWrites: "auto", tools: ["slack_message"] };
  expect(check(read(direct))).toEqual([]);
  expect(check(read({ ...direct, files: ["a.pdf"] }))).toHaveLength(1);
  const crew = (files: readonly string[]) => ({
    kind: "crew",
    toolWrites: "auto",
    agents: { clerk: { role: "R", goal: "g", tools: ["slack_message"] } },
    tasks: [{ id: "one", description: "d", expectedOutput: "e", agent: "clerk", files }],
  });
  expect(check(read(crew([])))).toEqual([]);
  expect(check(read(crew(["a.pdf"])))).toHaveLength(1);
});

test("a tool step that only reads does not act", () => {
  const request = (method: string) => ({
    type: "tool",
    tool: "http_request",
    input: { url: "https://example.com/{{ input.x }}", method },
  });
  expect(check(row({ look: SEARCH, fetch: FETCH, get: request("GET") }))).toEqual([]);
  expect(check(row({ look: SEARCH, fetch: FETCH, get: request("{{ input.method }}") }))).toHaveLength(1);
});

test("the tools of a crew's colleagues are an agent's own, and those of an expression are all that are written out", () => {
  const crew = (allowDelegation: boolean) =>
    read({
      kind: "crew",
      toolWrites: "auto",
      agents: {
        a: { role: "A", goal: "g", backstory: "b", tools: ["knowledge_search"], allowDelegation },
        b: { role: "B", goal: "g", backstory: "b", tools: ["web_page", "send_email"] },
      },
      tasks: [{ id: "only", agent: "a", description: "d", expectedOutput: "e" }],
    });
  expect(check(crew(false))).toEqual([]);
  expect(check(crew(true))).toMatchObject([{ path: "/tasks/0", steps: ["only"] }]);
  const tools = "input.x ? ['knowledge_search', 'web_page'] : ['send_email']";
  const chosen = agent({ tools, toolPolicy: { send_email: "auto" } });
  expect(check(row({ work: chosen }))).toHaveLength(1);
});

test("what a map does for each item counts inside it and behind it, and items do not see each other", () => {
  const inside = (steps: object, edges: readonly Ends[]) => ({
    type: "map",
    items: "{{ input.list }}",
    do: { steps, edges: edges.map(([from, to]) => ({ from, to })) },
  });
  const all = inside({ look: SEARCH, fetch: FETCH, send: SEND }, [
    ["start", "look"],
    ["look", "fetch"],
    ["fetch", "send"],
    ["send", "end"],
  ]);
  expect(check(row({ each: all }))).toMatchObject([
    { path: "/steps/each/do/steps/send", steps: ["each/look", "each/fetch", "each/send"] },
  ]);
  expect(check(row({ look: SEARCH, each: { ...all, do: FETCH }, send: SEND }))).toMatchObject([
    { steps: ["look", "each", "each/each", "send"] },
  ]);
});

test("a workflow that it runs counts by what that does, and marks say what kind an input is", () => {
  const step = { type: "workflow", workflow: "Child" };
  const child = summarizeCapabilities(row({ fetch: FETCH, send: SEND }), AROUND);
  expect(child).toEqual(["untrusted", "outward"]);
  expect(summarizeCapabilities(row({ fetch: FETCH, ask: ASK, send: SEND }), AROUND)).toEqual(["untrusted"]);
  const workflows = new Map([["Child@", child]]);
  expect(check(row({ look: SEARCH, step }), { workflows })).toHaveLength(1);
  expect(check(row({ step }), { workflows })).toEqual([]);
  const marked = { type: "object", properties: { mail: { type: "string", "x-data": "private" } } };
  const input = listInputMarks(marked);
  expect(input).toEqual(["private"]);
  expect(check(row({ step }), { workflows, input })).toMatchObject([{ steps: ["step"] }]);
});

const KINDS = ["private", "untrusted", "acts", "asks", "nothing"] as const;

/** Small flows with loops, choices, branches side by side and joins that wait. */
const flows = (mayFork: boolean) =>
  record({
    kinds: array(constantFrom(...KINDS), { minLength: 3, maxLength: 6 }),
    ways: array(
      record({
        from: integer({ min: 0, max: 5 }),
        to: array(integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 2 }),
      }),
      { minLength: 3, maxLength: 9 },
    ),
    join: subarray([0, 1, 2, 3, 4, 5], { maxLength: 3 }),
    joinTo: integer({ min: 1, max: 6 }),
    hasJoin: boolean(),
  }).map(({ kinds, ways, join, joinTo, hasJoin }): readonly FlowNode[] => {
    const waitsFor = hasJoin && mayFork && join.length > 1 ? join.map(String) : [];
    return ["start", ...kinds].map((kind, index) => {
      const key = index === 0 ? "start" : String(index);
      const own = ways
        .filter(({ from }) => from === index)
        .map(({ to }) => ({ targets: to.map(String), waitsFor: [] }))
        .slice(0, mayFork ? 3 : 1);
      const joined = waitsFor.includes(key) ? [{ targets: [String(joinTo)], waitsFor }] : [];
      return { key, exposure: exposureOf(key, kind), ways: [...own, ...joined] };
    });
  });

function exposureOf(key: string, kind: string): FlowNode["exposure"] {
  if (kind === "asks") return { ...NOTHING, asks: true };
  if (kind === "acts")
    return { ...NOTHING, acts: { step: key, also: "nothing" }, answers: { untrusted: { step: key } } };
  return kind === "private" || kind === "untrusted"
    ? { ...NOTHING, reads: { [kind]: { step: key } } }
    : NOTHING;
}

interface Moment {
  readonly active: readonly string[];
  readonly arrived: readonly string[];
  readonly known: readonly string[];
  readonly isOpen: boolean;
}

/** Tells by going through every order in which the steps of a run can happen where it would act with all that it knows, unasked. */
function actsUnaskedBySimulation(nodes: readonly FlowNode[]): ReadonlySet<string> {
  const found = new Set<string>();
  const seen = new Set<string>();
  const open: Moment[] = [{ active: ["start"], arrived: [], known: [], isOpen: false }];
  for (let moment = open.pop(); moment; moment = open.pop()) {
    const mark = JSON.stringify(moment);
    if (seen.has(mark)) continue;
    seen.add(mark);
    for (const key of moment.active) {
      const node = nodes.find((each) => each.key === key);
      if (!node) continue;
      if (node.exposure.acts && moment.known.length === 2 && moment.isOpen) found.add(key);
      open.push(...momentsAfter(node, moment));
    }
  }
  return found;
}

function momentsAfter({ key, exposure, ways }: FlowNode, moment: Moment): readonly Moment[] {
  const arriving = Object.keys({ ...exposure.reads, ...exposure.answers });
  const hasRead = Object.keys(exposure.reads).length > 0;
  let after: Moment[] = [
    {
      active: moment.active.filter((each) => each !== key),
      arrived: moment.arrived,
      known: [...new Set([...moment.known, ...arriving])].toSorted(),
      isOpen: !exposure.asks && (moment.isOpen || hasRead),
    },
  ];
  for (const { targets, waitsFor } of ways)
    after = after.flatMap((each) => targets.map((to) => arrive(each, key, { to, waitsFor })));
  return after;
}

function arrive(
  moment: Moment,
  from: string,
  { to, waitsFor }: { readonly to: string; readonly waitsFor: readonly string[] },
): Moment {
  const arrived = new Set([...moment.arrived, ...(waitsFor.length > 0 ? [from] : [])]);
  if (!waitsFor.every((each) => arrived.has(each))) return { ...moment, arrived: [...arrived].toSorted() };
  const rest = waitsFor.length > 0 ? [] : moment.arrived;
  return { ...moment, arrived: rest, active: [...new Set([...moment.active, to])].toSorted() };
}

const foundBy = (nodes: readonly FlowNode[]) => findMeetings(nodes).map(({ action }) => action.step);

test("without branches side by side it finds exactly what going through all runs finds", () => {
  assert(
    property(flows(false), (nodes) => {
      expect(foundBy(nodes).toSorted()).toEqual([...actsUnaskedBySimulation(nodes)].toSorted());
    }),
    { numRuns: 2000 },
  );
});

test("with them it misses nothing", () => {
  assert(
    property(flows(true), (nodes) => {
      expect(foundBy(nodes)).toEqual(expect.arrayContaining([...actsUnaskedBySimulation(nodes)]));
    }),
    { numRuns: 3000 },
  );
});

test("the largest graphs are decided, however their steps are connected", () => {
  const step = (index: number) => [SEARCH, FETCH, SEND, ASK, SET][index % 5] ?? SET;
  const ids = Array.from({ length: 500 }, (_, index) => `s${index}`);
  const steps = Object.fromEntries(ids.map((id, index) => [id, step(index)]));
  const edges = ids.flatMap((from, index): Ends[] =>
    [1, 2, 3].map((ahead): Ends => [from, ids[index + ahead] ?? "end"]),
  );
  const many = graph(steps, [["start", "s0"], ...edges.filter(([, to]) => to !== "end"), ["s499", "end"]]);
  const found = check(many);
  expect(found.length).toBeGreaterThan(50);
  expect(found.every(({ path }) => path.startsWith("/steps/"))).toBe(true);
});

test("what an agent remembers is private, and was written by whoever wrote to earlier runs; only writing down is neither", () => {
  const codes = (memory: unknown) =>
    check(row({ reply: agent({ memory }), send: SEND })).map(({ code }) => code);
  expect(codes(true)).toEqual(["rule-of-two"]);
  expect(codes({ scope: "workspace" })).toEqual(["rule-of-two"]);
  expect(codes({ recall: 0 })).toEqual([]);
  expect(codes(false)).toEqual([]);
  expect(check(row({ reply: agent({ memory: true }), ask: ASK, send: SEND }))).toEqual([]);
});

test("a colleague who remembers tells it to whoever asks", () => {
  const crew = (memory: boolean) => ({
    type: "crew",
    agents: {
      lead: { role: "Lead", goal: "g", allowDelegation: true },
      writer: { role: "Writer", goal: "g", memory },
    },
    tasks: [{ id: "report", agent: "lead", description: "d", expectedOutput: "e" }],
  });
  const codes = (memory: boolean) => check(row({ team: crew(memory), send: SEND })).map(({ code }) => code);
  expect(codes(true)).toEqual(["rule-of-two"]);
  expect(codes(false)).toEqual([]);
});
