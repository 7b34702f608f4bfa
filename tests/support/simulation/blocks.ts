import { pick } from "#/tests/support/simulation/luck.ts";
import { answerTo, type Script, type ScriptedCall } from "#/tests/support/simulation/model.ts";

/** What a generated workflow is made of: a piece of a definition, and, worked out by hand and without the engine, what it must give. */
export interface Block {
  readonly steps: Readonly<Record<string, unknown>>;
  /** Between the steps of the block; `in` and `out` are its ends. */
  readonly edges: readonly {
    readonly from: string | readonly string[];
    readonly to: string;
    readonly join?: "active";
  }[];
  /** Branches of the block's own, with bounds. */
  readonly branches?: readonly {
    readonly from: string;
    readonly when: readonly { readonly if: string; readonly to: string; readonly max: number }[];
    readonly else: string;
  }[];
  readonly first: readonly string[];
  readonly last: string | readonly string[];
  readonly expected: Readonly<Record<string, unknown>>;
  /** Writes that must have been accepted exactly once. */
  readonly writes?: readonly string[];
  readonly script?: Script;
  /** Starts a run of CHILD. */
  readonly hasChild?: boolean;
}

/** The child that workflow steps call. */
export const CHILD = {
  format: "cairn/v1",
  name: "simulated child",
  kind: "graph",
  input: { type: "object", properties: { n: { type: "number" } } },
  // Within what a counted call may use.
  steps: {
    think: { type: "llm", prompt: "child {{ input.n }} of {{ run.id }}", maxOutputTokens: 5 },
    sum: { type: "set", values: { n: "{{ input.n + 1 }}" } },
  },
  edges: [
    { from: "start", to: "think" },
    { from: "think", to: "sum" },
    { from: "sum", to: "end" },
  ],
  output: { n: "{{ state.sum.n }}" },
};

const PAY_URL = "https://pay.test/";
const set = (n: unknown) => ({ type: "set", values: { n } });
/** Fast enough for a test: time itself is moved by the simulation. */
const RETRY = { attempts: 6, backoff: "1s" };

export type Make = (id: string, random: () => number) => Block;
const chained = (id: string, step: unknown, value: unknown, rest: Partial<Block> = {}): Block => ({
  steps: { [id]: step },
  edges: [],
  first: [id],
  last: id,
  expected: { [id]: value },
  ...rest,
});
/** A value that is not the same in every world is left out. */
const unsaid = (id: string, step: Record<string, unknown>, rest: Partial<Block> = {}): Block =>
  chained(id, { ...step, save: `${id}_said` }, undefined, { expected: {}, ...rest });
export const upTo = (most: number, random: () => number) => 1 + Math.floor(random() * most);
export const range = (length: number) => Array.from({ length }, (_, index) => index);

/** What a person's rule does to a write that is asked for; `url` is what the person sees. */
interface Policy {
  readonly rule: unknown;
  readonly path: string;
  readonly written: string | undefined;
}

const policiesFor = (path: string): readonly [Policy, ...Policy[]] => [
  { rule: "auto", path, written: path },
  { rule: "approve", path, written: path },
  { rule: { when: "args.method == 'POST'" }, path, written: path },
  { rule: { when: "args.method == 'PUT'" }, path, written: path },
  { rule: "approve", path: `${path}_rejected`, written: undefined },
  { rule: "approve", path: `${path}_wrong`, written: `${path}_right` },
  { rule: "deny", path, written: undefined },
];
/** What a person makes of a call that is asked about. */
export const editedUrl = (url: string) => url.replace("_wrong", "_right");

const payCall = (path: string): ScriptedCall => ({
  tool: "http_request",
  input: { url: `${PAY_URL}${path}`, method: "POST" },
});

/** Thinks in turns: harmless calls side by side, then a write under a person's rule, then the answer. */
function agent(id: string, random: () => number): Block {
  const policy = pick(random, policiesFor(`tool_${id}`));
  const reads: ScriptedCall[] = [
    { tool: "calculator", input: { expression: "6 * 7" } },
    { tool: "knowledge_search", input: { query: `tool ${id}` } },
  ].slice(0, upTo(2, random));
  const writesFirst = random() < 0.3;
  const turns = writesFirst ? [[payCall(policy.path), ...reads]] : [reads, [payCall(policy.path)]];
  const gives = (call: ScriptedCall) =>
    call.tool === "calculator"
      ? "42"
      : call.tool === "knowledge_search"
        ? "1"
        : policy.written === undefined
          ? "refused"
          : "201";
  const prompt = `agent ${id}`;
  const tools = ["calculator", "knowledge_search", "http_request"];
  const step = {
    type: "agent",
    role: "Teller",
    goal: prompt,
    tools,
    toolPolicy: { http_request: policy.rule },
    retry: RETRY,
  };
  return chained(id, step, answerTo(prompt, turns.flat().map(gives)), {
    writes: policy.written === undefined ? [] : [policy.written],
    script: { [prompt]: turns },
  });
}

