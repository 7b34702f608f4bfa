"use client";
import { type KeyboardEvent, type Ref, useRef } from "react";
import { cn } from "#/app/_ui/class-names.ts";

const LINE_HEIGHT_PX = 20;
const INDENT = "  ";

interface CodeAreaProps {
  readonly ref: Ref<HTMLTextAreaElement>;
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Lines that have a problem. */
  readonly marked: ReadonlySet<number>;
}

/** Puts the cursor on a line and shows it. */
export function goToLine(area: HTMLTextAreaElement, line: number): void {
  const lines = area.value.split("\n");
  const start = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
  area.focus();
  area.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
  area.scrollTop = Math.max(0, (line - 5) * LINE_HEIGHT_PX);
}

/** Replaces the selection in a way that undo knows of. The command is old, but nothing else keeps a text area's history. */
function insertText(text: string): void {
  document.execCommand("insertText", false, text);
}

function onEditorKey(event: KeyboardEvent<HTMLTextAreaElement>, leaving: { current: boolean }): void {
  const area = event.currentTarget;
  if (event.key === "Tab" && !event.shiftKey && !leaving.current) {
    event.preventDefault();
    insertText(INDENT);
  }
  if (event.key === "Enter") {
    event.preventDefault();
    const line = area.value.slice(0, area.selectionStart).split("\n").at(-1) ?? "";
    insertText(`\n${/^ */.exec(line)?.[0] ?? ""}`);
  }
  // Tab belongs to the text here, so the keyboard needs another way out: Escape, then Tab.
  leaving.current = event.key === "Escape";
}

/** A text area for code: numbered lines, Tab indents, a new line keeps its indentation. */
export function CodeArea({ ref, label, value, onChange, marked }: CodeAreaProps) {
  const numbers = useRef<HTMLOListElement>(null);
  const leaving = useRef(false);
  const lines = value.split("\n").length;
  return (
    <div className="flex h-[max(24rem,calc(100dvh-19rem))] font-mono text-[0.8125rem] leading-5">
      <ol ref={numbers} aria-hidden className="w-11 shrink-0 overflow-hidden border-r border-border bg-muted/50 py-3 text-right text-muted-foreground select-none">
        {Array.from({ length: lines }, (_, index) => (
          <li key={index} className={cn("pr-2.5", marked.has(index + 1) && "bg-bad/15 font-semibold text-bad")}>
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
