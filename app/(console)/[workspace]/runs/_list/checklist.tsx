"use client";
import { X } from "#/app/_ui/icons.tsx";
import { Button } from "#/app/_ui/button.tsx";
import { Card } from "#/app/_ui/card.tsx";
import { useWorkspace } from "../../_shell/workspace-context.tsx";
import { ApproveStep } from "./approve-step.tsx";
import { useFirstSteps } from "./first-steps-store.ts";
import { ModelStep } from "./model-step.tsx";
import { ScheduleStep } from "./schedule-step.tsx";
import { WebhookStep } from "./webhook-step.tsx";

/** The way through a first visit. Each step ticks itself from what has really happened. */
export function Checklist() {
  const { id } = useWorkspace();
  const { dismissed, dismiss } = useFirstSteps();
  if (dismissed.includes(id)) return null;
  return (
    <Card aria-label="First steps" className="mb-5">
      <header className="flex items-center justify-between gap-3 border-b border-border py-2 pr-2 pl-4">
        <h2 className="font-semibold">First steps</h2>
        <Button variant="ghost" size="icon" aria-label="Dismiss first steps" onClick={() => dismiss(id)}>
          <X aria-hidden />
        </Button>
      </header>
      <ol className="grid grid-flow-dense overflow-hidden rounded-b-lg sm:grid-cols-2 xl:grid-cols-4">
        <ApproveStep />
        <WebhookStep />
        <ScheduleStep />
        <ModelStep />
      </ol>
    </Card>
  );
}
