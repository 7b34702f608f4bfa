import type { ReactNode } from "react";
import { cn } from "#/app/_ui/class-names.ts";
import { TONE_SOFT, type Tone } from "#/app/_ui/tone.ts";

interface BadgeProps {
  readonly tone?: Tone;
  readonly children: ReactNode;
}

const LOUD: ReadonlySet<Tone> = new Set(["warn", "bad"]);

/** A short state or kind in words: a quiet tag, or an edged badge where somebody has to act. */
export function Badge({ tone = "idle", children }: BadgeProps) {
  return (
    <span
      className={cn(
        "inline-flex h-5 items-center gap-1 px-1.5 text-xs font-medium tracking-normal whitespace-nowrap",
        LOUD.has(tone)
          ? `rounded-md border ${TONE_SOFT[tone]}`
          : "rounded-sm bg-hover text-ink-2 contrast:outline contrast:outline-line",
      )}
    >
      {children}
    </span>
  );
}
