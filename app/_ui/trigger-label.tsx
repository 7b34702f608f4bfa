import type { TriggerKind } from "#/agents/vocabulary/run.ts";
import { CalendarClock, Code, type DrawnIcon, Play, Webhook, Workflow } from "#/app/_ui/icons.tsx";

interface TriggerLook {
  readonly label: string;
  readonly icon: DrawnIcon;
}

/** How every kind of trigger looks. */
const LOOKS: Readonly<Record<TriggerKind, TriggerLook>> = {
  manual: { label: "Manual", icon: Play },
  api: { label: "API", icon: Code },
  webhook: { label: "Webhook", icon: Webhook },
  schedule: { label: "Schedule", icon: CalendarClock },
  run: { label: "Another run", icon: Workflow },
};

/** Kinds of triggers may be more on the server than this page knows. */
export const TRIGGER_LOOK: Readonly<Record<string, TriggerLook>> = LOOKS;

/** What started a run. */
export function TriggerLabel({ kind }: { readonly kind: string }) {
  const { label, icon: Icon } = TRIGGER_LOOK[kind] ?? { label: kind, icon: Play };
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
      <Icon aria-hidden className="size-3.5 text-muted-foreground" />
      {label}
    </span>
  );
}
