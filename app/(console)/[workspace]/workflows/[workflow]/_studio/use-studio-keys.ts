import { useReactFlow } from "@xyflow/react";
import { useEffect, useEffectEvent } from "react";
import {
  Maximize,
  MessageSquare,
  Plus,
  Redo2,
  Search,
  StickyNote,
  Undo2,
  WandSparkles,
} from "#/app/_ui/icons.tsx";
import { useCommands } from "../../../_command/bar-store.ts";
import { useShortcuts } from "../../../_keys/use-shortcuts.ts";
import type { Draft } from "../use-draft.ts";
import { FIT } from "./edit-canvas.tsx";
import { findMiddle } from "./use-reveal.ts";
import type { Finding } from "./use-find.ts";
import type { useStudio } from "./use-studio.ts";

interface Commanded {
  readonly studio: ReturnType<typeof useStudio>;
  readonly draft: Draft;
  readonly openPalette: () => void;
  readonly finding: Finding;
  readonly tryIt: () => void;
  /** Asks for a sentence that changes the draft. */
  readonly say: () => void;
}

/** Runs the keys of the studio. A command that does nothing leaves its key to the browser. */
export function useStudioKeys({ studio, draft, openPalette, finding, tryIt, say }: Commanded): void {
  const flow = useReactFlow();
  const copy = () => {
    const text = studio.copy();
    if (text !== undefined) void navigator.clipboard.writeText(text);
    return text !== undefined;
  };
  const { undo, redo } = draft;
  const { arrange } = studio;
  const addNote = () => studio.addNote(findMiddle(flow));
  const fit = () => void flow.fitView(FIT);
  useShortcuts({
    "studio.add": openPalette,
    "studio.undo": undo,
    "studio.redo": redo,
    "studio.copy": copy,
    "studio.cut": () => copy() && studio.remove(),
    "studio.duplicate": () => studio.duplicateNote() || studio.duplicate(),
    "studio.note": addNote,
    "studio.selectAll": studio.selectAll,
    "studio.remove": studio.remove,
    search: finding.open,
    "studio.find": finding.open,
    "studio.zoomIn": () => void flow.zoomIn(),
    "studio.zoomOut": () => void flow.zoomOut(),
    "studio.fit": fit,
    "studio.arrange": arrange,
    "studio.connect": () => focusIn("[aria-label='Where it leads'] select"),
    "studio.edit": () =>
      focusIn("aside[aria-label^='Properties'] input, aside[aria-label^='Properties'] textarea"),
    "studio.save": () => void draft.save(),
    "studio.try": tryIt,
    "studio.say": say,
    "studio.close": () => {
      if (leaveField()) return true;
      if (isWriting()) return false;
      if (finding.words === undefined) studio.clear();
      else finding.close();
      return true;
    },
  });
  useStudioCommands({ openPalette, addNote, find: finding.open, say, fit, arrange, undo, redo });
  const onPasted = useEffectEvent(studio.paste);
  useEffect(() => {
    const onPaste = ({ target, clipboardData }: ClipboardEvent) => {
      const isField =
        target instanceof HTMLElement && target.closest("input, textarea, [contenteditable=true]");
      if (!isField && clipboardData) onPasted(clipboardData.getData("text/plain"));
    };
    document.addEventListener("paste", onPaste);
    return () => document.removeEventListener("paste", onPaste);
  }, []);
}

const focusIn = (selector: string) => document.querySelector<HTMLElement>(selector)?.focus();

const FIELDS = "input, textarea, select";

/** Gives the keyboard from a field beside the canvas back to what is chosen; the field's value takes effect. @returns whether it was in one */
function leaveField(): boolean {
  const field = document.activeElement;
  if (!(field instanceof HTMLElement) || !field.matches(FIELDS) || !field.closest("aside, search"))
    return false;
  field.blur();
  document.querySelector<HTMLElement>(".react-flow__node.selected")?.focus({ preventScroll: true });
  return true;
}

/** The text of the draft has its own use for the keys. */
const isWriting = (): boolean => Boolean(document.activeElement?.closest("[contenteditable=true]"));

type Act = () => void;

interface StudioActs {
  readonly openPalette: Act;
  readonly addNote: Act;
  readonly find: Act;
  readonly say: Act;
  readonly fit: Act;
  readonly arrange: Act;
  readonly undo: Act;
  readonly redo: Act;
}

/** Offers in the command bar what can be done with the draft as a whole. */
function useStudioCommands(acts: StudioActs): void {
  const { openPalette, addNote, find, say, fit, arrange, undo, redo } = acts;
  useCommands([
    { id: "add", label: "Add a step", picture: Plus, shortcut: "studio.add", act: openPalette },
    { id: "note", label: "Add a note", picture: StickyNote, shortcut: "studio.note", act: addNote },
    { id: "find", label: "Find on the canvas", picture: Search, shortcut: "studio.find", act: find },
    {
      id: "say",
      label: "Change the draft by a sentence",
      picture: MessageSquare,
      words: "prompt model ask describe",
      shortcut: "studio.say",
      needs: "workflows:write",
      act: say,
    },
    { id: "fit", label: "Zoom to fit", picture: Maximize, shortcut: "studio.fit", act: fit },
    {
      id: "arrange",
      label: "Arrange the steps",
      picture: WandSparkles,
      shortcut: "studio.arrange",
      act: arrange,
    },
    { id: "undo", label: "Undo", picture: Undo2, shortcut: "studio.undo", act: undo },
    { id: "redo", label: "Redo", picture: Redo2, shortcut: "studio.redo", act: redo },
  ]);
}
