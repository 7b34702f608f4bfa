"use client";
import { Ban, Pause, Play } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import type { Run } from "#/operations/runs/contract.ts";
import { messageOf } from "#/app/_ui/api-error.ts";
import { Button } from "#/app/_ui/button.tsx";
import { ConfirmDialog } from "#/app/_ui/confirm-dialog.tsx";
import { useRunAction } from "../../_data/runs.ts";

interface RunActionsProps {
  readonly run: Run;
  readonly onChanged: (run: Run) => void;
}

/** What can be done with a run that has not ended. */
export function RunActions({ run, onChanged }: RunActionsProps) {
  return (
    <div className="flex flex-wrap items-center gap-2">
      {run.status === "paused" ? (
        <ResumeButton run={run} onChanged={onChanged} />
      ) : (
        <PauseButton run={run} onChanged={onChanged} />
      )}
      <CancelButton run={run} onChanged={onChanged} />
    </div>
  );
}

function PauseButton({ run, onChanged }: RunActionsProps) {
  const pause = useRunAction(run.id, "pause");
  const onPause = () =>
    pause.mutate(undefined, {
      onSuccess: (changed) => {
        onChanged(changed);
        toast.success(
          changed.status === "paused" ? "The run is paused" : "The run pauses when the step at work is done",
        );
      },
      onError: (error) => toast.error(messageOf(error)),
    });
  return (
    <Button pending={pause.isPending} onClick={onPause}>
      <Pause aria-hidden /> Pause
    </Button>
  );
}

function ResumeButton({ run, onChanged }: RunActionsProps) {
  const resume = useRunAction(run.id, "resume");
  const onResume = () =>
    resume.mutate(undefined, {
      onSuccess: (changed) => {
        onChanged(changed);
        toast.success("The run goes on");
      },
      onError: (error) => toast.error(messageOf(error)),
    });
  return (
    <Button variant="primary" pending={resume.isPending} onClick={onResume}>
      <Play aria-hidden /> Resume
    </Button>
  );
}

function CancelButton({ run, onChanged }: RunActionsProps) {
  const [asking, setAsking] = useState(false);
  const cancel = useRunAction(run.id, "cancel");
  const confirm = () =>
    cancel.mutate(undefined, {
      onSuccess: (changed) => {
        onChanged(changed);
        toast.success("The run is cancelled");
      },
      onError: (error) => toast.error(messageOf(error)),
      onSettled: () => setAsking(false),
    });
  return (
    <>
      <Button variant="danger" onClick={() => setAsking(true)}>
        <Ban aria-hidden /> Cancel run
      </Button>
      <ConfirmDialog
        open={asking}
        onClose={() => setAsking(false)}
        title="Cancel this run?"
        description="It ends at once, with all that it has started; a model call under way is stopped. A new run can go on from its last checkpoint."
        action="Cancel the run"
        pending={cancel.isPending}
        onConfirm={confirm}
      />
    </>
  );
}
