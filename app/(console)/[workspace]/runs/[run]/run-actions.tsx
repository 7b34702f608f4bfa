"use client";
import { Ban, Pause, Play } from "#/app/_ui/icons.tsx";
import { useState } from "react";
import { toast } from "#/app/_ui/toast.ts";
import type { Run } from "#/operations/runs/contract.ts";
import { describeError } from "#/app/_ui/api-error.ts";
import { Button } from "#/app/_ui/button.tsx";
import { ConfirmDialog } from "#/app/_ui/confirm-dialog.tsx";
import { useCommands } from "../../_command/bar-store.ts";
import { useRunAction } from "../../_data/runs.ts";

interface RunActionsProps {
  readonly run: Run;
  readonly onChanged: (run: Run) => void;
}

/** Offers what can be done with a run that has not ended. */
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
          changed.status === "paused" ? "Run paused" : "The run will pause when the current step finishes",
        );
      },
      onError: (error) => toast.error(describeError(error)),
    });
  useCommands([{ id: "pause", label: "Pause this run", picture: Pause, needs: "runs:cancel", act: onPause }]);
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
        toast.success("Run resumed");
      },
      onError: (error) => toast.error(describeError(error)),
    });
  useCommands([
    { id: "resume", label: "Resume this run", picture: Play, needs: "runs:cancel", act: onResume },
  ]);
  return (
    <Button variant="primary" pending={resume.isPending} onClick={onResume}>
      <Play aria-hidden /> Resume
    </Button>
  );
}

function CancelButton({ run, onChanged }: RunActionsProps) {
  const [asking, setAsking] = useState(false);
  const cancel = useRunAction(run.id, "cancel");
  const ask = () => setAsking(true);
  useCommands([
    {
      id: "cancel",
      label: "Cancel this run",
      picture: Ban,
      words: "stop end",
      needs: "runs:cancel",
      act: ask,
    },
  ]);
  const confirm = () =>
    cancel.mutate(undefined, {
      onSuccess: (changed) => {
        onChanged(changed);
        toast.success("Run cancelled");
      },
      onError: (error) => toast.error(describeError(error)),
      onSettled: () => setAsking(false),
    });
  return (
    <>
      <Button variant="danger" onClick={ask}>
        <Ban aria-hidden /> Cancel run
      </Button>
      <ConfirmDialog
        open={asking}
        onClose={() => setAsking(false)}
        title="Cancel this run?"
        description="It ends immediately, along with its child runs; a model call in progress is stopped. You can continue from its last checkpoint in a new run."
        action="Cancel run"
        dismiss="Keep running"
        pending={cancel.isPending}
        onConfirm={confirm}
      />
    </>
  );
}
