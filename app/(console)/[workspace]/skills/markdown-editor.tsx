"use client";
import { history, historyKeymap } from "@codemirror/commands";
import type { Extension } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import type { Ref } from "react";
import type { LocatedProblem } from "../_definition/check-text.ts";
import { bindForEditor } from "../_keys/press.ts";
import { TextEditor, type TextEditorHandle } from "../_definition/text-editor.tsx";

interface MarkdownEditorProps {
  readonly handle: Ref<TextEditorHandle>;
  readonly label: string;
  readonly text: string;
  readonly problems: readonly LocatedProblem[] | undefined;
  readonly onType: (text: string) => void;
  readonly onSave: () => void;
}

/** A file of a skill: prose, so its lines are broken for the eye, with a history of its own. */
export function MarkdownEditor({ onSave, ...props }: MarkdownEditorProps) {
  return <TextEditor {...props} surroundings={onSave} extend={writeProse} />;
}

const writeProse = (saveNow: () => () => void): Extension => [
  EditorView.lineWrapping,
  history(),
  keymap.of([...bindForEditor("skill.save", () => saveNow()()), ...historyKeymap]),
];
