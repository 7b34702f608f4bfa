"use client";
import { toast } from "#/app/_ui/toast.ts";
import type { ApiKey } from "#/operations/api-keys/contract.ts";
import { describeError } from "#/app/_ui/api-error.ts";
import { ConfirmDialog } from "#/app/_ui/confirm-dialog.tsx";
import { useRevokeApiKey } from "../../_data/api-keys.ts";

interface RevokeKeyDialogProps {
  /** Open while there is one. */
  readonly apiKey: ApiKey | undefined;
  readonly onClose: () => void;
}

export function RevokeKeyDialog({ apiKey, onClose }: RevokeKeyDialogProps) {
  const revoke = useRevokeApiKey();
  const confirm = () => {
    if (apiKey)
      revoke.mutate(apiKey.id, {
        onSuccess: () => toast.success("Key revoked"),
        onError: (error) => toast.error(describeError(error)),
        onSettled: onClose,
      });
  };
  return (
    <ConfirmDialog
      open={apiKey !== undefined}
      onClose={onClose}
      title={`Revoke “${apiKey?.name ?? "the key"}”?`}
      description="Requests that use it will be refused. This can’t be undone."
      action="Revoke"
      pending={revoke.isPending}
      onConfirm={confirm}
    />
  );
}
