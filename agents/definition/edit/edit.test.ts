import { expect, test } from "vitest";
import { editDefinition } from "#/agents/definition/edit/edit.ts";
import type { Operation } from "#/agents/definition/edit/operations.ts";

const TEXT = `# Writes and reviews.
format: cairn/v1
name: Reviewed   # shown in lists
kind: graph
steps:
  # The first draft.
  write: { type: llm, prompt: "About {{ input.topic }}", onError: { goto: fix } }
  review: # a person
    type: approval
    title: Publish?
    show: "{{ state.write }}"

  fix:
    type: llm
    prompt: |
      Correct this:
      {{ state["write"] }} by {{ state.write.by }}
edges:
  - { from: start, to: write } # here it begins
  - { from: write, to: review }
  - from: review
    when:
      - { if: "state.write != '' && state.review.action == 'reject'", to: fix }
    else: end
  - { from: fix, to: review }
output: { text: "{{ state.write }}" }`;

function edited(text: string, ...operations: readonly Operation[]): string {
  const done = editDefinition(text, operations);
  if (!done.ok) throw new Error(`${done.at}: ${done.reason}`);
  const { from, to, text: undone } = done.undo;
  expect(done.text.slice(0, from) + undone + done.text.slice(to)).toBe(text);
  return done.text;
}

/** The lines that two texts do not share. */
function difference(before: string, after: string): readonly string[] {
  const old = before.split("\n");
  const now = after.split("\n");
  return [
    ...old.filter((line) => !now.includes(line)).map((line) => `-${line}`),
    ...now.filter((line) => !old.includes(line)).map((line) => `+${line}`),
  ];
}

const change = (...operations: readonly Operation[]) => difference(TEXT, edited(TEXT, ...operations));

test("adds a step behind the others, and connects it", () => {
  expect(
    change(
      { do: "addStep", step: "send", fields: { type: "http", url: "https://example.com" } },
      { do: "connect", from: "fix", to: "send" },
    ),
  ).toEqual(["+  send:", "+    type: http", "+    url: https://example.com", "+  - { from: fix, to: send }"]);
});

test("a renamed step is followed by edges, expressions and its position", () => {
  const placed = edited(TEXT, { do: "setPosition", step: "write", x: 1, y: 2 });
  expect(placed).toBe(`${TEXT}\nui:\n  positions:\n    write:\n      x: 1\n      y: 2`);
  const renamed = edited(placed, { do: "renameStep", step: "write", to: "draft-1" });
  expect(difference(placed, renamed)).toEqual([
    `-  write: { type: llm, prompt: "About {{ input.topic }}", onError: { goto: fix } }`,
    `-    show: "{{ state.write }}"`,
    `-      {{ state["write"] }} by {{ state.write.by }}`,
    `-  - { from: start, to: write } # here it begins`,
    `-  - { from: write, to: review }`,
    `-      - { if: "state.write != '' && state.review.action == 'reject'", to: fix }`,
    `-output: { text: "{{ state.write }}" }`,
    `-    write:`,
    `+  draft-1: { type: llm, prompt: "About {{ input.topic }}", onError: { goto: fix } }`,
    `+    show: "{{ state[\\"draft-1\\"] }}"`,
    `+      {{ state["draft-1"] }} by {{ state["draft-1"].by }}`,
    `+  - { from: start, to: draft-1 } # here it begins`,
    `+  - { from: draft-1, to: review }`,
    `+      - { if: "state[\\"draft-1\\"] != '' && state.review.action == 'reject'", to: fix }`,
    `+output: { text: '{{ state["draft-1"] }}' }`,
    `+    draft-1:`,
  ]);
});

