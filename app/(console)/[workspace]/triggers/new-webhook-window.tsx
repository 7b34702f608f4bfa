"use client";
import { useState } from "react";
import { PRIORITIES, type Priority } from "#/agents/vocabulary/run.ts";
import { Field, Input } from "#/app/_ui/field.tsx";
import { Plus } from "#/app/_ui/icons.tsx";
import type { CreatedWebhook } from "#/operations/webhooks/contract.ts";
import { useRefreshWebhooks } from "../_data/webhooks.ts";
import { AnswerDone } from "../_form/answer-done.tsx";
import { type FormFieldsProps, FormWindow } from "../_form/form-window.tsx";
import { PriorityField } from "../_start/priority-select.tsx";
import { addWebhook } from "./actions.ts";
import { WebhookCall } from "./webhook-call.tsx";
import { WorkflowSelect } from "./workflow-select.tsx";

/** Asks what to start, makes the webhook, and shows how to call it. */
export function NewWebhookWindow() {
  const refresh = useRefreshWebhooks();
  return (
    <FormWindow
      button={{
        variant: "primary",
        children: (
          <>
            <Plus aria-hidden /> New webhook
          </>
        ),
      }}
      action={addWebhook}
      place="triggers#new-webhook"
      title="New webhook"
      wide
      submit="Create webhook"
      isOnce
      done="Webhook created"
      onDone={refresh}
      answered={{ title: "Your new webhook", show: showWebhook }}
    >
      {(fields) => <WebhookFields {...fields} />}
    </FormWindow>
  );
}

function WebhookFields({ state: { problems }, textOf }: FormFieldsProps) {
  const [workflowId, setWorkflowId] = useState(() => textOf("workflowId"));
  const [priority, setPriority] = useState<Priority>(
    () => PRIORITIES.find((known) => known === textOf("priority")) ?? "normal",
  );
  return (
    <>
      <Field
        label="Name"
        hint="What calls it, such as “Ticket system” or “Contact form”."
        error={problems["name"]}
      >
        {(wiring) => (
          <Input {...wiring} name="name" maxLength={120} autoComplete="off" defaultValue={textOf("name")} />
        )}
      </Field>
      <WorkflowSelect value={workflowId} error={problems["workflowId"]} onChange={setWorkflowId} />
      <PriorityField value={priority} onChange={setPriority} />
    </>
  );
}

const showWebhook = ({ url, secret, workflowId }: CreatedWebhook, onClose: (() => void) | undefined) => (
  <>
    <WebhookCall url={url} secret={secret} workflowId={workflowId} />
    <AnswerDone home="triggers#webhooks" onClose={onClose}>
      Done
    </AnswerDone>
  </>
);
