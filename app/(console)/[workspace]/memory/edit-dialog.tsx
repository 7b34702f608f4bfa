"use client";
import { useState } from "react";
import { describeError } from "#/app/_ui/api-error.ts";
import { Button } from "#/app/_ui/button.tsx";
import { Dialog, DialogActions } from "#/app/_ui/dialog.tsx";
import { Field, Input, TextArea } from "#/app/_ui/field.tsx";
import { Form } from "#/app/_ui/form.tsx";
import { Notice } from "#/app/_ui/notice.tsx";
import { toast } from "#/app/_ui/toast.ts";
import type { Memory } from "#/operations/memories/contract.ts";
import { useUpdateMemory } from "../_data/memories.ts";

interface EditDialogProps {
  readonly memory: Memory | undefined;
  readonly onClose: () => void;
}

/** Corrects a fact. */
export function EditDialog({ memory, onClose }: EditDialogProps) {
  return (
    <Dialog open={memory !== undefined} onClose={onClose} title="Edit fact">
      {memory && <EditForm key={memory.id} memory={memory} onClose={onClose} />}
    </Dialog>
  );
}

function EditForm({ memory, onClose }: { readonly memory: Memory; readonly onClose: () => void }) {
  const [text, setText] = useState(memory.text);
  const [importance, setImportance] = useState(String(memory.importance));
  const update = useUpdateMemory();
  const submit = () =>
    update.mutate(
      { id: memory.id, text: text.trim(), importance: Number(importance) },
      {
        onSuccess: () => {
          toast.success("Saved");
          onClose();
        },
      },
    );
  return (
    <Form onSubmit={submit} className="flex flex-col gap-3.5">
      <Field label="Fact" hint="One sentence that can be understood by itself.">
        {(wiring) => (
          <TextArea
            {...wiring}
            className="min-h-24"
            maxLength={2000}
            value={text}
            onChange={({ target }) => setText(target.value)}
          />
        )}
      </Field>
      <Field label="Importance" hint="From 1 to 10. Facts of 9 and 10 are told whatever is asked.">
        {(wiring) => (
          <Input
            {...wiring}
            type="number"
            min={1}
            max={10}
            required
            value={importance}
            onChange={({ target }) => setImportance(target.value)}
          />
        )}
      </Field>
      {update.error && (
        <Notice tone="bad" title="Couldn’t save it">
          {describeError(update.error)}
        </Notice>
      )}
      <DialogActions>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" pending={update.isPending} disabled={text.trim() === ""}>
          Save
        </Button>
      </DialogActions>
    </Form>
  );
}