test("a removed step takes its comment, its edges and the ways that lead to it along", () => {
  expect(change({ do: "removeStep", step: "fix" })).toEqual([
    `-  write: { type: llm, prompt: "About {{ input.topic }}", onError: { goto: fix } }`,
    "-  fix:",
    "-    type: llm",
    "-    prompt: |",
    "-      Correct this:",
    '-      {{ state["write"] }} by {{ state.write.by }}',
    "-  - from: review",
    "-    when:",
    `-      - { if: "state.write != '' && state.review.action == 'reject'", to: fix }`,
    "-    else: end",
    "-  - { from: fix, to: review }",
    `+  write: { type: llm, prompt: "About {{ input.topic }}" }`,
    "+  - { from: review, to: end }",
  ]);
});

test("fields are set and unset where they are", () => {
  expect(
    change(
      { do: "setField", field: ["name"], value: "Better" },
      { do: "setField", step: "fix", field: ["prompt"], value: "One\ntwo\n" },
      { do: "setField", step: "review", field: ["retry", "attempts"], value: 3 },
      { do: "unsetField", step: "review", field: ["show"] },
    ),
  ).toEqual([
    "-name: Reviewed   # shown in lists",
    `-    show: "{{ state.write }}"`,
    "-      Correct this:",
    '-      {{ state["write"] }} by {{ state.write.by }}',
    "+name: Better   # shown in lists",
    "+    retry:",
    "+      attempts: 3",
    "+      One",
    "+      two",
  ]);
});

test("steps move with their comments", () => {
  const moved = edited(TEXT, { do: "moveStep", step: "write" });
  expect(moved.split("\n").toSorted()).toEqual(TEXT.split("\n").toSorted());
  expect(moved).toContain("state.write.by }}\n  # The first draft.\n  write: {");
  expect(edited(moved, { do: "moveStep", step: "write", before: "review" })).toBe(TEXT);
});

test("what takes back what was done gives the same bytes", () => {
  const pairs: readonly (readonly [Operation, Operation])[] = [
    [
      { do: "addStep", step: "x", fields: { type: "set", values: {} } },
      { do: "removeStep", step: "x" },
    ],
    [
      { do: "connect", from: "write", to: "fix" },
      { do: "disconnect", from: "write", to: "fix" },
    ],
    [
      { do: "connect", from: "review", to: "write", if: "true", max: 2 },
      { do: "disconnect", from: "review", to: "write" },
    ],
    [
      { do: "renameStep", step: "fix", to: "y" },
      { do: "renameStep", step: "y", to: "fix" },
    ],
    [
      { do: "duplicateStep", step: "write", as: "z" },
      { do: "removeStep", step: "z" },
    ],
    [
      { do: "setField", field: ["limits"], value: { maxSteps: 3 } },
      { do: "unsetField", field: ["limits"] },
    ],
  ];
  for (const [there, back] of pairs) expect(edited(edited(TEXT, there), back)).toBe(TEXT);
});

test("JSON stays JSON, and CRLF stays CRLF", () => {
  const json = JSON.stringify({ kind: "graph", steps: { a: { type: "set" } }, edges: [] }, null, 2);
  const added = edited(
    json,
    { do: "addStep", step: "b", fields: { type: "llm", prompt: "x" } },
    { do: "connect", from: "a", to: "b" },
    { do: "connect", from: "b", to: "end" },
    { do: "renameStep", step: "a", to: "c" },
    { do: "setPosition", step: "c", x: 1, y: 2 },
  );
  expect(JSON.parse(added)).toEqual({
    kind: "graph",
    steps: { c: { type: "set" }, b: { type: "llm", prompt: "x" } },
    edges: [
      { from: "c", to: "b" },
      { from: "b", to: "end" },
    ],
    ui: { positions: { c: { x: 1, y: 2 } } },
  });
  expect(added).toContain('    },\n    "b": {\n      "type": "llm",\n      "prompt": "x"\n    }\n');
  const windows = TEXT.replaceAll("\n", "\r\n");
  const operations: readonly Operation[] = [
    { do: "addStep", step: "b", fields: { type: "llm", prompt: "x\ny\n" } },
    { do: "removeStep", step: "fix" },
    { do: "renameStep", step: "write", to: "w" },
  ];
  expect(edited(windows, ...operations)).toBe(edited(TEXT, ...operations).replaceAll("\n", "\r\n"));
});

