import { NOTE_BOX } from "#/agents/definition/format/canvas-layout.ts";
import type { Operation } from "#/agents/definition/edit/operations.ts";
import type { FlowGraph } from "../../../_canvas/flow-graph.ts";
import { type Box, findRoom, placeNodes } from "../../../_canvas/layout.ts";
import { type FlowNote, measureNote } from "../../../_canvas/notes.ts";
import type { Point } from "../../../_canvas/point.ts";

/** A note that is not on the canvas yet. */
export type NewNote = Omit<FlowNote, "id">;

/** A name that no note has: note, note2, … */
export function freeNote({ notes }: FlowGraph, besides: Iterable<string> = []): string {
  const taken = new Set([...notes.map(({ id }) => id), ...besides]);
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? "note" : `note${number}`;
    if (!taken.has(name)) return name;
  }
}

/** Decides the operation that puts a note down. What is as usual is not written. */
export function putNote(note: string, { text, x, y, width, height, color }: NewNote): Operation {
  return {
    do: "addNote",
    note,
    text,
    x: Math.round(x),
    y: Math.round(y),
    ...(width !== NOTE_BOX.width && { width }),
    ...(height !== undefined && { height }),
    ...(color !== "grey" && { color }),
  };
}

/** The height of a note in which nothing is written yet. */
const BLANK = 48;

/** Finds the place for a new note: its middle in that of the view, or beside what lies there. */
export function placeNote(graph: FlowGraph, { x, y }: Point): NewNote {
  const inner = new Set(graph.nodes.flatMap(({ id, map }) => (map === undefined ? [] : [id])));
  const steps = [...placeNodes(graph)].flatMap(([id, box]) => (inner.has(id) ? [] : [box]));
  const notes = graph.notes.map((note): Box => Object.assign({}, note, { height: measureNote(note) }));
  const wanted = { x: x - NOTE_BOX.width / 2, y: y - BLANK / 2, width: NOTE_BOX.width, height: BLANK };
  const room = findRoom(wanted, [...steps, ...notes]);
  return { text: "", x: room.x, y: room.y, width: NOTE_BOX.width, height: undefined, color: "grey" };
}

/** Sets fields of a note; `undefined` takes one out. */
export const changeNote = (note: string, fields: Readonly<Record<string, unknown>>): readonly Operation[] =>
  Object.entries(fields).map(([key, value]) => {
    const field = ["ui", "notes", note, key];
    return value === undefined ? { do: "unsetField", field } : { do: "setField", field, value };
  });
