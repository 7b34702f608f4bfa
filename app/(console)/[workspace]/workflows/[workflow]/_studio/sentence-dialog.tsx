"use client";
import { ReactFlowProvider } from "@xyflow/react";
import { useState } from "react";
import { readDraftedChange } from "#/agents/definition/drafting/drafted-operations.ts";
import type { Operation } from "#/agents/definition/edit/operations.ts";
import { Button } from "#/app/_ui/button.tsx";
import { Dialog, DialogActions } from "#/app/_ui/dialog.tsx";
import { keep } from "#/app/_ui/kept-draft.ts";
import { Notice } from "#/app/_ui/notice.tsx";
import { useKept } from "#/app/_ui/use-kept.ts";
import type { DraftedDefinition } from "#/operations/definitions/contract.ts";
import { DraftOrigin } from "../../../_sentence/draft-origin.tsx";
import { SentenceForm } from "../../../_sentence/sentence-form.tsx";
import { useDrafting } from "../../../_sentence/use-drafting.ts";
import { CanvasChanges } from "../_publish/canvas-changes.tsx";

interface SentenceDialogProps {
  readonly workflowId: string;
  /** The draft as it is now, saved or not. */
  readonly text: string;
  /** Does all of them as one step of the history. @returns whether they could be done */
  readonly onAccept: (operations: readonly Operation[]) => boolean;
  readonly onClose: () => void;
}

/** Changes the draft by a sentence: what a model makes of it is shown as changes of the graph, and is done when it is accepted. */
export function SentenceDialog({ workflowId, text, onAccept, onClose }: SentenceDialogProps) {
  const [sentence, setSentence] = useState("");
  useKept(`sentence-${workflowId}`, sentence === "" ? undefined : sentence, (kept) => {
    if (typeof kept === "string") setSentence(kept);
  });
  // What the model is shown is what its changes are compared with, whatever becomes of the draft meanwhile.
  const [before, setBefore] = useState(text);
  const { ask, drafted, clear, ...standing } = useDrafting();
  const close = () => {
    clear();
    onClose();
  };
  const accept = (operations: readonly Operation[]) => {
    if (!onAccept(operations)) return;
    // The window is gone before it could forget it by itself.
    keep(`sentence-${workflowId}`, undefined);
    close();
  };
  return (
    <Dialog
      open
      wide
      onClose={close}
      title="Change by a sentence"
      description="A model changes a copy of the draft. You see what it would change, and accept it or not."
    >
      <SentenceForm
        {...standing}
        label="What should be different?"
        example="Ask me before the mail goes out, and try the call three times when it fails"
        action={drafted ? "Draft again" : "Draft the change"}
        sentence={sentence}
        onSentence={setSentence}
        onAsk={() => {
          setBefore(text);
          ask({ sentence, definition: text, workflow: workflowId });
        }}
        onStop={clear}
      />
      {drafted && (
        <Proposal
          key={drafted.definition}
          drafted={drafted}
          before={before}
          hasChanged={before !== text}
          onAccept={accept}
          onDiscard={clear}
        />
      )}
    </Dialog>
  );
}

interface ProposalProps {
  readonly drafted: DraftedDefinition;
  readonly before: string;
  /** True if the draft is another one by now. */
  readonly hasChanged: boolean;
  readonly onAccept: (operations: readonly Operation[]) => void;
  readonly onDiscard: () => void;
}

function Proposal({ drafted, before, hasChanged, onAccept, onDiscard }: ProposalProps) {
  const read = readDraftedChange(drafted);
  const meetings = drafted.problems.filter(({ code }) => code === "rule-of-two");
  return (
    <section aria-label="Proposed change" className="mt-4 flex flex-col gap-3 border-t border-line pt-4">
      <div ref={focusOnce} tabIndex={-1} className="flex flex-col gap-3 rounded-sm">
        <DraftOrigin drafted={drafted} />
      </div>
      {/* A canvas of its own: the dialog stands inside that of the studio, and would draw the draft. */}
      <ReactFlowProvider>
        <CanvasChanges before={before} after={drafted.definition} meetings={meetings} />
      </ReactFlowProvider>
      {hasChanged && (
        <Notice tone="info" title="The draft has changed meanwhile">
          Accept does the same to the draft as it is now.
        </Notice>
      )}
      <DialogActions>
        <Button onClick={onDiscard}>Discard</Button>
        <Button
          variant="primary"
          disabled={!("change" in read)}
          onClick={() => "change" in read && onAccept(read.change.operations)}
        >
          Accept
        </Button>
      </DialogActions>
    </section>
  );
}

/** Whoever cannot see that a proposal has come is taken to it. */
function focusOnce(element: HTMLElement | null): void {
  element?.focus();
}
