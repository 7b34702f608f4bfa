"use client";
import { cn } from "#/app/_ui/class-names.ts";
import { Switch as Base } from "@base-ui/react/switch";

interface SwitchProps {
  readonly label: string;
  readonly checked: boolean;
  readonly disabled?: boolean;
  readonly onChange: (checked: boolean) => void;
}

const LOOK =
  "relative inline-flex h-4 w-7 shrink-0 items-center rounded-full bg-stone p-0.5 transition-colors duration-(--calm) after:absolute after:-inset-3";
const THUMB = "size-3 pebble bg-white transition-transform duration-(--calm)";

/** On or off, at once. */
export function Switch({ label, checked, disabled = false, onChange }: SwitchProps) {
  return (
    <Base.Root
      aria-label={label}
      checked={checked}
      disabled={disabled}
      onCheckedChange={onChange}
      className={cn(LOOK, "data-checked:bg-accent data-disabled:opacity-50")}
    >
      <Base.Thumb className={cn(THUMB, "data-checked:translate-x-3 data-checked:bg-on-accent")} />
    </Base.Root>
  );
}

interface SubmitSwitchProps extends Omit<SwitchProps, "onChange"> {
  /** The field that is sent, with what it will be. */
  readonly name: string;
}

/** A switch that sends its form, and so needs no script. */
export function SubmitSwitch({ label, checked, disabled = false, name }: SubmitSwitchProps) {
  return (
    <button
      type="submit"
      role="switch"
      aria-checked={checked}
      aria-label={label}
      name={name}
      value={String(!checked)}
      disabled={disabled}
      className={cn(LOOK, "disabled:opacity-50", checked && "bg-accent")}
    >
      <span aria-hidden className={cn(THUMB, checked && "translate-x-3 bg-on-accent")} />
    </button>
  );
}
