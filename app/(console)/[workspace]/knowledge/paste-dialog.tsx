"use client";
import { useState } from "react";
import { toast } from "#/app/_ui/toast.ts";
import { describeError } from "#/app/_ui/api-error.ts";
import { Button } from "#/app/_ui/button.tsx";
import { Dialog, DialogActions } from "#/app/_ui/dialog.tsx";
import { Field, Input, TextArea } from "#/app/_ui/field.tsx";
import { Form } from "#/app/_ui/form.tsx";
import { Notice } from "#/app/_ui/notice.tsx";
import { useAddText } from "../_data/documents.ts";

interface PasteDialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
}

export function PasteDialog({ open, onClose }: PasteDialogProps) {
  return (
    <Dialog open={open} onClose={onClose} title="Add text" wide>
      <PasteForm onClose={onClose} />
    </Dialog>
  );
}

function PasteForm({ onClose }: { readonly onClose: () => void }) {
  const [name, setName] = useState("");
  const [text, setText] = useState("");
  const add = useAddText();
  const submit = () =>
    add.mutate(
      { name: name.trim(), text },
      {
        onSuccess: () => {
          toast.success("Document added");
          onClose();
        },
      },
    );
  return (
    <Form onSubmit={submit} className="flex flex-col gap-3.5">
      <Field label="Name" hint="Shown in citations.">
        {(wiring) => (
          <Input
            {...wiring}
            value={name}
            placeholder="notes.md"
            onChange={({ target }) => setName(target.value)}
          />
        )}
      </Field>
      <Field label="Text">
        {(wiring) => (
          <TextArea
            {...wiring}
            className="min-h-48"
            value={text}
            onChange={({ target }) => setText(target.value)}
          />
        )}
      </Field>
      {add.error && (
        <Notice tone="bad" title="Couldn’t add the document">
          {describeError(add.error)}
        </Notice>
      )}
      <DialogActions>
        <Button onClick={onClose}>Cancel</Button>
        <Button
          type="submit"
          variant="primary"
          pending={add.isPending}
          disabled={name.trim() === "" || text.trim() === ""}
        >
          Add document
        </Button>
      </DialogActions>
    </Form>
  );
}