/** Without a model. A rejected call fails the step; its policy of errors takes over. */
function tool(id: string, random: () => number): Block {
  const policy = pick(random, policiesFor(`tool_${id}`));
  const step = {
    type: "tool",
    tool: "http_request",
    input: payCall(policy.path).input,
    toolPolicy: { http_request: policy.rule },
    onError: { continue: "refused" },
  };
  return unsaid(id, step, { writes: policy.written === undefined ? [] : [policy.written] });
}

function wideMap(id: string, random: () => number): Block {
  const items = range(upTo(6, random));
  const body = {
    steps: {
      think: {
        type: "llm",
        prompt: `${id} part {{ index }} of {{ run.id }}`,
        retry: RETRY,
        save: `${id}_thought`,
      },
      more: { ...set("{{ item + input.n }}"), save: `${id}_sum` },
    },
    edges: [
      { from: "start", to: "think" },
      { from: "think", to: "more" },
      { from: "more", to: "end" },
    ],
    output: `{{ state.${id}_sum.n }}`,
  };
  return chained(
    id,
    { type: "map", items, parallel: upTo(3, random), do: body },
    items.map((item) => item + 7),
  );
}

function pair(id: string): Block {
  return {
    steps: {
      [`${id}_left`]: { type: "llm", prompt: `${id} left`, retry: RETRY },
      [`${id}_right`]: set(2),
      [id]: set(`{{ state.${id}_left }} {{ state.${id}_right.n }}`),
    },
    edges: [{ from: [`${id}_left`, `${id}_right`], to: id }],
    first: [`${id}_left`, `${id}_right`],
    last: id,
    expected: { [id]: { n: `${answerTo(`${id} left`)} 2` } },
  };
}

/** Branches of different length, with a person in one and another never taken: what waits for them runs once. */
function meeting(id: string): Block {
  const named = (name: string) => `${id}_${name}`;
  return {
    steps: {
      [named("ask")]: { type: "approval", title: `${id}?`, save: named("said") },
      [named("think")]: { type: "llm", prompt: `${id} think`, retry: RETRY },
      [named("more")]: set(3),
      [named("never")]: set(4),
      [id]: set(`{{ (state.${id} == null ? 1 : state.${id}.n + 1) }} {{ state.${named("think")} }}`),
    },
    edges: [{ from: [named("ask"), named("more"), named("never")], to: id, join: "active" }],
    branches: [
      { from: named("think"), when: [{ if: "false", to: named("never"), max: 1 }], else: named("more") },
    ],
    first: [named("ask"), named("think")],
    last: id,
    expected: { [id]: { n: `1 ${answerTo(`${id} think`)}` } },
  };
}

function loop(id: string, random: () => number): Block {
  const max = upTo(3, random);
  return {
    steps: { [id]: set(`{{ state.${id} == null ? 1 : state.${id}.n + 1 }}`), [`${id}_out`]: set(0) },
    edges: [],
    branches: [{ from: id, when: [{ if: "true", to: id, max }], else: `${id}_out` }],
    first: [id],
    last: `${id}_out`,
    expected: { [id]: { n: max + 1 } },
  };
}

/** Branches that wait for different things, each with work of its own behind it: a person, a loop of timers, runs that wait themselves, an event, and long times between tries. */
function apart(id: string, random: () => number): Block {
  const max = upTo(2, random);
  const items = range(upTo(4, random));
  const named = (name: string) => `${id}_${name}`;
  const nap = {
    steps: {
      plus: { ...set("{{ item + input.n }}"), save: named("plus") },
      nap: { type: "wait", for: "1h", save: named("nap") },
    },
    edges: [
      { from: "start", to: "plus" },
      { from: "plus", to: "nap" },
      { from: "nap", to: "end" },
    ],
  };
  const steps = {
    [named("ask")]: { type: "approval", title: `${id}?`, save: named("said") },
    [named("pay")]: {
      type: "http",
      method: "POST",
      url: `${PAY_URL}${named("pay")}`,
      body: { n: "{{ input.n }}" },
      save: named("paid"),
    },
    [named("think")]: { type: "llm", prompt: `${id} think`, retry: { ...RETRY, backoff: "5s" } },
    [named("hold")]: { type: "wait", for: "1h", save: named("held") },
    [named("again")]: set(`{{ state.${named("again")} == null ? 1 : state.${named("again")}.n + 1 }}`),
    [named("out")]: set(0),
    [named("each")]: {
      type: "map",
      items,
      parallel: 2,
      do: { ...nap, output: `{{ state.${named("plus")}.n }}` },
    },
    [named("come")]: { type: "wait", event: { key: `${id} {{ run.id }}` }, save: named("came") },
    [id]: set(`{{ state.${named("think")} }} {{ state.${named("again")}.n }}`),
  };
  return {
    steps,
    edges: [
      { from: named("ask"), to: named("pay") },
      { from: named("pay"), to: named("think") },
      { from: named("hold"), to: named("again") },
      { from: [named("think"), named("out"), named("each"), named("come")], to: id },
    ],
    branches: [{ from: named("again"), when: [{ if: "true", to: named("hold"), max }], else: named("out") }],
    first: [named("ask"), named("hold"), named("each"), named("come")],
    last: id,
    expected: {
      [id]: { n: `${answerTo(`${id} think`)} ${max + 1}` },
      [named("each")]: items.map((item) => item + 7),
    },
    writes: [named("pay")],
  };
}

