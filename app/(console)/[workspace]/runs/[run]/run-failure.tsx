"use client";
import { isUnsuccessful } from "#/agents/vocabulary/run.ts";
import { RotateCw } from "#/app/_ui/icons.tsx";
import { useRouter } from "next/navigation";
import { toast } from "#/app/_ui/toast.ts";
import type { Run, RunError } from "#/operations/runs/contract.ts";
import { describeError } from "#/app/_ui/api-error.ts";
import { Button } from "#/app/_ui/button.tsx";
import { Notice } from "#/app/_ui/notice.tsx";
import { useCommands } from "../../_command/bar-store.ts";
import { useRetryRun } from "../../_data/forks.ts";
import { useWorkspacePath } from "../../_shell/workspace-context.tsx";
import { isRefusedStart } from "./refused-start.ts";

interface RunFailureProps {
  readonly run: Run;
  readonly error: RunError;
  readonly titleOf: (step: string) => string;
}

/** Why a run ended badly, or is being tried again, and what can be done. */
export function RunFailure({ run, error, titleOf }: RunFailureProps) {
  const router = useRouter();
  const path = useWorkspacePath();
  const retry = useRetryRun(run.id);
  // A part of another run is retried with that one.
  const canRetry = isUnsuccessful(run.status) && run.parentId === null && !isRefusedStart(error);
  const hasCheckpoint = run.step > 0;
  const onRetry = () =>
    retry.mutate(undefined, {
      onSuccess: ({ id }) => {
        toast.success(hasCheckpoint ? "New run started from the last checkpoint" : "New run started");
        router.push(path("runs", id));
      },
      onError: (refusal) => toast.error(describeError(refusal)),
    });
  const label = nameRetry(run);
  useCommands(
    canRetry
      ? [
          {
            id: "retry",
            label,
            picture: RotateCw,
            words: "retry continue",
            needs: "runs:start",
            act: onRetry,
          },
        ]
      : [],
  );
  const button = (
    <Button pending={retry.isPending || retry.isSuccess} onClick={onRetry}>
      <RotateCw aria-hidden /> {label}
    </Button>
  );
  return (
    <Notice
      tone={run.status === "failed" || run.status === "timed_out" ? "bad" : "warn"}
      title={nameFailure(run, error, titleOf)}
      actions={canRetry && button}
    >
      {error.message}
      {canRetry && hasCheckpoint && (
        <p className="mt-1 text-muted-foreground">
          The new run reuses what has finished, so it isn’t paid for again.
        </p>
      )}
    </Notice>
  );
}

const FROM_CHECKPOINT: Readonly<Record<string, string>> = {
  cancelled: "Continue from the last checkpoint",
  failed: "Retry from the last checkpoint",
  timed_out: "Retry from the last checkpoint",
};

const nameRetry = ({ step, status }: Run): string =>
  (step > 0 && FROM_CHECKPOINT[status]) || "Retry from the start";

const WHAT_HAPPENED: Readonly<Record<string, string>> = {
  retrying: "failed and is being retried",
  timed_out: "took too long",
};

function nameFailure({ status }: Run, { step, code }: RunError, titleOf: RunFailureProps["titleOf"]): string {
  if (code === "rejected") return "The run was rejected";
  if (status === "cancelled") return "The run was cancelled";
  const where = step === undefined ? "The run" : titleOf(step);
  const what = WHAT_HAPPENED[status] ?? "failed";
  return `${where} ${what}`;
}
