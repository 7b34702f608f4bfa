type Fields = Readonly<Record<string, unknown>>;

/** Makes a graph of steps and edges; `rest` adds other keys of a definition, or replaces some. */
export const graph = (steps: Fields, edges: readonly unknown[], rest: Fields = {}) => ({
  format: "cairn/v1",
  name: "test",
  kind: "graph",
  steps,
  edges,
  ...rest,
});

/** Makes a graph whose steps follow each other in the order in which they are written. */
export const chain = (steps: Fields, rest: Fields = {}) => graph(steps, inARow(...Object.keys(steps)), rest);

/** Makes the edges from the start through the steps of these names to the end. */
export const inARow = (...names: readonly string[]) =>
  ["start", ...names].map((from, index) => ({ from, to: names[index] ?? "end" }));

/** Makes an edge, or a join of several steps. */
export const edge = (from: string | readonly string[], to: string, join?: string): Fields => ({
  from,
  to,
  ...(join !== undefined && { join }),
});

/** Makes a step that keeps a value. */
export const set = (value: unknown = 1) => ({ type: "set", values: { value } });

/** Makes a crew; `rest` names its agents and tasks, and adds or replaces other keys. */
export const crew = (rest: Fields) => ({ format: "cairn/v1", name: "Crew", kind: "crew", ...rest });

/** Makes an agent of a crew. */
export const agent = (role: string, rest: Fields = {}) => ({ role, goal: `Be a good ${role}`, ...rest });

/** Makes a task of a crew. */
export const task = (id: string, rest: Fields = {}) => ({
  id,
  description: `Do ${id}`,
  expectedOutput: "A text",
  ...rest,
});

const INPUT = { type: "object", required: ["topic"], properties: { topic: { type: "string" } } };

/** Ends at once, and answers with its topic. */
export const echo = {
  format: "cairn/v1",
  name: "Echo",
  kind: "graph",
  input: INPUT,
  steps: {
    note: { type: "set", values: { said: "{{ input.topic }}" } },
    again: { type: "set", values: { said: "{{ state.note.said }} again" } },
  },
  edges: [
    { from: "start", to: "note" },
    { from: "note", to: "again" },
    { from: "again", to: "end" },
  ],
  output: { said: "{{ state.again.said }}" },
};

/** Waits for an approval with a form. */
export const reviewed = {
  format: "cairn/v1",
  name: "Reviewed",
  kind: "graph",
  steps: {
    note: { type: "set", values: { text: "a draft" } },
    review: {
      type: "approval",
      title: "Publish?",
      show: "{{ state.note }}",
      actions: ["approve", "edit", "reject"],
      edits: "note",
    },
  },
  edges: [
    { from: "start", to: "note" },
    { from: "note", to: "review" },
    { from: "review", to: "end" },
  ],
  output: { note: "{{ state.note }}" },
};

/** Waits for an approval that asks for a choice, several choices and a number. */
export const surveyed = {
  format: "cairn/v1",
  name: "Surveyed",
  kind: "graph",
  steps: {
    survey: {
      type: "approval",
      title: "Where?",
      actions: ["approve", "reject"],
      form: {
        type: "object",
        required: ["region"],
        properties: {
          region: {
            oneOf: [
              { const: "eu", title: "Europe" },
              { const: "us", title: "America" },
            ],
          },
          days: { type: "array", items: { enum: ["mon", "tue"] }, minItems: 1, uniqueItems: true },
          seats: { type: "integer", minimum: 1, maximum: 5, default: 2 },
        },
      },
    },
  },
  edges: [
    { from: "start", to: "survey" },
    { from: "survey", to: "end" },
  ],
  output: { survey: "{{ state.survey.values }}" },
};

/** Fails in its only step. */
export const failing = {
  format: "cairn/v1",
  name: "Failing",
  kind: "graph",
  steps: { broken: { type: "http", url: "http://127.0.0.1:1/", retry: { attempts: 1 } } },
  edges: [
    { from: "start", to: "broken" },
    { from: "broken", to: "end" },
  ],
};
