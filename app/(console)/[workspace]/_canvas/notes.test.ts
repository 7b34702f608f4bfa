import { anything, assert, constant, dictionary, oneof, property, record, string } from "fast-check";
import { expect, test } from "vitest";
import { NOTE_BOX, NOTE_COLORS } from "#/agents/definition/format/canvas-layout.ts";
import { SIZES } from "#/agents/definition/format/sizes.ts";
import { readFlow } from "./flow-graph.ts";
import { measureNote, readNotes } from "./notes.ts";

const note = { text: "x", x: 0, y: 0 };

test("a note is read with its size and colour, also one with the name of a step", () => {
  const steps = { a: { type: "set" } };
  const written = { ...note, width: 400, height: 90, color: "amber" };
  expect(readFlow({ kind: "graph", steps, edges: [], ui: { notes: { a: written, b: note } } }).notes).toEqual(
    [
      { id: "a", ...written },
      { id: "b", ...note, width: NOTE_BOX.width, height: undefined, color: "grey" },
    ],
  );
});

test("whatever stands under ui, each note that is drawn is one that can be drawn", () => {
  const odd = oneof(anything(), constant(-1), constant(1e300), constant("red"));
  const garbage = oneof(
    record({ text: oneof(string(), anything()), x: odd, y: odd, width: odd, height: odd, color: odd }),
    anything(),
  );
  assert(
    property(oneof(dictionary(string(), garbage), garbage), (notes) => {
      for (const { text, x, y, width, color, ...rest } of readNotes({ ui: { notes } })) {
        expect(typeof text).toBe("string");
        for (const place of [x, y]) expect(Math.abs(place)).toBeLessThanOrEqual(1_000_000);
        for (const side of [width, measureNote({ text, x, y, width, color, ...rest })])
          expect(side).toBeGreaterThan(0);
        expect(NOTE_COLORS).toContain(color);
      }
    }),
  );
});

test("ten thousand notes and a text of 100 KB are cut to what a definition may have", () => {
  const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`n${index}`, note]));
  expect(readNotes({ ui: { notes: many } }).length).toBe(SIZES.notes.most);
  const [long] = readNotes({ ui: { notes: { a: { ...note, text: "x".repeat(100_000) } } } });
  expect(long?.text.length).toBe(SIZES.note.most);
});
