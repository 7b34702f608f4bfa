"use client";
import Link from "next/link";
import { useState } from "react";
import { isEnded, isUnsuccessful } from "#/agents/vocabulary/run.ts";
import { describeError } from "#/app/_ui/api-error.ts";
import { Button, buttonLook } from "#/app/_ui/button.tsx";
import { ConfirmDialog } from "#/app/_ui/confirm-dialog.tsx";
import { Ban, RotateCw } from "#/app/_ui/icons.tsx";
import { toast } from "#/app/_ui/toast.ts";
import type { RunSummary } from "#/operations/runs/contract.ts";
import { useBulk } from "../../_data/runs.ts";
import { useWorkspacePath } from "../../_shell/workspace-context.tsx";

interface BulkBarProps {
  readonly runs: readonly RunSummary[];
  readonly onDone: () => void;
}

/** Offers actions on the runs that are marked. Each button says to how many of them it applies. */
export function BulkBar({ runs, onDone }: BulkBarProps) {
  const [asking, setAsking] = useState(false);
  const cancel = useBulk("cancel");
  const retry = useBulk("retry");
  const open = runs.filter(({ status }) => !isEnded(status)).map(({ id }) => id);
  const failed = runs
    .filter(({ status, parentId }) => isUnsuccessful(status) && parentId === null)
    .map(({ id }) => id);
  const path = useWorkspacePath();
  // The list has the newest first.
  const [other, one] = runs.length === 2 ? runs : [];
  const run = (action: typeof cancel, ids: readonly string[], word: string) =>
    action.mutate(ids, {
      onSuccess: (refused) => {
        toast.success(`${ids.length - refused} ${word}${refused > 0 ? `, ${refused} could not be` : ""}`);
        onDone();
      },
      onError: (error) => toast.error(describeError(error)),
      onSettled: () => setAsking(false),
    });
  return (
    <div
      role="toolbar"
      aria-label="Marked runs"
      className="sticky bottom-2 z-20 mx-4 my-2 flex flex-wrap items-center gap-2 rounded-lg border border-line bg-raised px-3 py-2 shadow-high max-md:bottom-16 md:mx-6"
    >
      <span className="mr-auto font-medium">{`${runs.length} marked`}</span>
      <Button
        disabled={failed.length === 0}
        pending={retry.isPending}
        onClick={() => run(retry, failed, "retried")}
      >
        <RotateCw aria-hidden /> {`Retry ${failed.length}`}
      </Button>
      <Button variant="danger" disabled={open.length === 0} onClick={() => setAsking(true)}>
        <Ban aria-hidden /> {`Cancel ${open.length}`}
      </Button>
      {one && other && (
        <Link href={`${path("runs", one.id, "compare")}?with=${other.id}`} className={buttonLook()}>
          Compare
        </Link>
      )}
      <Button variant="ghost" onClick={onDone}>
        Unmark all
      </Button>
      <ConfirmDialog
        open={asking}
        onClose={() => setAsking(false)}
        title={`Cancel ${open.length} runs?`}
        description="They end immediately, along with their child runs. Each can be continued from its last checkpoint in a new run."
        action="Cancel runs"
        dismiss="Keep running"
        pending={cancel.isPending}
        onConfirm={() => run(cancel, open, "cancelled")}
      />
    </div>
  );
}
