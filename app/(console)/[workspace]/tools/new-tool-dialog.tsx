"use client";
import { useRouter } from "next/navigation";
import { Dialog } from "#/app/_ui/dialog.tsx";
import { useCreateTool } from "../_data/tools.ts";
import { useWorkspacePath } from "../_shell/workspace-context.tsx";
import { EMPTY_TOOL } from "./tool-draft.ts";
import { ToolForm } from "./tool-form.tsx";

interface NewToolDialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
}

/** Declares a request to a server as a tool. */
export function NewToolDialog({ open, onClose }: NewToolDialogProps) {
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title="New HTTP tool"
      description="A request that agents can send, with arguments of theirs and credentials of yours."
    >
      <NewToolForm onClose={onClose} />
    </Dialog>
  );
}

function NewToolForm({ onClose }: Pick<NewToolDialogProps, "onClose">) {
  const router = useRouter();
  const path = useWorkspacePath();
  const { mutate, isPending, error } = useCreateTool();
  return (
    <ToolForm
      initial={EMPTY_TOOL}
      action="Create"
      pending={isPending}
      error={error}
      onCancel={onClose}
      onSubmit={(tool) =>
        mutate(tool, {
          onSuccess: ({ name }) => {
            onClose();
            router.push(path("tools", name));
          },
        })
      }
    />
  );
}
