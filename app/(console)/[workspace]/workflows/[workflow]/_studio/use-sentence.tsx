import dynamic from "next/dynamic";
import { type ReactNode, useState } from "react";
import type { Operation } from "#/agents/definition/edit/operations.ts";

/** Comes when it is asked for. */
const SentenceDialog = dynamic(() => import("./sentence-dialog.tsx").then((module) => module.SentenceDialog));

interface Changed {
  readonly workflowId: string;
  readonly text: string;
  /** Does operations as one step of the history. @returns whether they could be done */
  readonly apply: (operations: readonly Operation[]) => boolean;
}

/** Asks for a sentence that changes the draft, when it is told to. */
export function useSentence({ workflowId, text, apply }: Changed): {
  readonly say: () => void;
  readonly dialog: ReactNode;
} {
  const [isOpen, setOpen] = useState(false);
  const dialog = isOpen && (
    <SentenceDialog workflowId={workflowId} text={text} onAccept={apply} onClose={() => setOpen(false)} />
  );
  return { say: () => setOpen(true), dialog };
}
