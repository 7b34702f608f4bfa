"use client";
import { defaultKeymap, indentWithTab } from "@codemirror/commands";
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { Annotation, EditorState, type Extension } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { type Ref, useEffect, useEffectEvent, useImperativeHandle, useRef } from "react";
import { spliceBetween } from "#/agents/definition/edit/splice.ts";
import type { LocatedProblem } from "./check-text.ts";
import { CODE_LOOK } from "./code-look.ts";

export interface TextEditorHandle {
  readonly goTo: (line: number) => void;
}

interface TextEditorProps<Surroundings> {
  /** Not `ref`: the component is loaded later, and what loads it has none to hand on. */
  readonly handle?: Ref<TextEditorHandle> | undefined;
  readonly label: string;
  readonly text: string;
  readonly problems: readonly LocatedProblem[] | undefined;
  readonly onType: (text: string) => void;
  /** The values that the extensions ask of the page around the editor: the newest ones, whenever they ask. */
  readonly surroundings: Surroundings;
  /** Makes all that this editor has beyond lines, search and problems. The editor begins anew when it is another function. */
  readonly extend: (surroundingsNow: () => Surroundings) => Extension;
}

/** A change that came from outside is not told back. */
const FromOutside = Annotation.define<boolean>();

/** A text with numbered lines, and its problems where they are. */
export function TextEditor<Surroundings>(props: TextEditorProps<Surroundings>) {
  const { handle, label, text, problems, extend } = props;
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const onType = useEffectEvent(props.onType);
  const surroundingsNow = useEffectEvent(() => props.surroundings);
  const begin = useEffectEvent((parent: HTMLElement, extension: Extension) => {
    const own = [nameEditor(label), tellChanges((typed) => onType(typed))];
    const extensions = [lineNumbers(), extension, BASE, own];
    return new EditorView({ parent, state: EditorState.create({ doc: text, extensions }) });
  });
  useEffect(() => {
    if (!place.current) return undefined;
    const extension = extend(() => surroundingsNow());
    const editor = begin(place.current, extension);
    view.current = editor;
    return () => editor.destroy();
  }, [extend]);
  useEffect(() => {
    if (view.current) takeText(view.current, text);
  }, [text]);
  useEffect(() => {
    const editor = view.current;
    if (editor) editor.dispatch(setDiagnostics(editor.state, locateProblems(editor.state, problems ?? [])));
  }, [problems]);
  useImperativeHandle(handle, () => ({ goTo: (line) => view.current && goToLine(view.current, line) }));
  return <div ref={place} className="min-h-0 flex-1 overflow-hidden" />;
}

const BASE: Extension = [
  lintGutter(),
  highlightActiveLine(),
  highlightActiveLineGutter(),
  drawSelection(),
  highlightSelectionMatches(),
  search({ top: true }),
  CODE_LOOK,
  keymap.of([...searchKeymap, ...lintKeymap, indentWithTab, ...defaultKeymap]),
];

const nameEditor = (label: string): Extension =>
  EditorView.contentAttributes.of({
    "aria-label": `${label}. Press Escape, then Tab to leave.`,
    spellcheck: "false",
    tabindex: "0",
  });

const tellChanges = (onType: (text: string) => void): Extension =>
  EditorView.updateListener.of((update) => {
    const isOurs = update.transactions.some((transaction) => transaction.annotation(FromOutside));
    if (update.docChanged && !isOurs) onType(update.state.doc.toString());
  });

function takeText(editor: EditorView, text: string): void {
  const now = editor.state.doc.toString();
  if (now === text) return;
  const { from, to, text: insert } = spliceBetween(text, now);
  editor.dispatch({ changes: { from, to, insert }, annotations: FromOutside.of(true) });
}

function goToLine(editor: EditorView, line: number): void {
  const { from } = editor.state.doc.line(Math.min(Math.max(line, 1), editor.state.doc.lines));
  editor.dispatch({
    selection: { anchor: from },
    effects: EditorView.scrollIntoView(from, { y: "center" }),
  });
  editor.focus();
}

function locateProblems(state: EditorState, problems: readonly LocatedProblem[]): readonly Diagnostic[] {
  return problems.map(({ line = 1, message, suggestion, path }) => {
    const { from, to, text } = state.doc.line(Math.min(Math.max(line, 1), state.doc.lines));
    const start = from + text.length - text.trimStart().length;
    return {
      from: Math.min(start, to),
      to,
      severity: "error",
      message: `${message}${suggestion === undefined ? "" : ` Did you mean “${suggestion}”?`}`,
      ...(path !== "" && { source: path }),
    };
  });
}
