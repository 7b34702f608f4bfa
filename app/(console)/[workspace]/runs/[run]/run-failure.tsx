"use client";
import { RotateCw } from "lucide-react";
import { toast } from "sonner";
import type { Run, RunError } from "#/app/api/v1/runs/contract.ts";
import { messageOf } from "#/app/_ui/api-error.ts";
import { Button } from "#/app/_ui/button.tsx";
import { Notice } from "#/app/_ui/notice.tsx";
import { useRunAction } from "../../_data/runs.ts";

interface RunFailureProps {
  readonly run: Run;
  readonly error: RunError;
  readonly onChanged: (run: Run) => void;
}

/** Why a run ended badly, or is being tried again, and what can be done. */
export function RunFailure({ run, error, onChanged }: RunFailureProps) {
  const retry = useRunAction(run.id, "retry");
  const canRetry = run.status === "failed" || run.status === "timed_out";
  const onRetry = () =>
    retry.mutate(undefined, {
      onSuccess: (changed) => {
        onChanged(changed);
        toast.success("The run goes on from its last checkpoint");
      },
      onError: (refusal) => toast.error(messageOf(refusal)),
    });
  const button = (
    <Button pending={retry.isPending} onClick={onRetry}>
      <RotateCw aria-hidden /> Retry from the last checkpoint
    </Button>
  );
  return (
    <Notice tone={canRetry ? "bad" : "warn"} title={titleOf(run, error)} actions={canRetry && button}>
      {error.message}
      {canRetry && <p className="mt-1 text-muted-foreground">What has finished is kept and not paid for again.</p>}
    </Notice>
  );
}

function titleOf({ status }: Run, { step }: RunError): string {
  if (status === "cancelled") return "The run was cancelled";
  const where = step === undefined ? "The run" : `Step “${step}”`;
  return status === "retrying" ? `${where} did not work and is tried again` : `${where} failed`;
}
