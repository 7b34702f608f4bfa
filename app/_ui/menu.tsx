"use client";
import { Menu as Base } from "@base-ui/react/menu";
import { type LucideIcon, MoreHorizontal } from "lucide-react";
import { buttonLook } from "#/app/_ui/button.tsx";
import { cn } from "#/app/_ui/class-names.ts";

interface MenuAction {
  readonly label: string;
  readonly icon: LucideIcon;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  readonly onSelect: () => void;
}

interface MenuProps {
  /** What the actions are about, for those who cannot see where the button stands. */
  readonly label: string;
  readonly actions: readonly MenuAction[];
}

/** A button with three dots that opens the rarer actions on one thing. */
export function Menu({ label, actions }: MenuProps) {
  return (
    <Base.Root>
      <Base.Trigger aria-label={label} className={buttonLook({ variant: "ghost", size: "icon" })}>
        <MoreHorizontal aria-hidden />
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner align="end" sideOffset={4} className="z-50">
          <Base.Popup className="min-w-44 animate-fade-in rounded-lg border border-border bg-popover p-1 shadow-lg outline-none">
            {actions.map(({ label: name, icon: Icon, danger = false, disabled = false, onSelect }) => (
              <Base.Item
                key={name}
                disabled={disabled}
                onClick={onSelect}
                className={cn("flex h-8 items-center gap-2 rounded-md px-2 touch-target data-disabled:opacity-50 data-highlighted:bg-muted", danger && "text-bad")}
              >
                <Icon aria-hidden className="size-4" />
                {name}
              </Base.Item>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
