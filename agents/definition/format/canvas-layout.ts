import * as v from "valibot";
import { Id } from "#/agents/definition/format/fields.ts";

const Point = { x: v.number(), y: v.number() };

/** The colours of notes. */
export const NOTE_COLORS = ["grey", "teal", "blue", "amber", "red"] as const;
export type NoteColor = (typeof NOTE_COLORS)[number];

/** The sizes of a note, in the canvas's pixels at 100 %. A note without a height is as high as its text. */
export const NOTE_BOX = { width: 260, least: 80, most: 1200 } as const;

const Side = v.pipe(v.number(), v.minValue(NOTE_BOX.least), v.maxValue(NOTE_BOX.most));

/** The length of a text and the number of notes are a matter of check/notes.ts: versions from before they had limits go on running. */
const Note = v.strictObject({
  text: v.string(),
  ...Point,
  width: v.optional(Side),
  height: v.optional(Side),
  color: v.optional(v.picklist(NOTE_COLORS)),
});

/** The layout in which the canvas shows a definition. A run does not look at it. */
export const CanvasLayout = v.strictObject({
  /** By the step's name; of a step inside a map, `map/step`. */
  positions: v.optional(v.record(v.string(), v.strictObject(Point))),
  notes: v.optional(v.record(Id, Note)),
});
