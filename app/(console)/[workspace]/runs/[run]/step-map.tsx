import type { OutlineNode } from "#/agents/definition/outline/outline.ts";
import { isEnded, type RunStatus } from "#/agents/vocabulary/run.ts";
import { Card, CardHeader } from "#/app/_ui/card.tsx";
import { cn } from "#/app/_ui/class-names.ts";
import { StateGlyph } from "#/app/_ui/state-glyph.tsx";
import { lookOf } from "#/app/_ui/status-badge.tsx";
import { stepStates, type TimelineGroup } from "./timeline.ts";

interface StepMapProps {
  readonly steps: readonly OutlineNode[];
  readonly groups: readonly TimelineGroup[];
  readonly status: RunStatus;
}

/** What became of a step that the run has not been to. */
export function untaken(status: RunStatus): string {
  if (status === "succeeded") return "skipped";
  return isEnded(status) ? "unreached" : "pending";
}

/** The way of the run through its steps: where it has been, where it is, what is ahead. */
export function StepMap({ steps, groups, status }: StepMapProps) {
  const states = stepStates(groups);
  return (
    <Card>
      <CardHeader title="Steps" />
      <ol className="px-4 py-3">
        {steps.map((step, index) => (
          <MapStep
            key={step.id}
            step={step}
            group={states.get(step.id)}
            otherwise={untaken(status)}
            isLast={index === steps.length - 1}
          />
        ))}
      </ol>
    </Card>
  );
}

interface MapStepProps {
  readonly step: OutlineNode;
  readonly group: TimelineGroup | undefined;
  /** The status without a group. */
  readonly otherwise: string;
  readonly isLast: boolean;
}

function MapStep({ step, group, otherwise, isLast }: MapStepProps) {
  const { label, glyph } = lookOf(group?.status ?? otherwise);
  return (
    <li className="relative flex gap-3 pb-3.5 last:pb-0">
      {!isLast && <span aria-hidden className="absolute top-5.5 bottom-0.5 left-2 w-px bg-border" />}
      <StateGlyph glyph={glyph} className={cn("relative mt-0.5 bg-card", !group && "opacity-60")} />
      <div className={cn("min-w-0 flex-1", !group && "text-muted-foreground")}>
        {group ? (
          <a href={`#${group.key}`} className="font-medium hover:underline">
            {step.title}
          </a>
        ) : (
          <span className="font-medium">{step.title}</span>
        )}
        <p className="text-xs text-muted-foreground">
          {step.type} · {label}
        </p>
      </div>
    </li>
  );
}
