"use client";
import { useState } from "react";
import { Button } from "#/app/_ui/button.tsx";
import { Dialog } from "#/app/_ui/dialog.tsx";
import { toast } from "#/app/_ui/toast.ts";
import type { Tool } from "#/operations/tools/contract.ts";
import { useUpdateTool } from "../../_data/tools.ts";
import { type DeclaredTool, toDraft } from "../tool-draft.ts";
import { ToolForm } from "../tool-form.tsx";

/** Changes what a declared tool sends, and what models read of it. */
export function EditTool({
  tool,
  request,
}: {
  readonly tool: Tool;
  readonly request: DeclaredTool["request"];
}) {
  const [editing, setEditing] = useState(false);
  const { mutate, isPending, error, reset } = useUpdateTool(tool.name);
  const close = () => (reset(), setEditing(false));
  return (
    <>
      <Button onClick={() => setEditing(true)}>Edit</Button>
      <Dialog
        open={editing}
        onClose={close}
        title={`Edit ${tool.name}`}
        description={
          tool.workflows.length > 0
            ? "Runs of workflows that were published with it wait until an admin accepts the change."
            : undefined
        }
      >
        <ToolForm
          initial={toDraft({ ...tool, request })}
          isNamed
          action="Save"
          pending={isPending}
          error={error}
          onCancel={close}
          onSubmit={({ name: _name, request: changed, ...head }) =>
            mutate(
              // Where each argument goes has no field of its own.
              { ...head, request: { ...changed, ...(request.places && { places: request.places }) } },
              {
                onSuccess: () => {
                  toast.success("Tool saved");
                  close();
                },
              },
            )
          }
        />
      </Dialog>
    </>
  );
}
