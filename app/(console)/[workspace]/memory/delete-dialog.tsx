"use client";
import { describeError } from "#/app/_ui/api-error.ts";
import { ConfirmDialog } from "#/app/_ui/confirm-dialog.tsx";
import { toast } from "#/app/_ui/toast.ts";
import type { Memory } from "#/operations/memories/contract.ts";
import { useDeleteMemory } from "../_data/memories.ts";

interface DeleteDialogProps {
  readonly memory: Memory | undefined;
  readonly onClose: () => void;
}

/** Asks before a fact is deleted. */
export function DeleteDialog({ memory, onClose }: DeleteDialogProps) {
  const remove = useDeleteMemory();
  const confirm = () => {
    if (!memory) return;
    remove.mutate(memory.id, {
      onSuccess: () => toast.success("Deleted"),
      onError: (error) => toast.error(describeError(error)),
      onSettled: onClose,
    });
  };
  return (
    <ConfirmDialog
      open={memory !== undefined}
      onClose={onClose}
      title="Delete this fact?"
      description={`No agent will be told “${memory?.text ?? ""}” any more. Logs of runs keep what they say.`}
      action="Delete"
      pending={remove.isPending}
      onConfirm={confirm}
    />
  );
}
