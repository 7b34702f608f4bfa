"use client";
import type { PiledStone } from "#/app/_ui/stone-pile.tsx";
import { useApprovals } from "../_data/approvals.ts";
import { useWorkspacePath } from "../_shell/workspace-context.tsx";
import { hasLetGoOn, isOfRealRun } from "./real-approvals.ts";
import { StepLink, StepRow } from "./step-row.tsx";

const TITLE = "Approve the run waiting for you";

/** The step of deciding, done once somebody has let a run go on. */
export function ApproveStep({ state }: { readonly state: PiledStone }) {
  const path = useWorkspacePath();
  const open = useApprovals("open").data?.items.find(isOfRealRun);
  const decided = useApprovals("decided").data?.items.find(hasLetGoOn);
  if (decided)
    return (
      <StepRow title={TITLE} state={state}>
        <StepLink href={path("runs", decided.runId)}>View the result</StepLink>
      </StepRow>
    );
  const act = open && (
    <StepLink href={path("runs", open.runId)} isHere={state === "here"}>
      Review<span className="sr-only"> and decide</span>
    </StepLink>
  );
  return (
    <StepRow title={TITLE} state={state} act={act}>
      {open
        ? "A workflow has researched a question in the sample documents. Decide whether it continues."
        : "A run that asks waits here, and in the inbox."}
    </StepRow>
  );
}
