import { useEffect, useState } from "react";
import { toast } from "#/app/_ui/toast.ts";
import * as v from "valibot";
import type { Workflow } from "#/operations/workflows/contract.ts";
import { describeError } from "#/app/_ui/api-error.ts";
import { ApiError } from "#/sdk/client/api-error.ts";
import { useKept } from "#/app/_ui/use-kept.ts";
import { useReadWorkflow, useSaveWorkflow } from "../../_data/workflows.ts";

/** A saved draft, as far as the editor knows it. */
interface SavedDraft {
  readonly text: string;
  readonly revision: number;
}

const Kept = v.object({ text: v.string(), revision: v.number() });

const savedIn = ({ draftText, revision }: Workflow): SavedDraft => ({ text: draftText, revision });

/**
 * The text in the editor and the saved draft that it was made from. What is not saved stays in the browser when the page is left; what somebody else has
 * saved meanwhile is shown as a conflict and not overwritten.
 */
export function useDraft(workflow: Workflow) {
  const [text, setText] = useState(workflow.draftText);
  const [base, setBase] = useState(() => savedIn(workflow));
  const [isRestored, setRestored] = useState(false);
  const unsaved = text !== base.text;
  const load = (saved: SavedDraft) => {
    setText(saved.text);
    setBase(saved);
    setRestored(false);
  };
  // A newer draft takes the place of an older one on which nobody has written.
  if (!unsaved && workflow.revision > base.revision) load(savedIn(workflow));
  useKept(`workflow-${workflow.id}`, unsaved ? { text, revision: base.revision } : undefined, (found) => {
    const kept = v.safeParse(Kept, found);
    if (!kept.success || kept.output.text === workflow.draftText) return;
    setText(kept.output.text);
    setBase({ text: workflow.draftText, revision: kept.output.revision });
    setRestored(true);
  });
  useLeaveWarning(unsaved);
  const conflict = unsaved && workflow.revision > base.revision ? workflow : undefined;
  const saving = useSaving(workflow.id, (saved) => setBase(savedIn(saved)));
  /** @param over the revision to replace; that of the saved draft unless people choose to replace a newer one */
  const save = async (over = base.revision) => unsaved && (await saving.save(text, over));
  return {
    text,
    setText,
    unsaved,
    isRestored: isRestored && unsaved,
    conflict,
    save,
    isSaving: saving.isSaving,
    loadSaved: () => load(savedIn(workflow)),
  };
}

/** Saves a text over a revision. @returns whether it is saved; a newer draft is read, and shows as a conflict */
function useSaving(workflowId: string, onSaved: (workflow: Workflow) => void) {
  const save = useSaveWorkflow(workflowId);
  const read = useReadWorkflow(workflowId);
  const send = async (text: string, revision: number) => {
    if (save.isPending) return false;
    try {
      onSaved(await save.mutateAsync({ definition: text, revision }));
      return true;
    } catch (error) {
      if (error instanceof ApiError && error.code === "draft-changed") await read();
      else toast.error(describeError(error));
      return false;
    }
  };
  return { save: send, isSaving: save.isPending };
}

/** Asks before the tab is closed with unsaved text. */
function useLeaveWarning(unsaved: boolean): void {
  useEffect(() => {
    if (!unsaved) return undefined;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", warn);
    return () => removeEventListener("beforeunload", warn);
  }, [unsaved]);
}
