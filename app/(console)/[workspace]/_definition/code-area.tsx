"use client";
import { type KeyboardEvent, type Ref, useRef } from "react";
import { cn } from "#/app/_ui/class-names.ts";
import { type Edit, indent, newLine, outdent } from "./indentation.ts";

const LINE_HEIGHT_PX = 20;

interface CodeAreaProps {
  readonly ref: Ref<HTMLTextAreaElement>;
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Lines that have a problem. */
  readonly marked: ReadonlySet<number>;
  /** Its height. */
  readonly className: string;
}

/** Puts the cursor on a line and shows it. */
export function goToLine(area: HTMLTextAreaElement, line: number): void {
  const lines = area.value.split("\n");
  const start = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
  area.focus();
  area.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
  area.scrollTop = Math.max(0, (line - 5) * LINE_HEIGHT_PX);
}

/** Changes the text in a way that undo knows of. The command is old, but nothing else keeps a text area's history. */
function apply(area: HTMLTextAreaElement, { replaced, text, selected }: Edit): void {
  if (area.value.slice(replaced.start, replaced.end) !== text) {
    area.setSelectionRange(replaced.start, replaced.end);
    document.execCommand(text === "" ? "delete" : "insertText", false, text);
  }
  area.setSelectionRange(selected.start, selected.end);
}

/** Chooses what a key does to the text, if it is one of ours. */
function chooseEdit(
  { key, shiftKey, ctrlKey, metaKey, altKey }: KeyboardEvent,
  isLeaving: boolean,
): typeof indent | undefined {
  if (ctrlKey || metaKey || altKey) return undefined;
  if (key === "Tab" && !isLeaving) return shiftKey ? outdent : indent;
  return key === "Enter" && !shiftKey ? newLine : undefined;
}

const MODIFIERS: ReadonlySet<string> = new Set(["Shift", "Control", "Alt", "Meta"]);

function onEditorKey(event: KeyboardEvent<HTMLTextAreaElement>, leaving: { current: boolean }): void {
  // Enter that ends the input of a Japanese or Chinese word is not a new line.
  if (event.nativeEvent.isComposing || MODIFIERS.has(event.key)) return;
  const area = event.currentTarget;
  const edit = chooseEdit(event, leaving.current);
  // Tab belongs to the text here, so the keyboard needs another way out: Escape, then Tab.
  leaving.current = event.key === "Escape";
  if (!edit) return;
  event.preventDefault();
  apply(area, edit(area.value, { start: area.selectionStart, end: area.selectionEnd }));
}

/** A text area for code: numbered lines, Tab indents, a new line keeps its indentation. */
export function CodeArea({ ref, label, value, onChange, marked, className }: CodeAreaProps) {
  const numbers = useRef<HTMLOListElement>(null);
  const leaving = useRef(false);
  const lines = value.split("\n").length;
  return (
    <div className={cn("flex font-mono text-[0.8125rem] leading-5", className)}>
      <ol
        ref={numbers}
        aria-hidden
        className="w-11 shrink-0 overflow-hidden border-r border-border bg-muted/50 py-3 text-right text-muted-foreground select-none"
      >
        {Array.from({ length: lines }, (_, index) => (
          <li
            key={index}
            className={cn("pr-2.5", marked.has(index + 1) && "bg-bad/15 font-semibold text-bad")}
          >
            {index + 1}
          </li>
        ))}
      </ol>
      <textarea
        ref={ref}
        aria-label={`${label}. Press Escape, then Tab to leave.`}
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
        wrap="off"
        value={value}
        onChange={({ target }) => onChange(target.value)}
        onKeyDown={(event) => onEditorKey(event, leaving)}
        onScroll={({ currentTarget }) => numbers.current?.scrollTo({ top: currentTarget.scrollTop })}
        className="min-w-0 flex-1 resize-none bg-transparent px-3 py-3 -outline-offset-2"
      />
    </div>
  );
}
