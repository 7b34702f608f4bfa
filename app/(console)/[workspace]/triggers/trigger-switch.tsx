"use client";
import { Badge } from "#/app/_ui/badge.tsx";
import { Button } from "#/app/_ui/button.tsx";
import { SubmitSwitch } from "#/app/_ui/switch.tsx";
import type { Priority } from "#/agents/vocabulary/run.ts";
import type { FormAction } from "#/lib/form-state.ts";
import { ActionForm, FormMessage } from "../_form/action-form.tsx";
import { useFormAction } from "../_form/use-form-action.ts";
import { useWorkspace } from "../_shell/workspace-context.tsx";
import { PriorityMenu } from "../_start/priority-select.tsx";

interface TriggerSwitchProps {
  /** The name of the trigger in the labels. */
  readonly name: string;
  readonly trigger: { readonly id: string; readonly enabled: boolean; readonly priority: Priority };
  readonly action: FormAction;
  readonly onDone: () => unknown;
}

/** The priority of a trigger's runs, and whether it is on. Each is changed at once; without scripts the priority has a button. */
export function TriggerSwitch({ name, trigger, action, onDone }: TriggerSwitchProps) {
  const { id, enabled, priority } = trigger;
  const { isPlain } = useWorkspace();
  const sending = useFormAction(action, { place: `triggers#change-${id}`, onDone });
  return (
    <ActionForm sending={sending} className="flex max-w-full flex-wrap items-center gap-x-4 gap-y-2">
      <input type="hidden" name="id" value={id} />
      <PriorityMenu key={priority} of={name} first={priority} disabled={sending.isPending} />
      {isPlain && <Button type="submit">Set</Button>}
      <span className="flex items-center gap-2">
        {enabled ? <Badge tone="ok">On</Badge> : <Badge>Off</Badge>}
        <SubmitSwitch
          label={`Enable ${name}`}
          name="enabled"
          checked={enabled}
          disabled={sending.isPending}
        />
      </span>
      <FormMessage sending={sending} done="Saved" />
    </ActionForm>
  );
}
