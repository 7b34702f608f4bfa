import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "#/app/_ui/class-names.ts";
import { TONE_SOFT, type Tone } from "#/app/_ui/tone.ts";

interface BadgeProps {
  readonly tone?: Tone;
  readonly icon?: LucideIcon;
  /** The icon turns, for what is under way. */
  readonly turning?: boolean;
  readonly children: ReactNode;
}

/** A short state or kind. It always says its meaning in words; colour and icon only repeat it. */
export function Badge({ tone = "idle", icon: Icon, turning = false, children }: BadgeProps) {
  return (
    <span
      className={cn(
        "inline-flex h-5.5 items-center gap-1 rounded-full border px-2 text-xs font-medium whitespace-nowrap",
        TONE_SOFT[tone],
      )}
    >
      {Icon && <Icon aria-hidden className={cn("size-3.5", turning && "animate-spin")} />}
      {children}
    </span>
  );
}
