"use client";
import { KeyRound, ListTree, Trash2 } from "#/app/_ui/icons.tsx";
import { useState } from "react";
import { toast } from "#/app/_ui/toast.ts";
import type { UpdateWebhook, Webhook } from "#/operations/webhooks/contract.ts";
import { describeError } from "#/app/_ui/api-error.ts";
import { Button } from "#/app/_ui/button.tsx";
import { ConfirmDialog } from "#/app/_ui/confirm-dialog.tsx";
import { Dialog } from "#/app/_ui/dialog.tsx";
import { RelativeTime } from "#/app/_ui/time.tsx";
import { useDeleteWebhook, useUpdateWebhook } from "../_data/webhooks.ts";
import { RevealWebhook } from "../_webhook/reveal-webhook.tsx";
import { DeliveryList } from "./delivery-list.tsx";
import { TriggerSwitch } from "./trigger-switch.tsx";
import { WebhookCall } from "./webhook-call.tsx";

type Window = "call" | "deliveries" | "delete";

export function WebhookRow({ webhook }: { readonly webhook: Webhook }) {
  const [open, setOpen] = useState<Window>();
  const close = () => setOpen(undefined);
  const { id, name, workflowName, workflowId, tokenHint, lastDeliveryAt } = webhook;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
      <div className="min-w-0 flex-1 basis-56">
        <p className="font-medium">{name}</p>
        <p className="text-xs text-muted-foreground">
          starts {workflowName} · address ends in <span className="font-mono">{tokenHint}</span>
        </p>
      </div>
      <span className="text-xs text-muted-foreground">
        {lastDeliveryAt === null ? (
          "never called"
        ) : (
          <>
            called <RelativeTime at={lastDeliveryAt} />
          </>
        )}
      </span>
      <Settings webhook={webhook} />
      <span className="flex items-center gap-2">
        <Button onClick={() => setOpen("call")}>
          <KeyRound aria-hidden /> How to call it
        </Button>
        <Button onClick={() => setOpen("deliveries")}>
          <ListTree aria-hidden /> Deliveries
        </Button>
        <Button variant="ghost" size="icon" aria-label={`Delete ${name}`} onClick={() => setOpen("delete")}>
          <Trash2 aria-hidden />
        </Button>
      </span>
      <Dialog
        open={open === "call"}
        onClose={close}
        title={`Call “${name}”`}
        description="The command is ready to run: it signs the message with the secret."
        wide
      >
        <RevealWebhook webhookId={id} label="Show URL, secret and command">
          {({ url, secret }) => <WebhookCall url={url} secret={secret} workflowId={workflowId} />}
        </RevealWebhook>
      </Dialog>
      <Dialog open={open === "deliveries"} onClose={close} title={`Deliveries to “${name}”`} wide>
        <DeliveryList webhookId={id} />
      </Dialog>
      <DeleteWebhookDialog webhook={webhook} open={open === "delete"} onClose={close} />
    </li>
  );
}

function Settings({ webhook }: { readonly webhook: Webhook }) {
  const update = useUpdateWebhook(webhook.id);
  const change = (changed: UpdateWebhook) =>
    update.mutate(changed, { onError: (error) => toast.error(describeError(error)) });
  return (
    <span className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <TriggerSwitch name={webhook.name} trigger={webhook} pending={update.isPending} onChange={change} />
    </span>
  );
}

interface DeleteWebhookDialogProps {
  readonly webhook: Webhook;
  readonly open: boolean;
  readonly onClose: () => void;
}

function DeleteWebhookDialog({ webhook, open, onClose }: DeleteWebhookDialogProps) {
  const remove = useDeleteWebhook(webhook.id);
  const confirm = () =>
    remove.mutate(undefined, {
      onSuccess: () => toast.success("Webhook deleted"),
      onError: (error) => toast.error(describeError(error)),
      onSettled: onClose,
    });
  return (
    <ConfirmDialog
      open={open}
      onClose={onClose}
      title={`Delete “${webhook.name}”?`}
      description="Its URL will return 404, and its list of deliveries is deleted."
      action="Delete"
      pending={remove.isPending}
      onConfirm={confirm}
    />
  );
}
