"use client";
import { useState } from "react";
import { toast } from "#/app/_ui/toast.ts";
import type { Workflow } from "#/operations/workflows/contract.ts";
import { describeError } from "#/app/_ui/api-error.ts";
import { Button } from "#/app/_ui/button.tsx";
import { Dialog, DialogActions } from "#/app/_ui/dialog.tsx";
import { Field, Input } from "#/app/_ui/field.tsx";
import { Form } from "#/app/_ui/form.tsx";
import { useSaveWorkflow } from "../../_data/workflows.ts";

interface RenameDialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly workflow: Workflow;
}

export function RenameDialog({ open, onClose, workflow }: RenameDialogProps) {
  return (
    <Dialog open={open} onClose={onClose} title="Rename workflow">
      <NameForm workflow={workflow} onClose={onClose} />
    </Dialog>
  );
}

function NameForm({ workflow, onClose }: Omit<RenameDialogProps, "open">) {
  const [name, setName] = useState(workflow.name);
  const save = useSaveWorkflow(workflow.id);
  const submit = () =>
    save.mutate(
      { name },
      {
        onSuccess: () => {
          toast.success("Renamed");
          onClose();
        },
      },
    );
  return (
    <Form onSubmit={submit}>
      <Field label="Name" error={save.error ? describeError(save.error) : undefined}>
        {(wiring) => <Input {...wiring} value={name} onChange={({ target }) => setName(target.value)} />}
      </Field>
      <DialogActions>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" pending={save.isPending} disabled={name.trim() === ""}>
          Rename
        </Button>
      </DialogActions>
    </Form>
  );
}
