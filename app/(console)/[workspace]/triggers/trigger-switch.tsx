import { Badge } from "#/app/_ui/badge.tsx";
import { Switch } from "#/app/_ui/switch.tsx";
import type { Priority } from "#/agents/vocabulary/run.ts";
import { PriorityMenu } from "../_start/priority-select.tsx";

export interface TriggerSwitchProps {
  /** The name of the trigger in the labels. */
  readonly name: string;
  readonly trigger: { readonly enabled: boolean; readonly priority: Priority };
  readonly pending: boolean;
  readonly onChange: (changed: { readonly enabled: boolean } | { readonly priority: Priority }) => void;
}

/** The priority of a trigger's runs, and whether it is on. */
export function TriggerSwitch({ name, trigger, pending, onChange }: TriggerSwitchProps) {
  const { enabled, priority } = trigger;
  return (
    <>
      <PriorityMenu
        of={name}
        value={priority}
        disabled={pending}
        onChange={(next) => onChange({ priority: next })}
      />
      <span className="flex items-center gap-2">
        {enabled ? <Badge tone="ok">On</Badge> : <Badge>Off</Badge>}
        <Switch
          label={`Enable ${name}`}
          checked={enabled}
          disabled={pending}
          onChange={(next) => onChange({ enabled: next })}
        />
      </span>
    </>
  );
}
