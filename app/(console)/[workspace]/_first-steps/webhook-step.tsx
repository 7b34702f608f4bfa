"use client";
import type { PiledStone } from "#/app/_ui/stone-pile.tsx";
import { useStartedRun } from "../_data/runs.ts";
import { useWebhooks } from "../_data/webhooks.ts";
import { useWorkspacePath } from "../_shell/workspace-context.tsx";
import { SignedCallSnippet } from "../_webhook/signed-call-snippet.tsx";
import { StepLink, StepRow } from "./step-row.tsx";

const TITLE = "Start a run by webhook";

/** The step of calling from outside, done once a webhook has started a run. */
export function WebhookStep({ state }: { readonly state: PiledStone }) {
  const path = useWorkspacePath();
  const run = useStartedRun("webhook");
  const webhook = useWebhooks(false).data?.items.find(({ enabled }) => enabled);
  if (run)
    return (
      <StepRow title={TITLE} state={state}>
        <StepLink href={path("runs", run.id)}>View the latest webhook run</StepLink>
      </StepRow>
    );
  if (!webhook)
    return (
      <StepRow
        title={TITLE}
        state={state}
        act={
          <StepLink href={path("triggers")} isHere={state === "here"}>
            Create a webhook
          </StepLink>
        }
      >
        An address that other systems call.
      </StepRow>
    );
  return (
    <StepRow
      title={TITLE}
      state={state}
      below={<SignedCallSnippet webhookId={webhook.id} workflowId={webhook.workflowId} />}
    >
      Paste a command into a terminal. It signs the message with the webhook's secret; unsigned calls are
      rejected.
    </StepRow>
  );
}
