"use client";
import { KeyRound } from "#/app/_ui/icons.tsx";
import type { ReactNode } from "react";
import type { WebhookAddress } from "#/operations/webhooks/contract.ts";
import { describeError } from "#/app/_ui/api-error.ts";
import { Button } from "#/app/_ui/button.tsx";
import { Notice } from "#/app/_ui/notice.tsx";
import { useRevealWebhook } from "../_data/webhooks.ts";

interface RevealWebhookProps {
  readonly webhookId: string;
  /** The text of the button. */
  readonly label: string;
  readonly children: (address: WebhookAddress) => ReactNode;
}

/** Shows what needs the secret of a webhook, once somebody asks for it. */
export function RevealWebhook({ webhookId, label, children }: RevealWebhookProps) {
  const reveal = useRevealWebhook();
  if (reveal.data) return children(reveal.data);
  return (
    <>
      <Button pending={reveal.isPending} onClick={() => reveal.mutate(webhookId)}>
        <KeyRound aria-hidden /> {label}
      </Button>
      {reveal.error && (
        <Notice tone="bad" title="The secret could not be shown" className="mt-2">
          {describeError(reveal.error)}
        </Notice>
      )}
    </>
  );
}
