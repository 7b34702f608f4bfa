import { NOTE_BOX, NOTE_COLORS, type NoteColor } from "#/agents/definition/format/canvas-layout.ts";
import { SIZES } from "#/agents/definition/format/sizes.ts";
import { isJsonObject } from "#/lib/json-object.ts";
import { pointIn } from "./point.ts";
import { valueAtPointer } from "./pointer.ts";

/** A note on the canvas. */
export interface FlowNote {
  readonly id: string;
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  /** Undefined for a note that is as high as its text. */
  readonly height: number | undefined;
  readonly color: NoteColor;
}

/** The names of notes among the nodes are apart from those of steps. */
const NOTE = "note:";
export const nameNote = (id: string): string => `${NOTE}${id}`;
export const readNote = (id: string): string | undefined =>
  id.startsWith(NOTE) ? id.slice(NOTE.length) : undefined;

/** Reads the notes of a document, finished or not: garbage is left out, what is too large is cut. */
export function readNotes(document: unknown): readonly FlowNote[] {
  const notes = valueAtPointer(document, "/ui/notes");
  if (!isJsonObject(notes)) return [];
  return Object.entries(notes)
    .slice(0, SIZES.notes.most)
    .flatMap(([id, fields]) => {
      const point = pointIn(fields);
      if (!point || !isJsonObject(fields) || typeof fields["text"] !== "string") return [];
      const { text, width, height, color } = fields;
      return [
        {
          id,
          text: text.slice(0, SIZES.note.most),
          ...point,
          width: sideIn(width) ?? NOTE_BOX.width,
          height: sideIn(height),
          color: NOTE_COLORS.find((known) => known === color) ?? "grey",
        },
      ];
    });
}

const sideIn = (value: unknown): number | undefined =>
  typeof value === "number" ? Math.min(NOTE_BOX.most, Math.max(NOTE_BOX.least, value)) : undefined;

const LINE = { characters: 38, height: 16, around: 26 } as const;

/** Tells how high a note is, as far as that can be told without drawing it. */
export function measureNote({ text, height, width }: FlowNote): number {
  if (height !== undefined) return height;
  const across = Math.max(1, Math.floor((LINE.characters * width) / NOTE_BOX.width));
  const lines = text.split("\n").reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / across)), 0);
  return LINE.around + lines * LINE.height;
}
