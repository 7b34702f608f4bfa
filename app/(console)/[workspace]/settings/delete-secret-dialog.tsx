"use client";
import { toast } from "#/app/_ui/toast.ts";
import type { Secret } from "#/operations/secrets/contract.ts";
import { describeError } from "#/app/_ui/api-error.ts";
import { ConfirmDialog } from "#/app/_ui/confirm-dialog.tsx";
import { useDeleteSecret } from "../_data/secrets.ts";

interface DeleteSecretDialogProps {
  /** Open while there is one. */
  readonly secret: Secret | undefined;
  readonly onClose: () => void;
}

export function DeleteSecretDialog({ secret, onClose }: DeleteSecretDialogProps) {
  const deletion = useDeleteSecret();
  const confirm = () => {
    if (secret)
      deletion.mutate(secret.name, {
        onSuccess: () => toast.success("Secret deleted"),
        onError: (error) => toast.error(describeError(error)),
        onSettled: onClose,
      });
  };
  return (
    <ConfirmDialog
      open={secret !== undefined}
      onClose={onClose}
      title={`Delete ${secret?.name ?? "the secret"}?`}
      description="Steps that use it will fail. The value can’t be recovered."
      action="Delete"
      pending={deletion.isPending}
      onConfirm={confirm}
    />
  );
}
