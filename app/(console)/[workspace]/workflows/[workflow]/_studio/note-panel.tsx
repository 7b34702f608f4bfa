"use client";
import { useEffect, useId, useState } from "react";
import { NOTE_BOX, NOTE_COLORS } from "#/agents/definition/format/canvas-layout.ts";
import type { Operation } from "#/agents/definition/edit/operations.ts";
import { Field } from "#/app/_ui/field.tsx";
import type { FlowNote } from "../../../_canvas/notes.ts";
import { FieldControl } from "./field-control.tsx";
import type { Control } from "./form-fields.ts";
import { changeNote } from "./note-operations.ts";
import { PanelFrame } from "./panel-frame.tsx";

interface NotePanelProps {
  readonly note: FlowNote;
  readonly onOperations: (operations: readonly Operation[]) => void;
  readonly onDelete: () => void;
  readonly onClose: () => void;
}

interface NoteField {
  readonly key: "text" | "color" | "width" | "height";
  readonly label: string;
  readonly control: Control;
  /** What counts when the field is empty. */
  readonly standard?: string;
  readonly hint?: string;
}

const SIDE: Control = { kind: "number", min: NOTE_BOX.least, max: NOTE_BOX.most, isWhole: true };
const FIELDS: readonly NoteField[] = [
  {
    key: "text",
    label: "Text",
    control: { kind: "long" },
    hint: "# title, - list, **bold**, *italic*, `code`, [link](https://…)",
  },
  { key: "color", label: "Color", control: { kind: "choice", options: NOTE_COLORS }, standard: "grey" },
  { key: "width", label: "Width", control: SIDE, standard: String(NOTE_BOX.width) },
  { key: "height", label: "Height", control: SIDE, standard: "as high as its text" },
];

/** The text, colour and size of a note. In a new one the cursor stands in its text. */
export function NotePanel({ note, onOperations, onDelete, onClose }: NotePanelProps) {
  const form = useId();
  const [isBlank] = useState(note.text === "");
  useEffect(() => {
    if (isBlank) document.querySelector<HTMLElement>(`#${CSS.escape(form)} textarea`)?.focus();
  }, [form, isBlank]);
  return (
    <PanelFrame
      type="note"
      title="Note"
      label="Properties of the note"
      deletes="Delete note"
      onDelete={onDelete}
      onClose={onClose}
    >
      <div id={form} className="grid gap-3.5">
        {FIELDS.map(({ key, label, control, standard, hint }) => (
          <Field key={key} label={label} hint={hint}>
            {({ id, "aria-describedby": describedBy }) => (
              <FieldControl
                id={id}
                describedBy={describedBy}
                isBad={false}
                control={control}
                standard={standard}
                value={String(note[key]) === standard ? undefined : note[key]}
                onValue={(value) => onOperations(changeNote(note.id, { [key]: value ?? UNSET[key] }))}
              />
            )}
          </Field>
        ))}
      </div>
    </PanelFrame>
  );
}

/** A note has a text, if an empty one. */
const UNSET: Readonly<Partial<Record<NoteField["key"], string>>> = { text: "" };
