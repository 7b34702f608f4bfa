"use client";
import { describeError } from "#/app/_ui/api-error.ts";
import { ConfirmDialog } from "#/app/_ui/confirm-dialog.tsx";
import { toast } from "#/app/_ui/toast.ts";
import type { Connection } from "#/operations/connections/contract.ts";
import { useConnectionUses, useDeleteConnection } from "../../_data/connections.ts";

interface DeleteConnectionDialogProps {
  /** Open while there is one. */
  readonly connection: Connection | undefined;
  readonly onClose: () => void;
}

/** Asks before a connection is deleted, and says which workflows will miss it. */
export function DeleteConnectionDialog({ connection, onClose }: DeleteConnectionDialogProps) {
  const deletion = useDeleteConnection();
  const { data } = useConnectionUses(connection?.id);
  const confirm = () => {
    if (connection)
      deletion.mutate(connection.id, {
        onSuccess: () => toast.success("Connection deleted"),
        onError: (error) => toast.error(describeError(error)),
        onSettled: onClose,
      });
  };
  return (
    <ConfirmDialog
      open={connection !== undefined}
      onClose={onClose}
      title={`Delete ${connection?.name ?? "the connection"}?`}
      description={`${usesText(data?.usedBy)} Its key can’t be recovered.`}
      action="Delete"
      pending={deletion.isPending}
      onConfirm={confirm}
    />
  );
}

const LISTED = 5;

function usesText(usedBy: readonly { readonly name: string }[] | undefined): string {
  if (usedBy === undefined) return "Steps that use it will fail.";
  if (usedBy.length === 0) return "No workflow uses it.";
  const names = usedBy.slice(0, LISTED).map(({ name }) => `“${name}”`);
  const more = usedBy.length > LISTED ? ` and ${usedBy.length - LISTED} more` : "";
  return `Steps of ${names.join(", ")}${more} use it and will fail.`;
}
