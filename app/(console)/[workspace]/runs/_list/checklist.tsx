"use client";
import { X } from "lucide-react";
import { useSyncExternalStore } from "react";
import { Button } from "#/app/_ui/button.tsx";
import { Card } from "#/app/_ui/card.tsx";
import { useWorkspace } from "../../_shell/workspace-context.tsx";
import { ApproveStep } from "./approve-step.tsx";
import { ModelStep } from "./model-step.tsx";
import { ScheduleStep } from "./schedule-step.tsx";
import { WebhookStep } from "./webhook-step.tsx";

const CHANGED = "cairn-checklist";

/** Whether this browser has put the checklist away. It starts as put away, so that nothing jumps when the page wakes up. */
function useDismissed(workspaceId: string): readonly [dismissed: boolean, dismiss: () => void] {
  const name = `cairn.checklist.${workspaceId}`;
  const dismissed = useSyncExternalStore(
    (changed) => {
      addEventListener(CHANGED, changed);
      return () => removeEventListener(CHANGED, changed);
    },
    () => localStorage.getItem(name) !== null,
    () => true,
  );
  const dismiss = () => {
    localStorage.setItem(name, "dismissed");
    dispatchEvent(new Event(CHANGED));
  };
  return [dismissed, dismiss];
}

/** The way through a first visit. Each step ticks itself from what has really happened. */
export function Checklist() {
  const { id } = useWorkspace();
  const [dismissed, dismiss] = useDismissed(id);
  if (dismissed) return null;
  return (
    <Card aria-label="First steps" className="mb-5">
      <header className="flex items-center justify-between gap-3 border-b border-border py-2 pr-2 pl-4">
        <h2 className="font-semibold">First steps</h2>
        <Button variant="ghost" size="icon" aria-label="Put the first steps away" onClick={dismiss}>
          <X aria-hidden />
        </Button>
      </header>
      <ol className="divide-y divide-border">
        <ApproveStep />
        <WebhookStep />
        <ScheduleStep />
        <ModelStep />
      </ol>
    </Card>
  );
}
