const INPUT = { type: "object", required: ["topic"], properties: { topic: { type: "string" } } };

/** Ends at once, and answers with its topic. */
export const echo = {
  format: "cairn/v1",
  name: "Echo",
  kind: "graph",
  input: INPUT,
  steps: { note: { type: "set", values: { said: "{{ input.topic }}" } }, again: { type: "set", values: { said: "{{ state.note.said }} again" } } },
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
    review: { type: "approval", title: "Publish?", show: "{{ state.note }}", actions: ["approve", "edit", "reject"], edits: "note" },
  },
  edges: [
    { from: "start", to: "note" },
    { from: "note", to: "review" },
    { from: "review", to: "end" },
  ],
  output: { note: "{{ state.note }}" },
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
