import { array, assert, constantFrom, integer, option, property, record, string } from "fast-check";
import { expect, test } from "vitest";
import { editDefinition } from "#/agents/definition/edit/edit.ts";
import type { Operation } from "#/agents/definition/edit/operations.ts";
import { NOTE_BOX, NOTE_COLORS } from "#/agents/definition/format/canvas-layout.ts";
import { parseText } from "#/agents/definition/format/parse.ts";
import { readFlow } from "../../../_canvas/flow-graph.ts";
import { nameNote } from "../../../_canvas/notes.ts";
import { copySteps, pasteSteps } from "./clipboard.ts";
import { changeNote, freeNote, placeNote, putNote } from "./note-operations.ts";

const TEXT = `# ours
kind: graph
steps:
  note: { type: set, values: { a: 1 } } # a step with the name of a note
edges:
  - { from: start, to: note }
`;
const read = (text: string) => {
  const parsed = parseText(text);
  return readFlow(parsed.ok ? parsed.document : undefined);
};
const edit = (text: string, operations: readonly Operation[]) => {
  const edited = editDefinition(text, operations);
  if (!edited.ok) throw new Error(edited.reason);
  return edited.text;
};
const size = option(integer({ min: NOTE_BOX.least, max: NOTE_BOX.most }), { nil: undefined });
const anyNote = record({
  text: string(),
  x: integer({ min: -9999, max: 9999 }),
  y: integer({ min: -9999, max: 9999 }),
  width: integer({ min: NOTE_BOX.least, max: NOTE_BOX.most }),
  height: size,
  color: constantFrom(...NOTE_COLORS),
});

test("what is put down is read again, under names of its own, and nothing else of the text has changed", () => {
  assert(
    property(array(anyNote, { maxLength: 4 }), (notes) => {
      const text = notes.reduce((now, note) => edit(now, [putNote(freeNote(read(now)), note)]), TEXT);
      expect(text.startsWith(TEXT)).toBe(true);
      expect(read(text).notes).toEqual(notes.map((note) => expect.objectContaining(note)));
      const [first, ...others] = read(text).notes;
      if (!first) return;
      const gone = edit(text, [{ do: "removeNote", note: first.id }]);
      expect(read(gone).notes).toEqual(others);
      expect(gone.startsWith(TEXT)).toBe(true);
    }),
    { numRuns: 30 },
  );
});

test("copied notes are pasted beside themselves, into another workflow too, and garbage is not", () => {
  const text = edit(TEXT, [
    { do: "addNote", note: "note", text: "Why?", x: 0, y: 0, width: 400, color: "teal" },
  ]);
  const graph = read(text);
  const copied = copySteps({}, graph, [nameNote("note")]) ?? "";
  const pasted = read(edit(text, pasteSteps(graph, copied) ?? []));
  expect(pasted.notes).toMatchObject([
    { id: "note" },
    { id: "note2", text: "Why?", x: 32, y: 32, width: 400, color: "teal" },
  ]);
  expect(pasted.nodes.length).toBe(graph.nodes.length);
  const odd = JSON.stringify({ cairnSteps: {}, ways: [], notes: { a: 7, b: { text: "x", x: "far", y: 0 } } });
  expect(pasteSteps(graph, odd)).toEqual([]);
});

test("a new note lies on nothing", () => {
  const text = edit(TEXT, [putNote("a", placeNote(read(TEXT), { x: 0, y: 0 }))]);
  const [first] = read(text).notes;
  const second = placeNote(read(text), { x: (first?.x ?? 0) + 130, y: (first?.y ?? 0) + 24 });
  expect(second.x).toBeGreaterThanOrEqual((first?.x ?? 0) + NOTE_BOX.width);
});

test("a field that is emptied goes, and one that says the same changes nothing", () => {
  const text = edit(TEXT, [{ do: "addNote", note: "a", text: "x", x: 0, y: 0, width: 400 }]);
  expect(edit(text, changeNote("a", { text: "x", width: 400 }))).toBe(text);
  expect(edit(text, changeNote("a", { width: undefined }))).not.toContain("width");
});
