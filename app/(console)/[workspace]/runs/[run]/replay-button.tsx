"use client";
import { RotateCcw } from "#/app/_ui/icons.tsx";
import { useRouter } from "next/navigation";
import { toast } from "#/app/_ui/toast.ts";
import type { Run } from "#/operations/runs/contract.ts";
import { describeError } from "#/app/_ui/api-error.ts";
import { Button } from "#/app/_ui/button.tsx";
import { useCommands } from "../../_command/bar-store.ts";
import { useReplayRun } from "../../_data/forks.ts";
import { useWorkspacePath } from "../../_shell/workspace-context.tsx";

/** Does an ended run anew, with the same input and version. */
export function ReplayButton({ run }: { readonly run: Run }) {
  const router = useRouter();
  const path = useWorkspacePath();
  const replay = useReplayRun(run.id);
  const onReplay = () =>
    replay.mutate(undefined, {
      onSuccess: ({ id }) => {
        toast.success("New run started with the same input");
        router.push(path("runs", id));
      },
      onError: (error) => toast.error(describeError(error)),
    });
  useCommands([
    {
      id: "again",
      label: "Run again with the same input",
      picture: RotateCcw,
      words: "replay repeat",
      needs: "runs:start",
      act: onReplay,
    },
  ]);
  return (
    <Button pending={replay.isPending || replay.isSuccess} onClick={onReplay}>
      <RotateCcw aria-hidden /> Run again
    </Button>
  );
}
