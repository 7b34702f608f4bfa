"use client";
import { useForgetSubject } from "../_data/memories.ts";
import { Notice } from "#/app/_ui/notice.tsx";
import { toast } from "#/app/_ui/toast.ts";
import { Form } from "#/app/_ui/form.tsx";
import { Field, Input } from "#/app/_ui/field.tsx";
import { useState } from "react";
import { Dialog, DialogActions } from "#/app/_ui/dialog.tsx";
import { Button } from "#/app/_ui/button.tsx";
import { describeError } from "#/app/_ui/api-error.ts";

interface ForgetDialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
}

/** Deletes everything that is remembered of one person or conversation. */
export function ForgetDialog({ open, onClose }: ForgetDialogProps) {
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title="Forget somebody"
      description="Deletes everything that is remembered under a key, in all workflows, also what is out of date. This cannot be undone. Logs of runs keep what they say."
    >
      <ForgetForm onClose={onClose} />
    </Dialog>
  );
}

function ForgetForm({ onClose }: Pick<ForgetDialogProps, "onClose">) {
  const [subject, setSubject] = useState("");
  const forget = useForgetSubject();
  const submit = () =>
    forget.mutate(subject.trim(), {
      onSuccess: ({ deleted }) => {
        toast.success(deleted === 1 ? "1 fact is deleted" : `${deleted} facts are deleted`);
        onClose();
      },
    });
  return (
    <Form onSubmit={submit} className="flex flex-col gap-3.5">
      <Field label="Key" hint="The person or the conversation, exactly as it stands beside the facts.">
        {(wiring) => (
          <Input
            {...wiring}
            autoComplete="off"
            maxLength={200}
            value={subject}
            onChange={({ target }) => setSubject(target.value)}
          />
        )}
      </Field>
      {forget.error && (
        <Notice tone="bad" title="Couldn’t delete all of it">
          {describeError(forget.error)}
        </Notice>
      )}
      <DialogActions>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="danger" pending={forget.isPending} disabled={subject.trim() === ""}>
          Delete everything
        </Button>
      </DialogActions>
    </Form>
  );
}
