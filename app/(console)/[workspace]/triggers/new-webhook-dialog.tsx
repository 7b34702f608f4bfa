"use client";
import { useState } from "react";
import type { Priority } from "#/agents/vocabulary/run.ts";
import type { CreatedWebhook } from "#/operations/webhooks/contract.ts";
import { describeError } from "#/app/_ui/api-error.ts";
import { Button } from "#/app/_ui/button.tsx";
import { Dialog, DialogActions } from "#/app/_ui/dialog.tsx";
import { Field, Input } from "#/app/_ui/field.tsx";
import { Form } from "#/app/_ui/form.tsx";
import { Notice } from "#/app/_ui/notice.tsx";
import { useCreateWebhook } from "../_data/webhooks.ts";
import { PriorityField } from "../_start/priority-select.tsx";
import { WebhookCall } from "./webhook-call.tsx";
import { WorkflowSelect } from "./workflow-select.tsx";

interface NewWebhookDialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
}

/** Asks what to start, makes the webhook, and shows how to call it. */
export function NewWebhookDialog({ open, onClose }: NewWebhookDialogProps) {
  return (
    <Dialog open={open} onClose={onClose} title="New webhook" wide>
      <NewWebhook onClose={onClose} />
    </Dialog>
  );
}

function NewWebhook({ onClose }: { readonly onClose: () => void }) {
  const [created, setCreated] = useState<CreatedWebhook>();
  if (created) return <Created webhook={created} onClose={onClose} />;
  return <WebhookForm onClose={onClose} onCreated={setCreated} />;
}

interface WebhookFormProps {
  readonly onClose: () => void;
  readonly onCreated: (webhook: CreatedWebhook) => void;
}

function WebhookForm({ onClose, onCreated }: WebhookFormProps) {
  const [name, setName] = useState("");
  const [workflowId, setWorkflowId] = useState("");
  const [priority, setPriority] = useState<Priority>("normal");
  const create = useCreateWebhook();
  return (
    <Form
      onSubmit={() => create.mutate({ name: name.trim(), workflowId, priority }, { onSuccess: onCreated })}
      className="flex flex-col gap-3.5"
    >
      <Field label="Name" hint="What calls it, such as “Ticket system” or “Contact form”.">
        {(wiring) => <Input {...wiring} value={name} onChange={({ target }) => setName(target.value)} />}
      </Field>
      <WorkflowSelect value={workflowId} onChange={setWorkflowId} />
      <PriorityField value={priority} onChange={setPriority} />
      {create.error && (
        <Notice tone="bad" title="Couldn’t create the webhook">
          {describeError(create.error)}
        </Notice>
      )}
      <DialogActions>
        <Button onClick={onClose}>Cancel</Button>
        <Button
          type="submit"
          variant="primary"
          pending={create.isPending}
          disabled={name.trim() === "" || workflowId === ""}
        >
          Create webhook
        </Button>
      </DialogActions>
    </Form>
  );
}

function Created({ webhook, onClose }: { readonly webhook: CreatedWebhook; readonly onClose: () => void }) {
  const { url, secret, workflowId } = webhook;
  return (
    <>
      <WebhookCall url={url} secret={secret} workflowId={workflowId} />
      <DialogActions>
        <Button variant="primary" onClick={onClose}>
          Done
        </Button>
      </DialogActions>
    </>
  );
}
