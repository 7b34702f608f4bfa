import { useCallback, useEffect, useEffectEvent, useRef, useState } from "react";
import { toast } from "#/app/_ui/toast.ts";
import * as v from "valibot";
import type { Workflow } from "#/operations/workflows/contract.ts";
import { describeError } from "#/app/_ui/api-error.ts";
import { ApiError } from "#/sdk/client/api-error.ts";
import { useKept } from "#/app/_ui/use-kept.ts";
import { useReadWorkflow, useSaveWorkflow } from "../../_data/workflows.ts";
import { beginHistory, type History, record, redo, undo } from "./_studio/history.ts";

/** A saved draft, as far as the editor knows it. */
interface SavedDraft {
  readonly text: string;
  readonly revision: number;
}

export type DraftState = "saved" | "saving" | "unsaved" | "offline" | "conflict";

/** The draft of a workflow while somebody works on it. */
export interface Draft {
  readonly text: string;
  /** The saved text that it was made from. */
  readonly base: string;
  readonly state: DraftState;
  /** The newer draft that somebody else has saved. */
  readonly conflict: Workflow | undefined;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** @param isTyped what is typed in one go is undone in one go */
  readonly write: (text: string, isTyped?: boolean) => void;
  readonly undo: () => void;
  readonly redo: () => void;
  /** Saves at once. @returns the revision that the draft is saved as; undefined when it could not be */
  readonly save: () => Promise<number | undefined>;
  /** Takes a text as what becomes of both drafts of a conflict. */
  readonly resolve: (text: string) => void;
}

const Kept = v.object({
  text: v.string(),
  base: v.string(),
  revision: v.number(),
  sent: v.optional(v.string()),
});
/** Work rests this long before it is saved. */
const SAVE_AFTER_MS = 900;
const TRY_AGAIN_MS = 5_000;

const savedIn = ({ draftText, revision }: Workflow): SavedDraft => ({ text: draftText, revision });

/**
 * The text in the editor and the saved draft that it was made from. It is saved by itself; what is not saved yet stays in the browser when the page is
 * left, and is sent when it comes back. What somebody else has saved meanwhile is a conflict, and is not overwritten; what was on its way from here
 * when the page was left is not somebody else's.
 */
export function useDraft(workflow: Workflow): Draft {
  const [history, setHistory] = useState(() => beginHistory(workflow.draftText));
  const [base, setBase] = useState(() => savedIn(workflow));
  const [sent, setSent] = useState<string>();
  const { text } = history;
  const isUnsaved = text !== base.text;
  const conflict = findConflict(workflow, base, [text, sent]);
  if (workflow.revision > base.revision && conflict === undefined) {
    // A newer draft takes the place of an older one on which nobody has written.
    if (!isUnsaved) setHistory((before) => record(before, workflow.draftText));
    setBase(savedIn(workflow));
  }
  const kept = isUnsaved ? { text, base: base.text, revision: base.revision, sent } : undefined;
  useKept(`workflow-${workflow.id}`, kept, (found) => {
    const read = v.safeParse(Kept, found);
    if (!read.success || read.output.text === workflow.draftText) return;
    setHistory((before) => record(before, read.output.text));
    setBase({ text: read.output.base, revision: read.output.revision });
    setSent(read.output.sent);
  });
  const { send, isSaving, isOffline } = useSaving(workflow.id, (saved) => setBase(savedIn(saved)));
  const save = async () => {
    if (!isUnsaved) return base.revision;
    if (conflict !== undefined) return undefined;
    setSent(text);
    return send(text, base.revision);
  };
  useAutosave({
    isDue: isUnsaved && !conflict && !isSaving,
    text,
    isOffline,
    save: () => void save(),
  });
  const change = useChanges(setHistory);
  return {
    text,
    base: base.text,
    state: decideState({ isUnsaved, isSaving, isOffline, hasConflict: conflict !== undefined }),
    conflict,
    canUndo: history.past.length > 0,
    canRedo: history.future.length > 0,
    ...change,
    save,
    resolve: (merged) => {
      setHistory((before) => record(before, merged));
      setBase(savedIn(workflow));
    },
  };
}

/** Finds the newer draft of somebody else. @param ours the text in the editor, and what was sent from here last */
function findConflict(
  workflow: Workflow,
  base: SavedDraft,
  ours: readonly [text: string, sent: string | undefined],
): Workflow | undefined {
  if (ours[0] === base.text || workflow.revision <= base.revision) return undefined;
  return [base.text, ...ours].includes(workflow.draftText) ? undefined : workflow;
}

function useChanges(setHistory: (next: (before: History) => History) => void) {
  const write = useCallback(
    (text: string, isTyped = false) =>
      setHistory((before) => record(before, text, isTyped ? Date.now() : undefined)),
    [setHistory],
  );
  return { write, undo: () => setHistory(undo), redo: () => setHistory(redo) };
}

interface Standing {
  readonly isUnsaved: boolean;
  readonly isSaving: boolean;
  readonly isOffline: boolean;
  readonly hasConflict: boolean;
}

function decideState({ isUnsaved, isSaving, isOffline, hasConflict }: Standing): DraftState {
  if (hasConflict) return "conflict";
  if (!isUnsaved) return "saved";
  if (isSaving) return "saving";
  return isOffline ? "offline" : "unsaved";
}

/** Sends texts. A newer draft is read, and shows as a conflict; without a connection it is tried again. */
function useSaving(workflowId: string, onSaved: (workflow: Workflow) => void) {
  const save = useSaveWorkflow(workflowId);
  const read = useReadWorkflow(workflowId);
  const [isOffline, setOffline] = useState(false);
  const sending = useRef<{ readonly text: string; readonly done: Promise<number | undefined> }>(undefined);
  const sendNow = async (text: string, revision: number) => {
    try {
      const saved = await save.mutateAsync({ definition: text, revision });
      onSaved(saved);
      setOffline(false);
      return saved.revision;
    } catch (error) {
      if (!(error instanceof ApiError)) setOffline(true);
      else if (error.code === "draft-changed") await read();
      else toast.error(describeError(error));
      return undefined;
    } finally {
      sending.current = undefined;
    }
  };
  /** Whoever asks for what is under way already waits for that. */
  const send = async (text: string, revision: number) => {
    const before = sending.current;
    if (before) return before.text === text ? before.done : undefined;
    const done = sendNow(text, revision);
    sending.current = { text, done };
    return done;
  };
  return { send, isSaving: save.isPending, isOffline };
}

interface Autosave {
  readonly isDue: boolean;
  readonly text: string;
  readonly isOffline: boolean;
  readonly save: () => void;
}

/** Saves when work rests, when the page is hidden or left, and again and again while there is no connection. */
function useAutosave({ isDue, text, isOffline, save }: Autosave): void {
  const onDue = useEffectEvent(save);
  useEffect(() => {
    if (!isDue) return undefined;
    const now = () => onDue();
    const timer = setTimeout(now, isOffline ? TRY_AGAIN_MS : SAVE_AFTER_MS);
    const onHide = () => document.visibilityState === "hidden" && now();
    document.addEventListener("visibilitychange", onHide);
    addEventListener("online", now);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", onHide);
      removeEventListener("online", now);
    };
    // Every key stroke begins the rest anew.
    // oxlint-disable-next-line react/exhaustive-effect-dependencies
  }, [isDue, text, isOffline]);
}
