"use client";
import { type Node, type NodeProps, NodeResizeControl } from "@xyflow/react";
import { memo } from "react";
import { NOTE_BOX, type NoteColor } from "#/agents/definition/format/canvas-layout.ts";
import { cn } from "#/app/_ui/class-names.ts";
import { type NoteLine, type NoteSpan, readNoteText } from "./note-text.ts";
import type { FlowNote } from "./notes.ts";

export type NoteNode = Node<{ readonly note: FlowNote }, "note">;

/** The look of each colour. The edge is dashed: a note is no step. */
const LOOK: Readonly<Record<NoteColor, string>> = {
  grey: "border-stone-2 bg-raised text-ink-2",
  teal: "border-accent-line bg-accent-soft text-accent-text",
  blue: "border-run-line bg-run-soft text-run-text",
  amber: "border-wait-line bg-wait-soft text-wait-text",
  red: "border-fail-line bg-fail-soft text-fail-text",
};

/** A note, which can be made larger and smaller where it can be moved. */
export const Note = memo(function Note({ data: { note }, selected, draggable }: NodeProps<NoteNode>) {
  return (
    <>
      <div
        className={cn(
          "h-full overflow-hidden rounded-node border border-dashed p-3 text-xs",
          LOOK[note.color],
          selected && "border-solid border-accent ring-3 ring-accent/22",
        )}
      >
        <NoteText text={note.text} />
      </div>
      {selected && draggable && (
        <NodeResizeControl
          position="bottom-right"
          minWidth={NOTE_BOX.least}
          maxWidth={NOTE_BOX.most}
          minHeight={NOTE_BOX.least}
          maxHeight={NOTE_BOX.most}
          className="size-2.5! rounded-sm! border-accent! bg-raised!"
        />
      )}
    </>
  );
});

const NoteText = memo(function NoteText({ text }: { readonly text: string }) {
  return readNoteText(text).map((line, index) => (
    // Lines have no name but their place.
    // oxlint-disable-next-line react/no-array-index-key
    <Line key={index} line={line} />
  ));
});

const LINES: Readonly<Record<NoteLine["kind"], string>> = {
  title: "font-semibold",
  item: "relative pl-3 before:absolute before:left-0.5 before:content-['•']",
  text: "",
  gap: "h-2",
};

function Line({ line: { kind, spans } }: { readonly line: NoteLine }) {
  return (
    <p className={cn("break-words whitespace-pre-wrap", LINES[kind])}>
      {spans.map((span, index) => (
        // Spans neither.
        // oxlint-disable-next-line react/no-array-index-key
        <Span key={index} span={span} />
      ))}
    </p>
  );
}

function Span({ span }: { readonly span: NoteSpan }) {
  if (span.kind === "link")
    return (
      <a
        href={span.href}
        target="_blank"
        rel="noreferrer"
        className="nodrag rounded-sm underline underline-offset-2"
      >
        {span.text}
      </a>
    );
  if (span.kind === "strong") return <strong className="font-semibold">{span.text}</strong>;
  if (span.kind === "emphasis") return <em>{span.text}</em>;
  return span.kind === "code" ? <code className="font-mono text-2xs">{span.text}</code> : span.text;
}
