import { expect, test } from "vitest";
import { validateDefinition } from "#/agents/definition/check/validate.ts";
import { SIZES } from "#/agents/definition/format/sizes.ts";

const check = (ui: unknown) => {
  const checked = validateDefinition(
    {
      format: "cairn/v1",
      name: "Noted",
      kind: "graph",
      steps: { a: { type: "set", values: { x: 1 } } },
      edges: [
        { from: "start", to: "a" },
        { from: "a", to: "end" },
      ],
      ui,
    },
    { tools: [] },
  );
  return checked.ok ? [] : checked.problems.map(({ path, message }) => `${path}: ${message}`);
};
const note = { text: "x", x: 0, y: 0 };
const notes = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`n${index}`, note]));

test("notes with a size and a colour are right, also one with the name of a step", () => {
  expect(check({ notes: { a: { ...note, width: 320, height: 120, color: "teal" } } })).toEqual([]);
  expect(check({ notes: notes(SIZES.notes.most) })).toEqual([]);
});

test("too many notes, too long ones and garbage are refused where they stand", () => {
  expect(check({ notes: notes(SIZES.notes.most + 1) })).toEqual([
    "/ui/notes: Too large: at most 200 notes on the canvas; here are 201.",
  ]);
  expect(check({ notes: { a: { ...note, text: "x".repeat(100_000) } } })).toEqual([
    "/ui/notes/a/text: Too large: at most 4,000 characters in a note; here are 100,000.",
  ]);
  expect(check({ notes: notes(10_000) })).toEqual([
    "/ui/notes: Too large: at most 2,000 keys in one object; here are 10,000.",
  ]);
  expect(check({ notes: { a: { ...note, width: 1e9 } } })).toEqual([
    expect.stringMatching("^/ui/notes/a/width"),
  ]);
  expect(check({ notes: { a: { ...note, color: "pink" } } })).toEqual([
    expect.stringMatching("^/ui/notes/a/color"),
  ]);
  expect(check({ notes: [7], positions: "x" })).not.toEqual([]);
});
