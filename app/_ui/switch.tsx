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
      className="relative inline-flex h-5 w-9 shrink-0 items-center rounded-full border border-input bg-muted p-0.5 transition-colors after:absolute after:-inset-3 data-checked:border-primary data-checked:bg-primary data-disabled:opacity-50"
    >
      <Base.Thumb className="size-3.5 rounded-full bg-muted-foreground transition-transform data-checked:translate-x-4 data-checked:bg-primary-foreground" />
    </Base.Root>
  );
}
