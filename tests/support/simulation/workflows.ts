/** What a generated workflow is made of: a piece of a definition, and, worked out by hand and without the engine, what it must give. */
interface Block {
  readonly steps: Readonly<Record<string, unknown>>;
  /** Between the steps of the block; `in` and `out` are its ends. */
  readonly edges: readonly { readonly from: string | readonly string[]; readonly to: string }[];
  /** Branches of the block's own, with bounds. */
  readonly branches?: readonly { readonly from: string; readonly when: readonly { readonly if: string; readonly to: string; readonly max: number }[]; readonly else: string }[];
  readonly first: readonly string[];
  readonly last: string | readonly string[];
  readonly expected: Readonly<Record<string, unknown>>;
  /** Writes that must have been accepted exactly once. */
  readonly writes?: readonly string[];
}

export interface GeneratedWorkflow {
  readonly definition: unknown;
  readonly expected: Readonly<Record<string, unknown>>;
  /** Steps whose write the other side must have accepted exactly once. */
  readonly writes: readonly string[];
}

/** What the model of the simulation says to a prompt. */
export const answerTo = (prompt: string) => `said ${prompt}`;

/** The child that workflow steps call. */
export const CHILD = {
  format: "cairn/v1",
  name: "simulated child",
  kind: "graph",
  input: { type: "object", properties: { n: { type: "number" } } },
  steps: { think: { type: "llm", prompt: "child {{ input.n }} of {{ run.id }}" }, sum: { type: "set", values: { n: "{{ input.n + 1 }}" } } },
  edges: [{ from: "start", to: "think" }, { from: "think", to: "sum" }, { from: "sum", to: "end" }],
  output: { n: "{{ state.sum.n }}" },
};

const PAY_URL = "https://pay.test/";
const set = (n: unknown) => ({ type: "set", values: { n } });
/** Fast enough for a test: time itself is moved by the simulation. */
const RETRY = { attempts: 6, backoff: "1s" };

type Make = (id: string, random: () => number) => Block;
const chained = (id: string, step: unknown, value: unknown, rest: Partial<Block> = {}): Block => ({ steps: { [id]: step }, edges: [], first: [id], last: id, expected: { [id]: value }, ...rest });
const upTo = (most: number, random: () => number) => 1 + Math.floor(random() * most);
const range = (length: number) => Array.from({ length }, (_, index) => index);

const BLOCKS: readonly Make[] = [
  (id) => chained(id, set("{{ input.n + 1 }}"), { n: 8 }),
  (id) => chained(id, { type: "llm", prompt: `${id} {{ input.n }}`, retry: RETRY }, answerTo(`${id} 7`)),
  (id) => chained(id, { type: "http", method: "POST", url: `${PAY_URL}${id}`, body: { n: "{{ input.n }}" }, save: `${id}_sent` }, undefined, { expected: {}, writes: [id] }),
  (id) => chained(id, { type: "http", url: `${PAY_URL}missing`, onError: { continue: "gone" } }, "gone"),
  (id) => chained(id, { type: "wait", for: "1h" }, { waitedMs: 3_600_000 }),
  (id) => chained(id, { type: "approval", title: `${id}?`, save: `${id}_asked` }, undefined, { expected: {} }),
  (id) => chained(id, { type: "wait", event: { key: `${id} {{ run.id }}` }, save: `${id}_event` }, undefined, { expected: {} }),
  (id) => chained(id, { type: "workflow", workflow: CHILD.name, input: { n: 4 } }, { n: 5 }),
  (id, random) => {
    const items = range(upTo(5, random));
    return chained(id, { type: "map", items, do: { type: "llm", prompt: `${id} item {{ item }}`, retry: RETRY } }, items.map((item) => answerTo(`${id} item ${item}`)));
  },
  (id, random) => {
    const items = range(upTo(6, random));
    const body = {
      steps: { think: { type: "llm", prompt: `${id} part {{ index }}`, retry: RETRY, save: `${id}_thought` }, more: { ...set("{{ item + input.n }}"), save: `${id}_sum` } },
      edges: [{ from: "start", to: "think" }, { from: "think", to: "more" }, { from: "more", to: "end" }],
      output: `{{ state.${id}_sum.n }}`,
    };
    return chained(id, { type: "map", items, parallel: upTo(3, random), do: body }, items.map((item) => item + 7));
  },
  (id) => ({
    steps: { [`${id}_left`]: { type: "llm", prompt: `${id} left`, retry: RETRY }, [`${id}_right`]: set(2), [id]: set(`{{ state.${id}_left }} {{ state.${id}_right.n }}`) },
    edges: [{ from: [`${id}_left`, `${id}_right`], to: id }],
    first: [`${id}_left`, `${id}_right`],
    last: id,
    expected: { [id]: { n: `${answerTo(`${id} left`)} 2` } },
  }),
  (id, random) => {
    const max = upTo(3, random);
    return {
      steps: { [id]: set(`{{ state.${id} == null ? 1 : state.${id}.n + 1 }}`), [`${id}_out`]: set(0) },
      edges: [],
      branches: [{ from: id, when: [{ if: "true", to: id, max }], else: `${id}_out` }],
      first: [id],
      last: `${id}_out`,
      expected: { [id]: { n: max + 1 } },
    };
  },
];

/** A workflow of some blocks in a row, and what it must come to with the input {n: 7}. */
export function generateWorkflow(random: () => number): GeneratedWorkflow {
  const blocks = range(1 + upTo(4, random)).map((index) => {
    const make = BLOCKS[Math.floor(random() * BLOCKS.length)];
    if (!make) throw new Error("There is no such block.");
    return make(`b${index}`, random);
  });
  const between = blocks.flatMap((block, index) => entries(blocks[index + 1]).map((to) => ({ from: block.last, to })));
  const expected = Object.assign({}, ...blocks.map((block) => block.expected)) as Record<string, unknown>;
  return {
    definition: {
      format: "cairn/v1",
      name: "simulated",
      kind: "graph",
      input: { type: "object", properties: { n: { type: "number" } } },
      steps: Object.assign({}, ...blocks.map((block) => block.steps)),
      edges: [...entries(blocks[0]).map((to) => ({ from: "start", to })), ...blocks.flatMap((block) => [...block.edges, ...(block.branches ?? [])]), ...between],
      output: Object.fromEntries(Object.keys(expected).map((key) => [key, `{{ state.${key} }}`])),
    },
    expected,
    writes: blocks.flatMap((block) => block.writes ?? []),
  };
}

const entries = (block: Block | undefined): readonly string[] => block?.first ?? ["end"];
