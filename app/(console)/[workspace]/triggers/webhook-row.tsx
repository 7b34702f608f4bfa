"use client";
import { KeyRound, ListTree, Trash2 } from "#/app/_ui/icons.tsx";
import { useState } from "react";
import { toast } from "#/app/_ui/toast.ts";
import type { Webhook } from "#/operations/webhooks/contract.ts";
import { Button } from "#/app/_ui/button.tsx";
import { Dialog } from "#/app/_ui/dialog.tsx";
import { RelativeTime } from "#/app/_ui/time.tsx";
import { useRefreshWebhooks } from "../_data/webhooks.ts";
import { FormWindow } from "../_form/form-window.tsx";
import { useWorkspace } from "../_shell/workspace-context.tsx";
import { RevealWebhook } from "../_webhook/reveal-webhook.tsx";
import { changeWebhook, removeWebhook } from "./actions.ts";
import { DeliveryList } from "./delivery-list.tsx";
import { TriggerSwitch } from "./trigger-switch.tsx";
import { WebhookCall } from "./webhook-call.tsx";

type Window = "call" | "deliveries";

export function WebhookRow({ webhook }: { readonly webhook: Webhook }) {
  const { isPlain } = useWorkspace();
  const refresh = useRefreshWebhooks();
  const { name, workflowName, tokenHint, lastDeliveryAt } = webhook;
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
      <TriggerSwitch name={name} trigger={webhook} action={changeWebhook} onDone={refresh} />
      <span className="flex items-center gap-2">
        {!isPlain && <WebhookWindows webhook={webhook} />}
        <DeleteWebhook webhook={webhook} />
      </span>
    </li>
  );
}

/** What is only shown when somebody asks for it, by scripts. */
function WebhookWindows({ webhook: { id, name, workflowId } }: { readonly webhook: Webhook }) {
  const [open, setOpen] = useState<Window>();
  const close = () => setOpen(undefined);
  return (
    <>
      <Button onClick={() => setOpen("call")}>
        <KeyRound aria-hidden /> How to call it
      </Button>
      <Button onClick={() => setOpen("deliveries")}>
        <ListTree aria-hidden /> Deliveries
      </Button>
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
    </>
  );
}

function DeleteWebhook({ webhook: { id, name } }: { readonly webhook: Webhook }) {
  const refresh = useRefreshWebhooks();
  return (
    <FormWindow
      button={{
        variant: "ghost",
        size: "icon",
        "aria-label": `Delete ${name}`,
        children: <Trash2 aria-hidden />,
      }}
      action={removeWebhook}
      place={`triggers#delete-${id}`}
      fixed={{ id }}
      title={`Delete “${name}”?`}
      description="Its URL will return 404, and its list of deliveries is deleted."
      submit="Delete"
      isDangerous
      done="Webhook deleted"
      onDone={() => {
        toast.success("Webhook deleted");
        return refresh();
      }}
    />
  );
}
