"use client";
import { Switch as Base } from "@base-ui/react/switch";

interface SwitchProps {
  readonly label: string;
  readonly checked: boolean;
  readonly disabled?: boolean;
  readonly onChange: (checked: boolean) => void;
}

/** On or off, at once. */
export function Switch({ label, checked, disabled = false, onChange }: SwitchProps) {
  return (
    <Base.Root
      aria-label={label}
      checked={checked}
      disabled={disabled}
      onCheckedChange={onChange}
      className="relative inline-flex h-4 w-7 shrink-0 items-center rounded-full bg-stone p-0.5 transition-colors duration-(--calm) after:absolute after:-inset-3 data-checked:bg-accent data-disabled:opacity-50"
    >
      <Base.Thumb className="size-3 pebble bg-white transition-transform duration-(--calm) data-checked:translate-x-3 data-checked:bg-on-accent" />
    </Base.Root>
  );
}
