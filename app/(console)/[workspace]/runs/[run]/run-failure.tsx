"use client";
import { RotateCw } from "lucide-react";
import { useRouter } from "next/navigation";
import { toast } from "sonner";
import type { Run, RunError } from "#/app/api/v1/runs/contract.ts";
import { messageOf } from "#/app/_ui/api-error.ts";
import { Button } from "#/app/_ui/button.tsx";
import { Notice } from "#/app/_ui/notice.tsx";
import { useForkRun } from "../../_data/forks.ts";
import { useWorkspacePath } from "../../_shell/workspace-context.tsx";

interface RunFailureProps {
  readonly run: Run;
  readonly error: RunError;
}

/** What is a part of another run is retried with that one. */
const RETRYABLE: ReadonlySet<string> = new Set(["failed", "timed_out", "cancelled"]);

/** Why a run ended badly, or is being tried again, and what can be done. */
export function RunFailure({ run, error }: RunFailureProps) {
  const router = useRouter();
  const path = useWorkspacePath();
  const retry = useForkRun(run.id, "retry");
  const canRetry = RETRYABLE.has(run.status) && run.parentId === null;
  const onRetry = () =>
    retry.mutate(undefined, {
      onSuccess: ({ id }) => {
        toast.success("A new run goes on from the last checkpoint");
        router.push(path("runs", id));
      },
      onError: (refusal) => toast.error(messageOf(refusal)),
    });
  const button = (
    <Button pending={retry.isPending} onClick={onRetry}>
      <RotateCw aria-hidden /> {run.status === "cancelled" ? "Go on from the last checkpoint" : "Retry from the last checkpoint"}
    </Button>
  );
  return (
    <Notice tone={run.status === "failed" || run.status === "timed_out" ? "bad" : "warn"} title={titleOf(run, error)} actions={canRetry && button}>
      {error.message}
      {canRetry && <p className="mt-1 text-muted-foreground">What has finished is taken over into the new run and not paid for again.</p>}
    </Notice>
  );
}

const WHAT_HAPPENED: Readonly<Record<string, string>> = { retrying: "did not work and is tried again", timed_out: "took too long" };

function titleOf({ status }: Run, { step }: RunError): string {
  if (status === "cancelled") return "The run was cancelled";
  const where = step === undefined ? "The run" : `Step “${step}”`;
  const what = WHAT_HAPPENED[status] ?? "failed";
  return `${where} ${what}`;
}
