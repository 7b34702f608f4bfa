"use client";
import { ArrowRight } from "#/app/_ui/icons.tsx";
import Link from "next/link";
import { buttonLook } from "#/app/_ui/button.tsx";
import { useApprovals } from "../../_data/approvals.ts";
import { useWorkspacePath } from "../../_shell/workspace-context.tsx";
import { hasLetGoOn, isOfRealRun } from "./real-approvals.ts";
import { ChecklistStep } from "./checklist-step.tsx";

/** Ticks itself once somebody has let a run go on. */
export function ApproveStep() {
  const path = useWorkspacePath();
  const open = useApprovals("open").data?.items.find(isOfRealRun);
  const decided = useApprovals("decided").data?.items.find(hasLetGoOn);
  if (decided) {
    return (
      <ChecklistStep title="Approve the run waiting for you" done>
        <Link
          href={path("runs", decided.runId)}
          className="font-medium text-primary underline underline-offset-2"
        >
          View the result
        </Link>
      </ChecklistStep>
    );
  }
  return (
    <ChecklistStep title="Approve the run waiting for you" done={false}>
      <p>
        A workflow has researched a question in the sample documents. Review what it found and decide whether
        it continues.
      </p>
      {open && (
        <Link href={path("runs", open.runId)} className={`${buttonLook({ variant: "primary" })} mt-2`}>
          Review and decide <ArrowRight aria-hidden />
        </Link>
      )}
    </ChecklistStep>
  );
}
