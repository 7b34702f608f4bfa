"use client";
import { Button } from "#/app/_ui/button.tsx";
import { cn } from "#/app/_ui/class-names.ts";
import { StonePile } from "#/app/_ui/stone-pile.tsx";
import { useWorkspace } from "../_shell/workspace-context.tsx";
import { ApproveStep } from "./approve-step.tsx";
import { useFirstSteps } from "./first-steps-store.ts";
import { ModelStep } from "./model-step.tsx";
import { nameStones, pileUp } from "./pile-steps.ts";
import { ScheduleStep } from "./schedule-step.tsx";
import { useDoneSteps } from "./use-done-steps.ts";
import { WebhookStep } from "./webhook-step.tsx";

/** In the order of `useDoneSteps`. */
const STEPS = [
  ["decide", ApproveStep],
  ["webhook", WebhookStep],
  ["schedule", ScheduleStep],
  ["model", ModelStep],
] as const;

/** Beside the head or below it; where a page has a column for them, below it from 1024 px on. */
const LOOKS = {
  wide: {
    panel:
      "mb-5 rounded-lg border border-line bg-raised md:grid md:grid-cols-[18rem_minmax(0,1fr)] md:grid-rows-[1fr_auto]",
    head: "px-4 pt-4 md:flex-col md:border-r md:border-line",
    pile: "w-24 md:mx-auto md:mt-2 md:w-52",
    list: "px-4 md:col-start-2 md:row-span-2 md:row-start-1 md:px-6 md:py-1",
    foot: "px-1.5 pb-1.5 md:col-start-1 md:row-start-2 md:border-r md:border-line",
  },
  column: {
    panel:
      "border-b border-line md:max-lg:grid md:max-lg:grid-cols-[18rem_minmax(0,1fr)] md:max-lg:grid-rows-[1fr_auto] lg:flex lg:flex-col lg:border-r lg:border-b-0",
    head: "px-4 pt-4 md:flex-col md:px-6 md:pt-5 md:max-lg:border-r md:max-lg:border-line",
    pile: "w-24 md:mx-auto md:mt-3 md:w-52 lg:mb-3 lg:w-70",
    list: "px-4 md:px-6 md:max-lg:col-start-2 md:max-lg:row-span-2 md:max-lg:row-start-1 md:max-lg:py-1 lg:border-t lg:border-transparent",
    foot: "px-1.5 pb-1.5 md:px-3.5 md:max-lg:col-start-1 md:max-lg:row-start-2 md:max-lg:border-r md:max-lg:border-line lg:mt-auto lg:pt-3 lg:pb-5",
  },
} as const;

interface FirstStepsProps {
  readonly layout: keyof typeof LOOKS;
}

/** The way through a first visit, as a pile that grows: each step lays its stone by what has really happened. */
export function FirstSteps({ layout }: FirstStepsProps) {
  const { id } = useWorkspace();
  const { dismissed, dismiss } = useFirstSteps();
  const done = useDoneSteps();
  if (dismissed.includes(id)) return null;
  const stones = nameStones(done);
  const look = LOOKS[layout];
  return (
    <section data-first-steps aria-label="First steps" className={look.panel}>
      <header
        className={cn("flex items-center justify-between gap-4 md:items-stretch md:justify-start", look.head)}
      >
        <div>
          <h2 className="text-base font-semibold">
            First steps
            <span className="ml-2 text-sm font-normal tracking-normal text-ink-3">
              {done.filter(Boolean).length} of {done.length}
            </span>
          </h2>
          <p className="mt-0.5 text-xs text-ink-3">A run that works leaves a stone. So do you.</p>
        </div>
        <StonePile stones={pileUp(stones)} className={cn("shrink-0", look.pile)} />
      </header>
      <ol className={look.list}>
        {STEPS.map(([name, Step], at) => (
          <Step key={name} state={stones[at] ?? "open"} />
        ))}
      </ol>
      <footer className={look.foot}>
        <Button variant="ghost" className="text-xs font-normal text-ink-3" onClick={() => dismiss(id)}>
          Hide these steps. They stay under Find or do
        </Button>
      </footer>
    </section>
  );
}