/** What fails goes another way, which meets the usual one again. */
function detour(id: string): Block {
  const [mend, end] = [`${id}_mend`, `${id}_end`];
  return {
    steps: {
      [id]: { type: "http", url: `${PAY_URL}missing`, onError: { goto: mend } },
      [mend]: set(`{{ state.${id}.error.code }}`),
      [end]: set(1),
    },
    edges: [
      { from: id, to: end },
      { from: mend, to: end },
    ],
    first: [id],
    last: end,
    expected: { [mend]: { n: "http-404" }, [end]: { n: 1 } },
  };
}

/** Repeated because the author says so, though nobody else would. */
function patient(id: string): Block {
  return {
    steps: {
      [id]: {
        type: "http",
        url: `${PAY_URL}late_${id}`,
        retry: { attempts: 6, backoff: "1s", if: "error.code == 'http-404'" },
        save: `${id}_late`,
      },
      [`${id}_end`]: set(`{{ state.${id}_late.status }}`),
    },
    edges: [{ from: id, to: `${id}_end` }],
    first: [id],
    last: `${id}_end`,
    expected: { [`${id}_end`]: { n: 200 } },
  };
}

/** One call of the model, in a run of its own. */
export function childBlock(id: string): Block {
  return chained(
    id,
    { type: "workflow", workflow: CHILD.name, input: { n: 4 } },
    { n: 5 },
    { hasChild: true },
  );
}

export const BLOCKS: readonly [Make, ...Make[]] = [
  (id) => chained(id, set("{{ input.n + 1 }}"), { n: 8 }),
  (id) => chained(id, { type: "llm", prompt: `${id} {{ input.n }}`, retry: RETRY }, answerTo(`${id} 7`)),
  (id) =>
    chained(
      id,
      {
        type: "llm",
        prompt: `${id} as JSON`,
        retry: RETRY,
        outputSchema: { type: "object", required: ["said"], properties: { said: { type: "string" } } },
      },
      { said: `${id} as JSON` },
    ),
  (id) =>
    unsaid(
      id,
      { type: "http", method: "POST", url: `${PAY_URL}${id}`, body: { n: "{{ input.n }}" } },
      { writes: [id] },
    ),
  (id) => chained(id, { type: "http", url: `${PAY_URL}missing`, onError: { continue: "gone" } }, "gone"),
  (id) =>
    chained(
      id,
      {
        type: "http",
        url: `${PAY_URL}missing`,
        retry: { attempts: 6, if: "error.code == 'http-500'" },
        onError: { continue: "at once" },
      },
      "at once",
    ),
  (id) => chained(id, { type: "wait", for: "1h" }, { waitedMs: 3_600_000 }),
  (id) => unsaid(id, { type: "approval", title: `${id}?` }),
  (id) => unsaid(id, { type: "wait", event: { key: `${id} {{ run.id }}` } }),
  childBlock,
  (id) =>
    chained(id, { type: "search", query: id }, [
      { id, document: "handbook", documentId: "1", position: 1, text: `about ${id}`, score: 1 },
    ]),
  (id, random) => {
    const items = range(upTo(5, random));
    return chained(
      id,
      { type: "map", items, do: { type: "llm", prompt: `${id} item {{ item }}`, retry: RETRY } },
      items.map((item) => answerTo(`${id} item ${item}`)),
    );
  },
  agent,
  agent,
  tool,
  wideMap,
  pair,
  meeting,
  apart,
  apart,
  loop,
  detour,
  patient,
];

/** Ends the run until somebody has mended it. */
export const brokenBlock: Make = (id) => unsaid(id, { type: "http", url: `${PAY_URL}broken` });
/** A call of the model that a budget can be worked out for. */
export const countedBlock: Make = (id) =>
  chained(
    id,
    { type: "llm", prompt: `${id} counted`, retry: RETRY, maxOutputTokens: 10 },
    answerTo(`${id} counted`),
  );