test("what cannot be done says why, and changes nothing", () => {
  const readReason = (text: string, operation: Operation) => {
    const done = editDefinition(text, [operation]);
    return done.ok ? "done" : done.reason;
  };
  expect(readReason(TEXT, { do: "addStep", step: "fix", fields: {} })).toMatch("already");
  expect(readReason(TEXT, { do: "addStep", step: "end", fields: {} })).toMatch("reserved");
  expect(readReason(TEXT, { do: "renameStep", step: "no", to: "x" })).toMatch("There is no step named “no”");
  expect(readReason(TEXT, { do: "connect", from: "write", to: "review" })).toMatch("already");
  expect(readReason("a: [", { do: "removeStep", step: "x" })).toMatch("cannot be read");
  const large = JSON.stringify({ kind: "graph", steps: {}, list: Array.from({ length: 30_000 }, () => 1) });
  expect(readReason(large, { do: "addStep", step: "x", fields: {} })).toMatch("Too large");
  const anchored = "kind: graph\nsteps:\n  a: &x { type: set }\n  b: *x\nedges: []\n";
  expect(readReason(anchored, { do: "setField", step: "a", field: ["title"], value: "T" })).toMatch("anchor");
  expect(readReason(anchored, { do: "removeStep", step: "a" })).toMatch("anchor");
  expect(edited(anchored, { do: "removeStep", step: "b" })).toBe(anchored.replace("  b: *x\n", ""));
});

test("what an alias repeats follows its anchor", () => {
  const text = `kind: graph
steps:
  a: { type: set }
  b: &b
    type: llm
    prompt: "{{ state.a }}"
  c: *b
edges: []
`;
  expect(edited(text, { do: "renameStep", step: "a", to: "x" })).toBe(
    text.replace("  a:", "  x:").replace("state.a", "state.x"),
  );
});

test("a block that loses all it has becomes brackets, and the first key behind a dash can go", () => {
  const text = "kind: graph\nsteps:\n  a: { type: set } # first\nedges:\n  - from: start\n    to: a\n";
  expect(edited(text, { do: "removeStep", step: "a" })).toBe("kind: graph\nsteps: {}\nedges: []\n");
  expect(edited(text, { do: "unsetField", field: ["edges", 0, "from"] })).toBe(
    text.replace("from: start\n    ", ""),
  );
});

test("a step whose key others use, or code reads, keeps its key", () => {
  const text =
    "kind: graph\nsteps:\n  a: { type: set }\n  b: { type: code, source: return state.a }\nedges: []\n";
  expect(edited(text, { do: "renameStep", step: "a", to: "c" })).toContain("c: { type: set, save: a }");
});

test("a note comes, changes and goes under `ui` alone, and with the last one the text is what it was", () => {
  const add: Operation = {
    do: "addNote",
    note: "fix",
    text: "Why?\nAsk Grace",
    x: 8,
    y: -16,
    color: "amber",
  };
  const noted = edited(TEXT, add);
  expect(noted.startsWith(TEXT)).toBe(true);
  expect(change(add, { do: "setField", field: ["ui", "notes", "fix", "width"], value: 320 })).toEqual([
    "+ui:",
    "+  notes:",
    "+    fix:",
    "+      text: |-",
    "+        Why?",
    "+        Ask Grace",
    "+      x: 8",
    "+      y: -16",
    "+      color: amber",
    "+      width: 320",
  ]);
  expect(edited(noted, { do: "removeNote", note: "fix" }).trimEnd()).toBe(TEXT);
  const placed = edited(noted, { do: "setPosition", step: "fix", x: 1, y: 2 });
  expect(edited(placed, { do: "removeNote", note: "fix" })).toContain("positions");
  expect(edited(placed, { do: "removeStep", step: "fix" })).toContain("Ask Grace");
});
