"use client";
import Link from "next/link";
import { useStartedRun } from "../../_data/runs.ts";
import { useWebhooks } from "../../_data/webhooks.ts";
import { useWorkspacePath } from "../../_shell/workspace-context.tsx";
import { SignedCallSnippet } from "../../_webhook/signed-call-snippet.tsx";
import { ChecklistStep } from "./checklist-step.tsx";

export function WebhookStep() {
  const path = useWorkspacePath();
  const run = useStartedRun("webhook");
  const webhook = useWebhooks(false).data?.items.find(({ enabled }) => enabled);
  return (
    <ChecklistStep title="Start a run by webhook" done={Boolean(run)}>
      {run ? (
        <Link href={path("runs", run.id)} className="font-medium text-primary underline underline-offset-2">
          View the latest webhook run
        </Link>
      ) : (
        <>
          <p className="mb-2">
            Paste this into a terminal. It signs the message with the webhook's secret. Unsigned calls are
            rejected.
          </p>
          {webhook ? (
            <SignedCallSnippet webhookId={webhook.id} workflowId={webhook.workflowId} />
          ) : (
            <Link href={path("triggers")} className="font-medium text-primary underline underline-offset-2">
              Create a webhook first
            </Link>
          )}
        </>
      )}
    </ChecklistStep>
  );
}
