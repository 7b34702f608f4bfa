import type { TriggerKind } from "#/agents/vocabulary/run.ts";
import { CalendarClock, Code, type DrawnIcon, Play, Webhook, Workflow } from "#/app/_ui/icons.tsx";

interface TriggerLook {
  readonly label: string;
  readonly icon: DrawnIcon;
}

/** The look of every kind of trigger: a kind without one is a type error. The server may know more kinds than this page. */
export const TRIGGER_LOOK: Readonly<Record<TriggerKind, TriggerLook> & Record<string, TriggerLook>> = {
  manual: { label: "Manual", icon: Play },
  api: { label: "API", icon: Code },
  webhook: { label: "Webhook", icon: Webhook },
  schedule: { label: "Schedule", icon: CalendarClock },
  run: { label: "Another run", icon: Workflow },
};

/** Shows what started a run. */
export function TriggerLabel({ kind }: { readonly kind: string }) {
  const { label, icon: Icon } = TRIGGER_LOOK[kind] ?? { label: kind, icon: Play };
  return (
    <span className="inline-flex items-center gap-1.5 align-bottom whitespace-nowrap">
      <Icon aria-hidden className="size-3.5 text-muted-foreground" />
      {label}
    </span>
  );
}
