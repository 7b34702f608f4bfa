"use client";
import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from "@codemirror/autocomplete";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, foldGutter, foldKeymap, indentOnInput, indentUnit } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { type EditorView, hoverTooltip, keymap } from "@codemirror/view";
import { type Ref, useCallback } from "react";
import type { LocatedProblem } from "../../../_definition/check-text.ts";
import { expressionMarks } from "../../../_definition/code-look.ts";
import { bindForEditor } from "../../../_keys/press.ts";
import { TextEditor, type TextEditorHandle } from "../../../_definition/text-editor.tsx";
import { completeDefinition, describePlace } from "./completions.ts";
import type { LastValues } from "./readable-values.ts";
import type { ReadDocument } from "./use-document.ts";

export type CodeEditorHandle = TextEditorHandle;

interface CodeEditorProps extends Surroundings {
  /** Not `ref`: the component is loaded later, and what loads it has none to hand on. */
  readonly handle: Ref<CodeEditorHandle>;
  readonly text: string;
  readonly tools: readonly string[];
  readonly problems: readonly LocatedProblem[] | undefined;
  readonly onType: (text: string) => void;
}

/** The values that the editor asks of the page around it: the newest of each, whenever it asks. */
interface Surroundings {
  readonly read: ReadDocument;
  readonly last: LastValues | undefined;
  readonly onSave: () => void;
  readonly onUndo: () => void;
  readonly onRedo: () => void;
}

/** The definition as text, with colour, completion, hints and its problems where they are. */
export function CodeEditor({ handle, text, problems, tools, onType, ...surroundings }: CodeEditorProps) {
  const extend = useCallback((now: () => Surroundings) => makeExtensions(now, tools), [tools]);
  return (
    <TextEditor
      handle={handle}
      label="Definition (YAML or JSON)"
      text={text}
      problems={problems}
      onType={onType}
      surroundings={surroundings}
      extend={extend}
    />
  );
}

/** Undo and redo are those of the document: the canvas and the text have one history. */
function makeExtensions(now: () => Surroundings, tools: readonly string[]): Extension {
  const ours = [
    ...bindForEditor("studio.save", () => now().onSave()),
    ...bindForEditor("studio.undo", () => now().onUndo()),
    ...bindForEditor("studio.redo", () => now().onRedo()),
  ];
  return [
    foldGutter(),
    indentOnInput(),
    indentUnit.of("  "),
    bracketMatching(),
    closeBrackets(),
    yaml(),
    expressionMarks,
    autocompletion({ override: [completeDefinition(now, tools)], icons: false }),
    hoverTooltip((view, position) => showHint(view, position, now().read)),
    keymap.of([...ours, ...completionKeymap, ...closeBracketsKeymap, ...foldKeymap]),
  ];
}

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
