"use client";
import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from "@codemirror/autocomplete";
import { defaultKeymap, indentWithTab } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, foldGutter, foldKeymap, indentOnInput, indentUnit } from "@codemirror/language";
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { Annotation, EditorState, type Extension } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  hoverTooltip,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { type Ref, useEffect, useEffectEvent, useImperativeHandle, useRef } from "react";
import { spliceBetween } from "#/agents/definition/edit/splice.ts";
import type { LocatedProblem } from "../../../_definition/check-text.ts";
import { CODE_LOOK, expressionMarks } from "./code-look.ts";
import { completeDefinition, describePlace } from "./completions.ts";
import type { ReadDocument } from "./use-document.ts";

export interface CodeEditorHandle {
  readonly goTo: (line: number) => void;
}

interface CodeEditorProps {
  /** Not `ref`: the component is loaded later, and what loads it has none to hand on. */
  readonly handle: Ref<CodeEditorHandle>;
  readonly text: string;
  readonly read: ReadDocument;
  readonly tools: readonly string[];
  readonly problems: readonly LocatedProblem[] | undefined;
  readonly onType: (text: string) => void;
  readonly onSave: () => void;
  readonly onUndo: () => void;
  readonly onRedo: () => void;
}

/** A change that came from outside is not told back. */
const FromOutside = Annotation.define<boolean>();

/** The values that the editor asks of the page around it: the newest of each, whenever it asks. */
interface Surroundings {
  readonly readNow: () => ReadDocument;
  readonly tools: readonly string[];
  readonly onType: (text: string) => void;
  readonly onSave: () => void;
  readonly onUndo: () => void;
  readonly onRedo: () => void;
}

/** The definition as text, with colour, completion, hints and its problems where they are. */
export function CodeEditor({ handle, text, problems, read, tools, ...acts }: CodeEditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const readNow = useEffectEvent(() => read);
  const onType = useEffectEvent(acts.onType);
  const onSave = useEffectEvent(acts.onSave);
  const onUndo = useEffectEvent(acts.onUndo);
  const onRedo = useEffectEvent(acts.onRedo);
  const begin = useEffectEvent((parent: HTMLElement, around: Surroundings) => {
    return new EditorView({
      parent,
      state: EditorState.create({ doc: text, extensions: makeExtensions(around) }),
    });
  });
  useEffect(() => {
    if (!place.current) return undefined;
    const editor = begin(place.current, {
      readNow: () => readNow(),
      tools,
      onType: (typed) => onType(typed),
      onSave: () => onSave(),
      onUndo: () => onUndo(),
      onRedo: () => onRedo(),
    });
    view.current = editor;
    return () => editor.destroy();
  }, [tools]);
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

/** Undo and redo are those of the document: the canvas and the text have one history. */
function makeExtensions({ readNow, tools, onType, ...acts }: Surroundings): readonly Extension[] {
  const ours = [
    { key: "Mod-s", run: done(acts.onSave) },
    { key: "Mod-z", run: done(acts.onUndo) },
    { key: "Mod-y", run: done(acts.onRedo) },
    { key: "Mod-Shift-z", run: done(acts.onRedo) },
  ];
  return [
    lineNumbers(),
    foldGutter(),
    lintGutter(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    drawSelection(),
    indentOnInput(),
    indentUnit.of("  "),
    bracketMatching(),
    closeBrackets(),
    highlightSelectionMatches(),
    search({ top: true }),
    yaml(),
    CODE_LOOK,
    expressionMarks,
    autocompletion({
      override: [completeDefinition(readNow, tools)],
      icons: false,
    }),
    hoverTooltip((view, position) => showHint(view, position, readNow())),
    keymap.of([
      ...ours,
      ...completionKeymap,
      ...closeBracketsKeymap,
      ...searchKeymap,
      ...foldKeymap,
      ...lintKeymap,
      indentWithTab,
      ...defaultKeymap,
    ]),
    EditorView.contentAttributes.of({
      "aria-label": "Definition (YAML or JSON). Press Escape, then Tab to leave.",
      spellcheck: "false",
      tabindex: "0",
    }),
    EditorView.updateListener.of((update) => {
      const isOurs = update.transactions.some((transaction) => transaction.annotation(FromOutside));
      if (update.docChanged && !isOurs) onType(update.state.doc.toString());
    }),
  ];
}

/** A command of the editor that is always done. */
const done = (act: () => void) => (): boolean => {
  act();
  return true;
};

function showHint(view: EditorView, position: number, read: ReadDocument) {
  const line = view.state.doc.lineAt(position);
  const upToKey = /^[^:]*:/.exec(line.text)?.[0];
  if (upToKey === undefined) return null;
  const hint = describePlace(view.state.sliceDoc(0, line.from + upToKey.length), read);
  if (hint === undefined) return null;
  return {
    pos: position,
    above: true,
    create: () => {
      const dom = document.createElement("div");
      dom.className = "px-2 py-1 text-xs max-w-80";
      dom.textContent = hint;
      return { dom };
    },
  };
}
